/** Every profile of a board loads, says what nobody has verified, and refuses what it does not know. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadBoardProfile } from "../../../devices/board/board-profile.ts";
import { encoded, hasKazakh, hasRussian } from "../../../devices/board/charset.ts";
import { ProfileInvalid } from "../../../devices/device-profile.ts";

const folder = new URL("../../../devices/board", import.meta.url).pathname;
const files = globSync("**/*.json", { cwd: folder }).toSorted();
const json = (file: string): Record<string, unknown> => JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));

test("there are the four families", () => {
    const families = new Set(files.map((file) => loadBoardProfile(json(file)).protocol));
    expect([...families].sort()).toEqual(["browser", "line-display", "modbus-text", "ntcip-1203"]);
});

describe.each(files)("%s", (file) => {
    test("loads; nothing in it is claimed to be proved on hardware", () => {
        const profile = loadBoardProfile(json(file));
        expect(profile.maturity).toBe("simulated");
        expect(profile.notes.length).toBeGreaterThan(0);
    });

    test("an unknown key and a missing one name their place", () => {
        expect(() => loadBoardProfile({ ...json(file), colour: 1 })).toThrow(ProfileInvalid);
        const { maturity: _gone, ...rest } = json(file);
        expect(() => loadBoardProfile(rest)).toThrow(/maturity/);
    });
});

describe("character sets", () => {
    /** After the table KZ1048.TXT of the Unicode consortium. */
    test("KZ-1048 has every letter of Kazakh at its place", () => {
        const { bytes, replaced } = encoded("ӘҒҚҢӨҰҮҺІәғқңөұүһі", "kz-1048");
        expect(Buffer.from(bytes).toString("hex")).toBe("a3aa8dbda5a1af8eb2bcba9dbeb4a2bf9eb3");
        expect(replaced).toBe(0);
    });

    test.each([
        ["cp1251", "Қызметкер 京A12345…", "?ызметкер ?A12345…", 2],
        ["kz-1048", "Қызметкер 京A12345", "Қызметкер ?A12345", 1],
        ["ascii", "Өтіңіз 123ABC02", "?????? 123ABC02", 6],
        ["utf-8", "Қызметкер 京A12345 😀", "Қызметкер 京A12345 😀", 0],
    ] as const)("%s: what it lacks stands there as ? and is counted", (charset, text, shown, count) => {
        const { bytes, replaced } = encoded(text, charset);
        const decoder = { "utf-8": "utf-8", cp1251: "windows-1251", ascii: "windows-1251", "kz-1048": undefined }[
            charset
        ];
        if (decoder !== undefined) expect(new TextDecoder(decoder).decode(bytes)).toBe(shown);
        expect([replaced, Buffer.from(bytes).filter((byte) => byte === 0x3f).length]).toEqual([count, count]);
    });

    test("which sets can carry which language", () => {
        const sets = ["utf-8", "kz-1048", "cp1251", "ascii"] as const;
        expect(sets.map((set) => [set, hasKazakh(set), hasRussian(set)])).toEqual([
            ["utf-8", true, true],
            ["kz-1048", true, true],
            ["cp1251", false, true],
            ["ascii", false, false],
        ]);
    });
});
