/** The pin-hole camera against projections computed by hand. */
import { expect, test } from "vitest";
import { PinHole } from "../../../simulators/world/camera/pin-hole.ts";

/** 1000×500 pixels, focal length 1000 px, ten metres in front of x = 0, one metre high, looking straight back. */
const straight = new PinHole({ at: [10, 0, 1], lookAt: [0, 0, 1], focal: 1 }, 1000, 500);
const plate = { origin: [0, -0.26, 0.6], across: [0, 0.52, 0], down: [0, 0, -0.2] } as const;

test("a plate straight ahead: 1000 px · 0.26 m / 10 m = 26 px to each side, 40 and 60 px below the middle", () => {
    expect(straight.outline(plate).map((corner) => corner.map((value) => Number(value.toFixed(6))))).toEqual([
        [474, 290],
        [526, 290],
        [526, 310],
        [474, 310],
    ]);
});

test("seen askew: the point 4.4 m deep and 0.8 m left of the axis lies 1000 · 0.8 / 4.4 px left of the middle", () => {
    // Eye (3, 4), looking along (-0.6, -0.8); (1, 0) is (-2, -4) away: depth 1.2 + 3.2, sideways 1.6 - 2.4.
    const askew = new PinHole({ at: [3, 4, 0], lookAt: [0, 0, 0], focal: 1 }, 1000, 500);
    const [x, y] = askew.project([1, 0, 0]) ?? [];
    expect(x).toBeCloseTo(500 - 800 / 4.4, 9);
    expect(y).toBeCloseTo(250, 9);
    expect(askew.depthOf([1, 0, 0])).toBeCloseTo(4.4, 12);
});

test("what is nearer is larger, and the middle of a receding plane is not in the middle of its picture", () => {
    const floor = { origin: [0, -1, 0], across: [0, 2, 0], down: [8, 0, 0] } as const;
    const h = straight.homography(floor);
    const middleY = (h[3] * 0.5 + h[4] * 0.5 + h[5]) / (h[6] * 0.5 + h[7] * 0.5 + h[8]);
    // 1 m below the lens: 10 m away 100 px below the middle, 6 m away 166.7 px, 2 m away 500 px.
    expect(middleY).toBeCloseTo(250 + 1000 / 6, 9);
});

test("a wall that runs past the lens is cut, never turned inside out", () => {
    const wall = { origin: [30, 1.2, 4], across: [-60, 0, 0], down: [0, 0, -4] } as const;
    const outline = straight.outline(wall);
    expect(outline.length).toBeGreaterThanOrEqual(3);
    // y = +1.2 is right of the axis, so every visible point is right of the middle: at -30 m by 1000 · 1.2 / 40 px.
    expect(Math.min(...outline.map(([x]) => x))).toBeCloseTo(530, 6);
    expect(outline.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
});

test("what is behind the lens is nowhere", () => {
    expect(straight.project([11, 0, 1])).toBeUndefined();
    expect(straight.outline({ origin: [12, -1, 2], across: [0, 2, 0], down: [0, 0, -2] })).toEqual([]);
});
