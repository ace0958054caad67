import { expect, test } from "vitest";
import { type PassageTruth, passageBenchResult, scorePassage, wilson } from "../../../src/cli/bench/passage-score.ts";
import type { HeardRead } from "../../../src/vision/read-passages-messages.ts";

const TRUTH: PassageTruth = {
    ...{ number: 4, seed: 1, light: "night", weather: "rain", loopFromMs: 5_000 },
    plate: { text: "01KG742ADT", country: "KG", rows: 1 },
};

function heard(text: string, more: Partial<HeardRead> = {}): HeardRead {
    return { atMs: 6_000, track: "a", text, confidence: 0.97, frames: 9, agreeing: 8, doubts: [], ...more };
}

function scored(...reads: readonly HeardRead[]) {
    return scorePassage(TRUTH, { folder: "x", reads, frameMs: [50], cpuMs: [40] });
}

test("the last word of the surest track is the passage's; what is only printed on the plate makes no difference", () => {
    const result = scored(
        heard("07742ADT", { confidence: 0.5 }),
        heard("01742ADT", { atMs: 7_000 }),
        heard("TRANS24", { track: "b", confidence: 0.6 }),
    );
    expect(result).toMatchObject({ isExact: true, read: { text: "01742ADT" }, wrongSure: undefined });
    expect(result.sureAfterMs).toBe(2_000);
});

test("a sure wrong word counts although the vote found back to the plate", () => {
    const result = scored(heard("07742ADT"), heard("01742ADT", { atMs: 7_000 }));
    expect([result.isExact, result.wrongSure?.text]).toEqual([true, "07742ADT"]);
});

test.each([
    ["below the threshold", { confidence: 0.84 }],
    ["of too few frames", { agreeing: 2 }],
])("a wrong word %s decides nothing", (_what, more) => {
    expect(scored(heard("07742ADT", more)).wrongSure).toBeUndefined();
});

test("a doubted read is exact and yet no lane's own business", () => {
    expect(scored(heard("01742ADT", { doubts: ["arrival-unseen"] }))).toMatchObject({
        isExact: true,
        sureAfterMs: undefined,
    });
});

test("the figures of three passages, worked out by hand", () => {
    const result = passageBenchResult([
        scored(heard("01742ADT")),
        scored(heard("07742ADT")),
        scorePassage({ ...TRUTH, light: "day" }, { folder: "x", reads: [], frameMs: [10], cpuMs: [10] }),
    ]);
    expect(result).toMatchObject({
        ...{ passages: 3, exact: 1, wrong: 1, none: 1, wrongSure: 1, rate: 0.3333, sure: 1 },
        byCountry: { KG: { passages: 3, exact: 1 } },
        byLight: { day: { passages: 1, exact: 0 }, night: { passages: 2, exact: 1 } },
        cpuMs: { median: 40, p95: 40 },
    });
});

// From the tables of Newcombe, Statistics in Medicine 17 (1998), 857, method 3.
test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
])("%d of %d lies between %d and %d", (hits, of, low, high) => {
    const [from, to] = wilson(hits, of);
    expect(from).toBeCloseTo(low, 3);
    expect(to).toBeCloseTo(high, 3);
});
