/** Nearest-rank quantiles against counting: at least that share of the values is not above the quantile, and no smaller value does it. */
import { expect, test } from "vitest";
import { spreadOf } from "../../../src/cli/bench/spread.ts";

const rounded = (value: number): number => Number(value.toFixed(2));

test.each([1, 2, 3, 49, 50, 99, 100, 101, 999])("of %i values", (count) => {
    const values = Array.from({ length: count }, (_, index) => ((index * 7919) % 1_009) / 4);
    const smallest = (share: number): number =>
        Math.min(...values.filter((each) => values.filter((other) => other <= each).length >= share * count));
    expect(spreadOf(values)).toEqual({
        p50: rounded(smallest(0.5)),
        p99: rounded(smallest(0.99)),
        max: rounded(Math.max(...values)),
    });
});

test("nothing measured is no figure", () => {
    expect(() => spreadOf([])).toThrow(RangeError);
});
