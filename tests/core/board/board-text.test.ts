/** Whatever a text or a plate from outside holds, what stands on a board is one line of visible characters. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boardPlate, boardText, TEXT_LENGTH_MAX } from "../../../src/core/board/board-text.ts";

/** Signs that can hide, move or command: controls, formats, private and lone surrogate code points, line ends. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u;

describe("a text from outside", () => {
    test.each([
        ["plain", "Полоса закрыта до 15:00", "Полоса закрыта до 15:00"],
        ["Kazakh", "Жолақ жабық: қызметкерді күтіңіз", "Жолақ жабық: қызметкерді күтіңіз"],
        ["control characters", "a\u0000b\u001b[2Jc\u0007", "a b [2Jc"],
        ["line ends and tabs", "one\r\ntwo\tthree\u2028four", "one two three four"],
        ["right-to-left overrides and zero widths", "12\u202e3\u200bA\ufeff", "12 3 A"],
        ["tags of signs stay characters", "[fl]GO[/fl][nl]", "[fl]GO[/fl][nl]"],
        ["accents that belong to no letter", "x\u0301\u0334\u0335", "x"],
        ["a letter with its accent", "И\u0306", "Й"],
        ["nothing visible", "\u0000\u200b \n", ""],
        ["private and unassigned signs", "a\ue000b\u{10ffff}c", "a b c"],
    ])("%s", (_name, raw, shown) => expect(boardText(raw)).toBe(shown));

    test("any string: visible, one line, bounded, and the same when done again", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary", maxLength: 400 }), (raw) => {
                const shown = boardText(raw);
                expect(shown).not.toMatch(HIDDEN);
                expect([...shown].length).toBeLessThanOrEqual(TEXT_LENGTH_MAX);
                expect(shown).toBe(shown.trim());
                expect(boardText(shown)).toBe(shown);
            }),
            { numRuns: 2_000 },
        );
    });
});

describe("a plate from outside", () => {
    test.each(["123ABC02", "A123BC", "123456AB", "京A12345", "1234УНМ"])("%s is shown", (key) =>
        expect(boardPlate(key)).toBe(key),
    );
    test.each([
        ["a name", "IBAHOBПETP"],
        ["a name with one digit", "ИBAHOB1"],
        ["a telephone number", "87012345678"],
        ["nothing", ""],
        ["longer than any plate", "A12345678901234567890"],
        ["a tag", "[FL]12AB"],
        ["blanks", "12 AB"],
    ])("%s is not", (_name, key) => expect(boardPlate(key)).toBeUndefined());
});
