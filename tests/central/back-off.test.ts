import { expect, test } from "vitest";
import { backOffMs } from "../../src/central/back-off.ts";

const backOff = { firstMs: 1_000, longestMs: 60_000 };

test("waiting times double up to the longest and stay there, however many attempts", () => {
    const longest = [0, 1, 2, 5, 6, 7, 1_000_000].map((attempt) => backOffMs(backOff, attempt, () => 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
});

test("jitter takes away up to half", () => {
    expect(backOffMs(backOff, 0, () => 0)).toBe(500);
    expect(backOffMs(backOff, 3, () => 0.5)).toBe(6_000);
});
