/** Boards in a site file that could not be operated: each refused with its code, by the file's rules or against the profile. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { checkBoards } from "../../src/cli/board-report.ts";
import { loadSite, parseSite, SiteFileError } from "../../src/config/load-site.ts";

const EXAMPLE = fileURLToPath(new URL("../../config/example-site.yaml", import.meta.url));
const example = parse(readFileSync(EXAMPLE, "utf8"));

const TEXT = {
    profile: "board/modbus-text/kordon-text-board-1",
    line: { kind: "modbus-tcp", host: "192.0.2.30" },
    gates: { "lane-1": "1" },
    lines: 8,
    columns: 24,
};
const SIGN = { ...TEXT, profile: "board/ntcip-1203/colour-sign", line: { kind: "snmp", host: "192.0.2.31" } };
const DISPLAY = {
    profile: "board/line-display/kordon-line-display",
    line: { kind: "tcp", host: "192.0.2.32", port: 4001 },
    lane: "lane-1",
    lines: 2,
    columns: 20,
};
const PAGE = { ...TEXT, profile: "board/browser/full-screen-page", line: { kind: "browser" } };

const siteWith = (boards: object, over: object = {}): string => stringify({ ...example, boards, ...over });

function complaints(boards: object, over: object = {}): readonly string[] {
    try {
        return checkBoards(parseSite(siteWith(boards, over), "site.yaml")).flatMap(({ id, problems }) =>
            problems.map((problem) => `boards.${id}: ${problem}`),
        );
    } catch (error) {
        if (error instanceof SiteFileError) return error.complaints.map(({ path, expected }) => `${path}: ${expected}`);
        return [(error as Error).message];
    }
}

test("one of everything is in order, and says what it is for", () => {
    const screens = { screens: { port: 8180 } };
    const boards = { text: TEXT, sign: SIGN, display: DISPLAY, page: PAGE };
    expect(complaints(boards, screens)).toEqual([]);
    const reports = checkBoards(parseSite(siteWith(boards, screens), "site.yaml"));
    expect(reports.map(({ id, shows, where, room }) => [id, shows, where, room])).toEqual([
        ["text", "called lorries, to lane-1 (1)", "tcp 192.0.2.30:502 unit 1", "8 lines of 24, kk ru en, kz-1048"],
        ["sign", "called lorries, to lane-1 (1)", "snmp 192.0.2.31:161", "8 lines of 24, kk ru en, kz-1048"],
        ["display", "the word of lane-1", "tcp 192.0.2.32:4001", "2 lines of 20, kk ru en, kz-1048"],
        ["page", "called lorries, to lane-1 (1)", "page of a browser", "8 lines of 24, kk ru en, utf-8"],
    ]);
    expect(reports.every(({ notes, model }) => notes.length > 0 && model.includes("(simulated)"))).toBe(true);
});

describe("refused", () => {
    const { gates: _gates, ...noPurpose } = TEXT;
    const exit = { "lane-1": { ...example.lanes["lane-1"], role: "checkpoint-exit" } };
    const bus = { profile: "io-module/modbus/moxa-iologik-e1214", bus: { kind: "modbus-tcp", host: "192.0.2.30" } };
    test.each<[string, object, RegExp, object?]>([
        ["no purpose", { b: noPurpose }, /^boards\.b\.lane: BOARD_PURPOSE/],
        ["two purposes", { b: { ...TEXT, lane: "lane-1" } }, /BOARD_PURPOSE/],
        ["no gate", { b: { ...TEXT, gates: {} } }, /^boards\.b\.gates: BOARD_PURPOSE/],
        ["no such lane", { b: { ...DISPLAY, lane: "lane-9" } }, /^boards\.b\.lane: BOARD_UNKNOWN_LANE/],
        ["no such gate", { b: { ...TEXT, gates: { "lane-9": "1" } } }, /^boards\.b\.gates: BOARD_UNKNOWN_LANE/],
        ["a gate that nobody is called to", { b: TEXT }, /BOARD_WRONG_GATE.*checkpoint-exit/, { lanes: exit }],
        ["too few lines for a list", { b: { ...TEXT, lines: 2 } }, /^boards\.b\.lines: BOARD_TOO_SMALL/],
        ["too short lines for a list", { b: { ...TEXT, columns: 15 } }, /BOARD_TOO_SMALL/],
        ["more than the registers hold", { b: { ...TEXT, lines: 12, columns: 60 } }, /BOARD_TOO_LARGE/],
        ["UTF-8 takes two bytes", { b: { ...TEXT, lines: 10, columns: 40, charset: "utf-8" } }, /BOARD_TOO_LARGE/],
        [
            "no Kazakh letters in the set",
            { b: { ...TEXT, charset: "cp1251" } },
            /BOARD_CHARSET: cp1251 lacks letters of kk:/,
        ],
        [
            "no Cyrillic at all",
            { b: { ...SIGN, charset: "ascii" } },
            /BOARD_CHARSET: ascii lacks letters of kk and ru:/,
        ],
        [
            "a line that the protocol is not spoken on",
            { b: { ...SIGN, line: TEXT.line } },
            /^boards\.b\.line: BOARD_LINE/,
        ],
        ["a page without an address", { b: PAGE }, /^boards\.b\.line: BOARD_NO_SCREENS/],
        ["two boards on one unit", { a: TEXT, b: TEXT }, /^boards\.b\.line: BOARD_LINE_TAKEN: boards\.a/],
        ["a module's unit", { b: TEXT }, /BOARD_LINE_TAKEN: modules\.io-1/, { modules: { "io-1": bus } }],
        ["a lane's name", { "lane-1": TEXT }, /BOARD_NAME_TAKEN: lanes/],
        ["no such profile", { b: { ...TEXT, profile: "board/modbus-text/other" } }, /no device profile/],
        ["a language that there is not", { b: { ...TEXT, languages: ["de"] } }, /^boards\.b\.languages\.0/],
        [
            "a sign that is a sentence",
            { b: { ...TEXT, gates: { "lane-1": "gate one" } } },
            /capital letters and digits/,
        ],
        ["an unknown key", { b: { ...TEXT, colour: "red" } }, /^boards\.b\.colour: unknown key/],
    ])("%s", (_name, boards, complaint, over = {}) => {
        const found = complaints(boards, over);
        expect(found).toHaveLength(1);
        expect(found[0]).toMatch(complaint);
    });

    test("two units of one bus are two boards; cp1251 will do without Kazakh", () => {
        const second = { ...TEXT, line: { ...TEXT.line, unit: 2 }, charset: "cp1251", languages: ["ru", "en"] };
        expect(complaints({ a: TEXT, b: second })).toEqual([]);
    });
});

test("the community's file is taken from the site file's own folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "kordon-boards-"));
    const file = join(folder, "site.yaml");
    writeFileSync(file, siteWith({ sign: { ...SIGN, line: { ...SIGN.line, communityFile: "secret/community" } } }));
    expect(loadSite(file).boards["sign"]?.line).toMatchObject({ communityFile: join(folder, "secret/community") });
});
