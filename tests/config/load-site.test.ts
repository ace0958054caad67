/** Site files that must be refused, each with the line, the path and what was expected; and the example that must not be. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { commandLineText } from "../../src/cli/program.ts";
import { complaintText, loadSite, parseSite, SiteFileError } from "../../src/config/load-site.ts";
import { siteReferenceText, siteSchemaText } from "../../src/config/site-reference.ts";

const EXAMPLE = fileURLToPath(new URL("../../config/example-site.yaml", import.meta.url));
const text = readFileSync(EXAMPLE, "utf8");

function complaintsOf(changed: string): readonly string[] {
    try {
        parseSite(changed, "site.yaml");
    } catch (error) {
        if (error instanceof SiteFileError) return error.complaints.map(complaintText);
        throw error;
    }
    return [];
}

/** 1-based line of the first occurrence. */
const lineOf = (changed: string, piece: string): number => changed.slice(0, changed.indexOf(piece)).split("\n").length;

test("the example is in order, and its file names are taken from its own folder", () => {
    const site = loadSite(EXAMPLE);
    expect(Object.keys(site.lanes)).toEqual(["lane-1"]);
    expect(site.stateFolder).toMatch(/\/var\/nur-zholy$/);
    expect(site.lanes["lane-1"]?.limits.clearHoldMsMin).toBe(3_000);
});

describe("refused, naming line, path and what was expected", () => {
    test.each([
        [
            "an unknown key",
            "role: checkpoint-entry",
            "rol: checkpoint-entry",
            "    rol: ",
            "lanes.lane-1.rol",
            "unknown key",
        ],
        ["a wrong role", "role: checkpoint-entry", "role: exit", "role: exit", "lanes.lane-1.role", "checkpoint-entry"],
        ["a limit out of range", "version: 1", "version: 2", "version: 2", "version", "expected 1"],
        ["an unknown module", '"io-1:4"', '"io-2:4"', "io-2:4", "lanes.lane-1.contacts.limitOpen", 'no module "io-2"'],
        [
            "a terminal twice",
            '"io-1:5"',
            '"io-1:4"',
            "limitClosed",
            "lanes.lane-1.contacts.limitClosed",
            "already used",
        ],
        ["an unknown camera", "[entry-front]", "[rear]", "[rear]", "lanes.lane-1.cameras.0", 'no camera "rear"'],
        [
            "a gap too short",
            'close: "io-1:1" }',
            'close: "io-1:1", gapMsMin: 400 }',
            "gapMsMin",
            "lanes.lane-1.barrier.gapMsMin",
            "500",
        ],
    ])("%s", (_name, find, replace, at, path, expected) => {
        const changed = text.replace(find, replace);
        const complaints = complaintsOf(changed);
        expect(complaints.join("\n")).toContain(`site.yaml:${lineOf(changed, at)}: ${path}: `);
        expect(complaints.join("\n")).toContain(expected);
    });

    test("YAML that is none", () => {
        expect(complaintsOf("lanes: [").join("\n")).toMatch(/^site\.yaml:\d+: not valid YAML/);
    });

    test("automatic closing without a photocell under the boom", () => {
        const changed = text.replace(/ +photocell1.*\n/, "");
        expect(complaintsOf(changed).join("\n")).toMatch(/lanes\.lane-1: CLOSING_WITHOUT_PHOTOCELL/);
        expect(complaintsOf(`${changed}    closing: officer\n`)).toEqual([]);
    });

    test("every complaint at once, not only the first", () => {
        expect(
            complaintsOf(text.replace("version: 1", "version: 9").replace("role: checkpoint-entry", "role: x")).length,
        ).toBe(2);
    });

    test("a file that is not there", () => {
        expect(() => loadSite("/nowhere/site.yaml")).toThrow(/\/nowhere\/site\.yaml:0: cannot be read: no such file/);
    });
});

test.each([
    ["config/site.schema.json", siteSchemaText],
    ["docs/reference/site-file.md", siteReferenceText],
    ["docs/reference/command-line.md", commandLineText],
])("%s is what the code says; make contracts writes it", (file, made) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).toBe(made());
});
