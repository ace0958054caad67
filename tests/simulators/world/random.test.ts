// The seeded generator: repeatable, independent streams, even enough for the world's purposes.
import { expect, test } from "vitest";
import { Random } from "../../../simulators/world/random.ts";

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.bits());

test("seed and stream fix the sequence; either of them changes it", () => {
    const sequence = draw(new Random(7, "a"), 100);
    expect(draw(new Random(7, "a"), 100)).toEqual(sequence);
    expect(draw(new Random(8, "a"), 100)).not.toEqual(sequence);
    expect(draw(new Random(7, "b"), 100)).not.toEqual(sequence);
});

test("numbers are even over their range, also for neighbouring seeds", () => {
    const buckets = new Array<number>(16).fill(0);
    for (let seed = 0; seed < 2_000; seed++) {
        const random = new Random(seed, "even");
        for (let i = 0; i < 8; i++) {
            const n = random.int(16);
            buckets[n] = (buckets[n] ?? 0) + 1;
        }
    }
    // 1,000 expected in each; chi-square with 15 degrees of freedom stays below 37.7 in 999 of 1,000 cases.
    const chiSquare = buckets.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
    expect(chiSquare).toBeLessThan(37.7);
});

test("weights are followed, and a weight of zero is never drawn", () => {
    const random = new Random(1, "weights");
    const counts = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 10_000; i++) counts[random.weighted({ a: 3, b: 0, c: 1 })]++;
    expect(counts.b).toBe(0);
    expect(counts.a / counts.c).toBeGreaterThan(2.7);
    expect(counts.a / counts.c).toBeLessThan(3.3);
    expect(() => random.weighted({ a: 0 })).toThrow(RangeError);
    expect(() => random.pick([])).toThrow(RangeError);
});

test("exponential gaps have the mean asked for", () => {
    const random = new Random(1, "gaps");
    const gaps = Array.from({ length: 20_000 }, () => random.exponential(60));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeGreaterThan(58);
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeLessThan(62);
});
