/** A plate pressed into a rectangle: what stood at its corners stands at the rectangle's, and the way back leads there again. */
import { afterAll, expect, test } from "vitest";
import { cv } from "../../src/vision/opencv.ts";
import { grown, sidesOf, straightPlate } from "../../src/vision/plate-straightener.ts";
import type { Corner } from "../../src/vision/row-straightener.ts";

const OBLIQUE: readonly Corner[] = [
    [60, 40],
    [160, 70],
    [164, 110],
    [58, 72],
];
const ONTO: readonly Corner[] = [
    [20, 10],
    [120, 10],
    [120, 40],
    [20, 40],
];
const frame = new cv.Mat(200, 240, cv.CV_8UC1, 200);

afterAll(() => frame.release());

test("what is drawn at a corner of the plate is found at the same corner of the rectangle", async () => {
    for (const [index, [x, y]] of OBLIQUE.entries()) {
        const marked = frame.copy();
        marked.drawCircle(new cv.Point2(x, y), 3, new cv.Vec3(0, 0, 0), -1);
        const { picture } = await straightPlate(marked, OBLIQUE, ONTO, 140, 50);
        const [ontoX, ontoY] = ONTO[index] ?? [0, 0];
        expect([picture.rows, picture.cols]).toEqual([50, 140]);
        expect(picture.at(ontoY, ontoX)).toBeLessThan(60);
        picture.release();
        marked.release();
    }
});

test("the way back leads to where it came from", async () => {
    const { picture, inFrame } = await straightPlate(frame, OBLIQUE, ONTO, 140, 50);
    picture.release();
    for (const [index, corner] of ONTO.entries()) {
        const [x, y] = inFrame(corner);
        expect(x).toBeCloseTo(OBLIQUE[index]?.[0] ?? -1, 3);
        expect(y).toBeCloseTo(OBLIQUE[index]?.[1] ?? -1, 3);
    }
});

test("a plate grows along its own sides", () => {
    const upright: readonly Corner[] = [
        [10, 10],
        [110, 10],
        [110, 30],
        [10, 30],
    ];
    expect(grown(upright, 0.1, 0.5)).toEqual([
        [5, 5],
        [115, 5],
        [115, 35],
        [5, 35],
    ]);
    const { width, height } = sidesOf(OBLIQUE);
    const larger = sidesOf(grown(OBLIQUE, 0.05, 0.08));
    expect(larger.width / width).toBeCloseTo(1.05, 2);
    expect(larger.height / height).toBeCloseTo(1.08, 2);
});

test("three corners are no plate", async () => {
    expect(() => sidesOf(OBLIQUE.slice(1))).toThrow("four corners");
});
