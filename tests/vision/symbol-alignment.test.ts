import { describe, expect, test } from "vitest";
import { alignSymbols, type TextSymbol } from "../../src/vision/symbol-alignment.ts";

/** Five characters, 20 columns each. */
const spans = [0, 1, 2, 3, 4].map((index) => [index * 20, index * 20 + 18] as const);

function said(text: string, middles: readonly number[]): TextSymbol[] {
    return [...text].map((sign, index) => ({ text: sign, confidence: 0.9, middle: middles[index] ?? 0 }));
}

function laid(text: string, middles: readonly number[]): string[] {
    return alignSymbols(said(text, middles), spans).map((here) => here.map((symbol) => symbol.text).join("/"));
}

describe("alignSymbols", () => {
    test.each([
        ["one each", "12345", [9, 29, 49, 69, 89], ["1", "2", "3", "4", "5"]],
        ["all of it shifted", "12345", [20, 40, 60, 80, 95], ["1", "2", "3", "4", "5"]],
        ["one character said twice", "1O0345", [9, 26, 32, 49, 69, 89], ["1", "O/0", "3", "4", "5"]],
        ["one swallowed in the middle", "1245", [9, 29, 69, 89], ["1", "2", "", "4", "5"]],
        ["one swallowed at the start", "2345", [29, 49, 69, 89], ["", "2", "3", "4", "5"]],
        ["nothing said", "", [], ["", "", "", "", ""]],
    ])("%s", (_what, text, middles, expected) => {
        expect(laid(text, middles)).toEqual(expected);
    });

    test("gives no span more than two, and keeps the order", () => {
        const spread = alignSymbols(
            said(
                "ABCDEFGHIJKLMNOP",
                Array.from({ length: 16 }, (_, index) => index * 6),
            ),
            spans,
        );
        expect(spread.map((here) => here.length).every((count) => count <= 2)).toBe(true);
        expect("ABCDEFGHIJKLMNOP".startsWith(spread.flatMap((here) => here.map(({ text }) => text)).join(""))).toBe(
            true,
        );
    });

    test("has nothing to lay where nothing was cut", () => {
        expect(alignSymbols(said("AB", [1, 2]), [])).toEqual([]);
    });
});
