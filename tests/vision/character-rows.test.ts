import { describe, expect, test } from "vitest";
import { fitRow, groupRows } from "../../src/vision/character-rows.ts";

interface RowShape {
    readonly x?: number;
    readonly y?: number;
    readonly height?: number;
    readonly slope?: number;
    readonly step?: number;
}

function row(count: number, { x = 100, y = 200, height = 30, slope = 0, step = 24 }: RowShape = {}) {
    return Array.from({ length: count }, (_, index) => ({
        x: x + index * step,
        y: Math.round(y + index * step * slope),
        width: 17,
        height,
    }));
}

describe("groupRows", () => {
    test.each([0, 0.1, -0.25, 0.35])("finds a row with slope %f", (slope) => {
        const [only, ...others] = groupRows(row(7, { slope }), 4);
        expect(others).toEqual([]);
        expect(only?.boxes.length).toBe(7);
        expect(only?.slope).toBeCloseTo(slope, 1);
    });

    test("keeps two plates apart", () => {
        const found = groupRows([...row(7), ...row(6, { x: 500 }), ...row(5, { y: 320 })], 4);
        expect(found.map((one) => one.boxes.length).sort()).toEqual([5, 6, 7]);
    });

    test("leaves out what is too small, too high or too far off", () => {
        const strangers = [
            { x: 268, y: 214, width: 8, height: 11 },
            { x: 268, y: 150, width: 17, height: 90 },
            { x: 268, y: 232, width: 17, height: 30 },
        ];
        const [only] = groupRows([...row(7), ...strangers], 4);
        expect(only?.boxes).toEqual(row(7));
    });

    test("wants the given count", () => {
        expect(groupRows(row(3), 4)).toEqual([]);
        expect(groupRows(row(3), 2).length).toBe(1);
    });

    test("uses each box once, however many there are", () => {
        const crowd = Array.from({ length: 1_500 }, (_, index) => ({
            x: (index * 37) % 1_270,
            y: (index * 101) % 700,
            width: 10 + (index % 9),
            height: 18 + (index % 13),
        }));
        const used = groupRows(crowd, 2).flatMap(({ boxes }) => boxes);
        expect(new Set(used).size).toBe(used.length);
    });
});

test("fitRow follows the feet where heights differ, as in Russian plates", () => {
    const feet = [20, 30, 30, 30, 20, 20].map((height, index) => ({
        x: index * 24,
        y: 100 - height + Math.round(index * 2.4),
        width: 17,
        height,
    }));
    expect(fitRow(feet).slope).toBeCloseTo(0.1, 1);
});
