/** What a confidence is worth: the points that come with the weights, and what lies between them. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Calibration, calibrated } from "../../src/vision/calibration.ts";

const POINTS: [number, number][] = [
    [0, 0],
    [0.5, 0.2],
    [0.9, 0.8],
    [1, 0.99],
];

test.each([
    [0, 0],
    [0.25, 0.1],
    [0.5, 0.2],
    [0.7, 0.5],
    [0.95, 0.895],
    [1, 0.99],
])("%d is worth %d", (said, worth) => {
    expect(calibrated(said, POINTS)).toBeCloseTo(worth, 9);
});

test("a step in the points is no division by nothing", () => {
    expect(
        calibrated(0, [
            [0, 0.3],
            [0, 0.3],
            [1, 1],
        ]),
    ).toBe(0.3);
});

test("the points of the shipped weights ascend from nothing to less than certainty", () => {
    const file = JSON.parse(readFileSync(new URL("../../models/plate-reader.json", import.meta.url), "utf8"));
    for (const kind of ["texts", "frames", "crops"]) {
        const points = Calibration.parse(file.calibration[kind]);
        const [said, worth] = [points.map(([x]) => x), points.map(([, y]) => y)];
        expect([said[0], said.at(-1)], kind).toEqual([0, 1]);
        expect(said, kind).toEqual(said.toSorted((a, b) => a - b));
        expect(worth, kind).toEqual(worth.toSorted((a, b) => a - b));
        expect(worth.at(-1), kind).toBeLessThan(1);
    }
});
