import { describe, expect, test } from "vitest";
import { countHoles, strokeWidth, topShare } from "../../src/vision/ink-shape.ts";

/** `#` is ink. Each sign of the drawing becomes 4×4 pixels. */
function inkOf(...lines: readonly string[]): { ink: Uint8Array; width: number; height: number } {
    const width = (lines[0] ?? "").length * 4;
    const height = lines.length * 4;
    const ink = new Uint8Array(width * height);
    for (let at = 0; at < ink.length; at++) {
        const [x, y] = [at % width, Math.floor(at / width)];
        ink[at] = lines[Math.floor(y / 4)]?.[Math.floor(x / 4)] === "#" ? 1 : 0;
    }
    return { ink, width, height };
}

const C = inkOf("#####", "#....", "#....", "#....", "#####");
const D = inkOf("####.", "#...#", "#...#", "#...#", "####.");
const B = inkOf("####.", "#...#", "#####", "#...#", "####.");
const H = inkOf("#...#", "#...#", "#####", "#...#", "#...#");
const SEVEN = inkOf("#####", "....#", "...#.", "..#..", "..#..");
const ONE = inkOf("..#", ".##", "..#", "..#", "..#");
const BAR = inkOf("#", "#", "#", "#", "#");

describe("countHoles", () => {
    test.each([
        ["C", C, 0],
        ["D", D, 1],
        ["B", B, 2],
        ["H", H, 0],
        ["7", SEVEN, 0],
        ["a bar", BAR, 0],
    ])("%s", (_name, { ink, width, height }, holes) => {
        expect(countHoles(ink, width, height)).toBe(holes);
    });

    test("does not count a speck", () => {
        const { ink, width, height } = inkOf("####", "####", "####", "####");
        ink[width * 7 + 7] = 0;
        expect(countHoles(ink, width, height)).toBe(0);
    });
});

test("topShare tells a 7 from a 1", () => {
    expect(topShare(SEVEN.ink, SEVEN.width, SEVEN.height)).toBe(1);
    expect(topShare(ONE.ink, ONE.width, ONE.height)).toBeCloseTo(1 / 3);
});

test.each([
    ["D", D],
    ["H", H],
    ["a bar", BAR],
])("strokeWidth of %s is the width of its pen", (_name, { ink, width }) => {
    expect(strokeWidth(ink, width)).toBe(4);
});
