import { describe, expect, test } from "vitest";
import { textOfRow, textOfTwoRows } from "../../src/vision/plate-text.ts";
import type { RowChoices } from "../../src/vision/recogniser.ts";

/** "1 2|Z" is a sure 1 and, second, a 2 that might be a Z. */
function seen(pattern: string): RowChoices {
    return pattern
        .split(" ")
        .map((signs) => signs.split("|").map((sign, index) => ({ sign, probability: index === 0 ? 0.95 : 0.45 })));
}

describe("textOfRow", () => {
    test.each([
        ["a Kazakh plate", "1 2 3 A B C 0 2", "123ABC02"],
        ["a zero read as letter", "5 O|0 7 K Q O|0 5", "507KQ05"],
        ["a Z read as 2", "3 9 9 2|Z G 1 8", "399ZG18"],
        ["a letter O among digits' places stays one", "A 0 0 1 0|O 0|O 6 2", "A001OO62"],
    ])("%s", (_what, pattern, text) => {
        expect(textOfRow(seen(pattern))).toMatchObject({ text, hasForm: true });
    });

    test("chooses only among what was seen", () => {
        const { text, hasForm } = textOfRow(seen("X X X 1 2 Q Q Q Q"));
        expect({ text, hasForm }).toEqual({ text: "XXX12QQQQ", hasForm: false });
    });

    test("trusts a text without form little, however clear it is", () => {
        expect(textOfRow(seen("X X X 1 2 Q Q Q Q")).confidence).toBeLessThanOrEqual(0.5);
    });

    test("is never surer than of the least sure character", () => {
        const weak = seen("1 2 3 A B C 0 2").map((choices, index) =>
            index === 4 ? choices.map(({ sign }) => ({ sign, probability: 0.3 })) : choices,
        );
        expect(textOfRow(weak).confidence).toBeLessThanOrEqual(0.3);
    });

    test("doubts when two forms contend: 090036YY and 09O036YY are both Uzbek-looking", () => {
        const both = seen("0 9 0 0 3 6 Y Y").map((choices, index) =>
            index === 2 ? ["0", "O"].map((sign) => ({ sign, probability: 0.9 })) : choices,
        );
        expect(textOfRow(both).confidence).toBeLessThan(0.6);
    });

    test("has no text where a character could not be read", () => {
        const holed = seen("1 2 3 A B C 0 2").map((choices, index) => (index === 3 ? [] : choices));
        expect(textOfRow(holed).confidence).toBe(0);
    });
});

describe("textOfTwoRows", () => {
    test("moves the Kazakh region behind the letters", () => {
        expect(textOfTwoRows(seen("7 5 4 0 2"), seen("C T"))).toMatchObject({ text: "754CT02", hasForm: true });
        expect(textOfTwoRows(seen("1 2 0 1"), seen("A A"))).toMatchObject({ text: "12AA01", hasForm: true });
    });

    test("joins other rows from top to bottom", () => {
        expect(textOfTwoRows(seen("A 1 2 3"), seen("B C 7 7")).text).toBe("A123BC77");
    });
});
