/** Textures on planes: area, place of every field, no moiré far away, transparency. */
import { createCanvas } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { PinHole, type Plane } from "../../../simulators/world/camera/pin-hole.ts";
import { drawSheet, type Frame, type Sheet } from "../../../simulators/world/camera/rasteriser.ts";
import { type Texture, textureOf } from "../../../simulators/world/camera/texture.ts";

const lens = new PinHole({ at: [6, 2, 1.5], lookAt: [0, 0, 0.5], focal: 1.2 }, 400, 300);
const board: Plane = { origin: [0, -0.8, 1.2], across: [0.5, 1.6, 0], down: [0, 0, -1] };

function painted(width: number, height: number, colourAt: (x: number, y: number) => string): Texture {
    const canvas = createCanvas(width, height);
    const context = canvas.getContext("2d");
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            context.fillStyle = colourAt(x, y);
            context.fillRect(x, y, 1, 1);
        }
    }
    return textureOf(canvas);
}

function draw(sheet: Sheet, background = 0xff000000): Frame {
    const frame = { width: 400, height: 300, pixels: new Int32Array(400 * 300).fill(background) };
    drawSheet(frame, lens, sheet);
    return frame;
}

const redAt = (frame: Frame, x: number, y: number): number => (frame.pixels[y * frame.width + x] ?? 0) & 0xff;
const white = painted(16, 16, () => "#fff");

test("covers exactly the area of its outline, fractions of pixels included", () => {
    const outline = lens.outline(board);
    const twice = outline.reduce((sum, [x, y], i) => {
        const [nextX, nextY] = outline[(i + 1) % outline.length] ?? [x, y];
        return sum + x * nextY - nextX * y;
    }, 0);
    const covered = draw({ plane: board, texture: white }).pixels.reduce((sum, pixel) => sum + (pixel & 0xff) / 255, 0);
    expect(covered / Math.abs(twice / 2)).toBeCloseTo(1, 2);
});

test("each field of a chequered board is where a pin-hole camera shows it", () => {
    const cells = 8;
    const isWhite = (column: number, row: number): boolean => (column + row) % 2 === 0;
    const texture = painted(256, 256, (x, y) => (isWhite(x >> 5, y >> 5) ? "#fff" : "#000"));
    const frame = draw({ plane: board, texture });
    for (let row = 0; row < cells; row++) {
        for (let column = 0; column < cells; column++) {
            const [s, t] = [(column + 0.5) / cells, (row + 0.5) / cells];
            const pixel = lens.project([0.5 * s, -0.8 + 1.6 * s, 1.2 - t]);
            const red = redAt(frame, Math.floor(pixel?.[0] ?? -1), Math.floor(pixel?.[1] ?? -1));
            expect(red, `field ${column},${row}`).toSatisfy((value: number) =>
                isWhite(column, row) ? value > 240 : value < 15,
            );
        }
    }
});

test("stripes finer than a pixel become grey, not moiré", () => {
    const stripes = painted(1024, 608, (x) => (x % 2 === 0 ? "#fff" : "#000"));
    for (const samples of [1, 2]) {
        const frame = draw({ plane: board, texture: stripes, samples });
        const pixel = lens.project([0.25, 0, 0.7]);
        const [x, y] = [Math.floor(pixel?.[0] ?? 0), Math.floor(pixel?.[1] ?? 0)];
        for (let dx = -20; dx <= 20; dx++) expect(Math.abs(redAt(frame, x + dx, y) - 127)).toBeLessThan(12);
    }
});

test("part shows that part only, reversed when its ends are swapped", () => {
    const halves = painted(64, 64, (x) => (x < 32 ? "#f00" : "#000"));
    const left = lens.project([0.5 * 0.1, -0.8 + 1.6 * 0.1, 0.7]);
    const at = (part: readonly [number, number, number, number]): number =>
        redAt(draw({ plane: board, texture: halves, part }), Math.floor(left?.[0] ?? 0), Math.floor(left?.[1] ?? 0));
    expect(at([0, 0, 1, 1])).toBe(255);
    expect(at([0.5, 0, 1, 1])).toBe(0);
    expect(at([1, 0, 0, 1])).toBe(0);
});

test("half-transparent black halves what is behind it; gain darkens the sheet and leaves the rest alone", () => {
    const veil = painted(16, 16, () => "rgba(0,0,0,0.5)");
    const middle = lens.project([0.25, 0, 0.7]);
    const [x, y] = [Math.floor(middle?.[0] ?? 0), Math.floor(middle?.[1] ?? 0)];
    expect(Math.abs(redAt(draw({ plane: board, texture: veil }, 0xff0000c8 | 0), x, y) - 100)).toBeLessThan(3);
    const dimmed = draw({ plane: board, texture: white, gain: 0.25 }, 0xff0000c8 | 0);
    expect(Math.abs(redAt(dimmed, x, y) - 64)).toBeLessThan(3);
    expect(redAt(dimmed, 2, 2)).toBe(0xc8);
});

test("a sheet out of view, edge-on or behind the lens changes nothing", () => {
    const nowhere: readonly Plane[] = [
        { origin: [0, 50, 1], across: [0, 1, 0], down: [0, 0, -1] },
        { origin: [20, 0, 1], across: [0, 1, 0], down: [0, 0, -1] },
        { origin: [0, 0, 1], across: [0, 0, 0], down: [0, 0, -1] },
    ];
    for (const plane of nowhere)
        expect(new Set(draw({ plane, texture: white }).pixels)).toEqual(new Set([0xff000000 | 0]));
});
