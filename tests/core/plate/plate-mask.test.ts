/** Masked plates show at most four characters and keep their length. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { maskPlate } from "../../../src/core/plate/plate-mask.ts";
import { anyText } from "./any-text.ts";

test.each([
    ["123ABC02", "12****02"],
    ["123AB02", "12***02"],
    ["01KG123ABC", "01******BC"],
    ["12AB01", "******"],
    ["A1", "**"],
    ["", ""],
    ["123 ABC 02", "12******02"],
    ["新A12345", "新A***45"],
    ["1\n3ABC\u001b2", "1*****\u002a2"],
    ["𠮷A12345", "𠮷A***45"],
])("%j becomes %j", (text, masked) => {
    expect(maskPlate(text)).toBe(masked);
});

test("at most four characters of any text show, at their places, and its length stays", () => {
    fc.assert(
        fc.property(anyText, (text) => {
            const before = [...text];
            const after = [...maskPlate(text)];
            expect(after.length).toBe(before.length);
            const shown = after.flatMap((sign, index) => (sign === "*" ? [] : [index]));
            expect(shown.length).toBeLessThanOrEqual(4);
            for (const index of shown) expect(after[index]).toBe(before[index]);
            expect(after.join("")).toMatch(/^[\p{L}\p{N}*]*$/u);
        }),
        { numRuns: 1_000 },
    );
});
