import { expect, test } from "vitest";
import { type RowResult, readBenchResult, scorePicture } from "../../../src/cli/bench/read-score.ts";
import type { TruthRow } from "../../../src/cli/bench/truth-file.ts";
import type { FilePlate } from "../../../src/vision/read-files-messages.ts";

const BOX = { x: 100, y: 100, w: 100, h: 20 };

function row(text: string, more: Partial<TruthRow> = {}): TruthRow {
    return { file: "a.jpg", text, isCrop: false, country: "KZ", ...more };
}

function plate(text: string, confidence: number, x = 100): FilePlate {
    const corners = [
        [x, 100],
        [x + 100, 100],
        [x + 100, 120],
        [x, 120],
    ] as const;
    return { text, confidence, alternatives: [], countries: [], corners };
}

test("the exact read wins over a surer wrong one, and look-alike letters are the same", () => {
    const [result] = scorePicture([row("АВ123")], [plate("XX999", 0.99), plate("AB123", 0.4)]);
    expect(result).toMatchObject({ isExact: true, isDetected: true, read: { confidence: 0.4 } });
});

test("what is printed on a plate without being part of its number makes no difference", () => {
    expect(scorePicture([row("01KG742ADT")], [plate("01742ADT", 0.9)])[0]?.isExact).toBe(true);
    expect(scorePicture([row("01KG742ADT")], [plate("01742ADB", 0.9)])[0]?.isExact).toBe(false);
});

test("a read counts for the row on whose box it lies", () => {
    const [hit, missed] = scorePicture(
        [row("A1111", { box: BOX }), row("B2222", { box: { ...BOX, x: 400 } })],
        [plate("A1117", 0.7)],
    );
    expect(hit).toMatchObject({ isExact: false, isDetected: true, read: { text: "A1117" } });
    expect(missed).toMatchObject({ isDetected: false, read: undefined });
});

test("one read serves one row only", () => {
    const results = scorePicture([row("A1111"), row("A1111")], [plate("A1111", 0.9)]);
    expect(results.map(({ isExact }) => isExact)).toEqual([true, false]);
});

test("a place without a text is found and not read", () => {
    expect(scorePicture([row("A1111")], [plate("", 0)])[0]).toMatchObject({ isDetected: true, read: undefined });
});

test("the figures of a set, worked out by hand", () => {
    const results: RowResult[] = [
        { row: row("A1111"), isDetected: true, read: { text: "A1111", confidence: 0.95 }, isExact: true },
        { row: row("A2222"), isDetected: true, read: { text: "A2227", confidence: 0.95 }, isExact: false },
        {
            row: row("A3333", { country: "RU" }),
            isDetected: true,
            read: { text: "A3338", confidence: 0.55 },
            isExact: false,
        },
        { row: row("A4444", { country: "RU" }), isDetected: false, read: undefined, isExact: false },
        { row: row("", { country: "RU" }), isDetected: true, read: undefined, isExact: false },
    ];
    expect(readBenchResult(4, results, [10, 40, 20, 30])).toEqual({
        images: 4,
        plates: 5,
        detected: 4,
        exact: 1,
        wrong: 2,
        none: 1,
        exactRate: 0.25,
        wrongConfidentRate: 0.25,
        // Two reads at 0.95 of which one is right: 2/3 × 0.45; one at 0.55 and wrong: 1/3 × 0.55.
        ece: 0.4833,
        ms: { median: 20, p95: 40 },
        perCountry: { KZ: { plates: 2, exact: 1 }, RU: { plates: 2, exact: 0 } },
    });
});
