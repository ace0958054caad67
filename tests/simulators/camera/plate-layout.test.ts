/** Plates: every sign is drawn where the layout says, in reading order, and look-alikes differ. */
import { createCanvas } from "@napi-rs/canvas";
import { describe, expect, test } from "vitest";
import { canDraw, drawRun, type FaceName } from "../../../simulators/world/camera/plate-face.ts";
import { drawPlate, PLATE_PX_PER_MM, plateSizeM } from "../../../simulators/world/camera/plate-layout.ts";
import type { ScenePlate } from "../../../simulators/world/scene-view.ts";

const SIGNS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];
const FACES: readonly FaceName[] = ["din", "gost", "fe"];

/** Dark pixels of one sign on a 100×120 field, 100 px high. */
function inkOf(sign: string, face: FaceName): Uint8Array {
    const canvas = createCanvas(110, 120);
    const context = canvas.getContext("2d");
    context.strokeStyle = "#000";
    drawRun(context, { text: sign, face, height: 100 }, 5, 10);
    const { data } = context.getImageData(0, 0, 110, 120);
    return Uint8Array.from({ length: 110 * 120 }, (_, i) => ((data[i * 4 + 3] ?? 0) > 127 ? 1 : 0));
}

const sum = (ink: Uint8Array): number => ink.reduce((total, value) => total + value, 0);

describe.each(FACES)("the %s face", (face) => {
    test.each(SIGNS)("%s has as much ink as a pen of 14 % leaves, over its whole height", (sign) => {
        const ink = inkOf(sign, face);
        const rows = [...ink.keys()].filter((i) => ink[i] === 1).map((i) => Math.floor(i / 110));
        expect(sum(ink)).toBeGreaterThan(1_300);
        expect(sum(ink)).toBeLessThan(5_500);
        expect(Math.min(...rows)).toBeLessThanOrEqual(13);
        expect(Math.max(...rows)).toBeGreaterThanOrEqual(106);
    });

    test.each([
        ["0", "O"],
        ["1", "I"],
        ["8", "B"],
        ["5", "S"],
        ["2", "Z"],
        ["0", "D"],
        ["6", "G"],
        ["P", "F"],
    ])("%s and %s differ by more than an eighth of their ink", (one, other) => {
        const [a, b] = [inkOf(one, face), inkOf(other, face)];
        const different = a.reduce((total, value, i) => total + Math.abs(value - (b[i] ?? 0)), 0);
        expect(different).toBeGreaterThan(Math.max(sum(a), sum(b)) / 8);
    });
});

const PLATES: readonly ScenePlate[] = [
    { text: "123ABC02", country: "KZ", rows: 1 },
    { text: "547EF18", country: "KZ", rows: 1 },
    { text: "123ABC02", country: "KZ", rows: 2 },
    { text: "12ABC02", country: "KZ", rows: 2 },
    { text: "A123BC77", country: "RU", rows: 1 },
    { text: "Y809TX750", country: "RU", rows: 1 },
    { text: "MH608455", country: "RU", rows: 1 },
    { text: "01A123BC", country: "UZ", rows: 1 },
    { text: "40456XJR", country: "UZ", rows: 1 },
    { text: "01246ABD", country: "KG", rows: 1 },
    { text: "08KG735NP", country: "KG", rows: 1 },
    { text: "新A58B31", country: "CN", rows: 1 },
    { text: "豫A58B31", country: "CN", rows: 1 },
    { text: "9012AB07", country: "TJ", rows: 1 },
    { text: "34TRX456", country: "TR", rows: 1 },
    { text: "WGM4471A", country: "PL", rows: 2 },
    { text: "NOT A KZ PLATE", country: "KZ", rows: 1 },
];

test.each(PLATES)("$country $text in $rows row(s)", (plate) => {
    const art = drawPlate(plate);
    const { data, width } = art.canvas.getContext("2d").getImageData(0, 0, art.canvas.width, art.canvas.height);
    const signs = [...plate.text].filter((sign) => sign !== " ");
    expect(art.glyphs).toHaveLength(signs.length);
    expect(plateSizeM(plate)).toEqual([art.widthMm / 1000, art.heightMm / 1000]);
    for (const [index, box] of art.glyphs.entries()) {
        let dark = 0;
        const [left, top] = [Math.ceil(box.x * PLATE_PX_PER_MM), Math.ceil(box.y * PLATE_PX_PER_MM)];
        const [w, h] = [Math.floor(box.w * PLATE_PX_PER_MM), Math.floor(box.h * PLATE_PX_PER_MM)];
        for (let y = top; y < top + h; y++)
            for (let x = left; x < left + w; x++) if ((data[(y * width + x) * 4] ?? 255) < 90) dark++;
        expect(dark / (w * h), `ink share of ${signs[index]}`).toBeGreaterThan(0.12);
        expect(box.x).toBeGreaterThanOrEqual(4);
        expect(box.x + box.w).toBeLessThanOrEqual(art.widthMm - 4);
        const next = art.glyphs[index + 1];
        if (next === undefined || next.y > box.y + box.h / 2 || next.x < box.x) continue; // The next row, or the region above.
        expect(next.x, `${signs[index]} touches its neighbour`).toBeGreaterThan(box.x + box.w);
    }
});

test("a sign that no face has is left out and can be asked for beforehand", () => {
    expect(canDraw("新A 123", "din")).toBe(true);
    expect(canDraw("京A123", "din")).toBe(false);
    expect(drawPlate({ text: "京A12345", country: "CN", rows: 1 }).glyphs).toHaveLength(6);
});
