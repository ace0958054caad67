/** Whole pictures: equal scenes give equal bytes, and the truth box is where the plate really is. */
import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { FrameRenderer } from "../../../simulators/world/camera/frame-renderer.ts";
import { plateBox } from "../../../simulators/world/camera/plate-truth.ts";
import type { Frame } from "../../../simulators/world/camera/rasteriser.ts";
import type { SceneLorry, SceneView } from "../../../simulators/world/scene-view.ts";

const LORRY: SceneLorry = {
    id: 1,
    frontAtM: -4.5,
    lateralM: 0.1,
    colour: "#2b5aa0",
    cab: 3,
    plate: { text: "123ABC02", country: "KZ", rows: 1 },
    dirt: 0,
};
const SCENE: SceneView = {
    lorries: [LORRY],
    armAngleDeg: 0,
    light: { kind: "day", exposure: 1 },
    weather: "clear",
    worldMs: 0,
};
const hash = (frame: Frame): string => createHash("sha256").update(frame.pixels).digest("hex");
const luma = (pixel: number): number =>
    0.3 * (pixel & 255) + 0.59 * ((pixel >> 8) & 255) + 0.11 * ((pixel >> 16) & 255);

let renderer: FrameRenderer;
beforeAll(() => {
    renderer = new FrameRenderer(1280, 720, 7);
});

test("equal seed and scene give equal bytes, in this renderer and in a new one", () => {
    const first = hash(renderer.render(SCENE, 2));
    renderer.render({ ...SCENE, lorries: [], armAngleDeg: 90, weather: "snow" }, 0);
    expect(hash(renderer.render(SCENE, 2))).toBe(first);
    expect(hash(new FrameRenderer(1280, 720, 7).render(SCENE, 2))).toBe(first);
    expect(hash(renderer.render(SCENE, 3))).not.toBe(first);
    expect(hash(new FrameRenderer(1280, 720, 8).render(SCENE, 2))).not.toBe(first);
});

test.each([
    [-6, "day", 1],
    [-4.5, "day", 1],
    [-3, "dusk", 1],
    [-3, "night", 2],
] as const)("front at %d m, %s, %d row(s): only inside the truth box do two numbers differ", (frontAtM, kind, rows) => {
    const light = { kind, exposure: 1 };
    const shown = (text: string): SceneLorry => ({ ...LORRY, frontAtM, plate: { text, country: "KZ", rows } });
    const one = renderer.render({ ...SCENE, light, lorries: [shown("111IJL11")] }).pixels.slice();
    const other = renderer.render({ ...SCENE, light, lorries: [shown("888MWB08")] }).pixels;
    const box = plateBox(renderer.lens, shown("888MWB08"));
    expect(box).toBeDefined();
    if (box === undefined) return;
    let inside = 0;
    let outside = 0;
    for (const [at, pixel] of one.entries()) {
        if (pixel === other[at]) continue;
        const [x, y] = [at % 1280, Math.floor(at / 1280)];
        if (x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h) inside++;
        else outside++;
    }
    expect(outside).toBe(0);
    expect(inside / (box.w * box.h)).toBeGreaterThan(0.08);
});

test("dark figures on a light plate fill the truth box by day", () => {
    const { pixels } = renderer.render(SCENE);
    const box = plateBox(renderer.lens, LORRY) ?? { x: 0, y: 0, w: 0, h: 0 };
    const shades: number[] = [];
    for (let y = box.y; y < box.y + box.h; y++)
        for (let x = box.x; x < box.x + box.w; x++) shades.push(luma(pixels[y * 1280 + x] ?? 0));
    const share = (is: (shade: number) => boolean): number => shades.filter(is).length / shades.length;
    expect(share((shade) => shade < 90)).toBeGreaterThan(0.1);
    expect(share((shade) => shade > 170)).toBeGreaterThan(0.3);
});

test("from 4.5 to 3 m before the boom a one-row plate is 150 to 220 px wide", () => {
    for (const frontAtM of [-4.5, -4, -3.5, -3]) {
        const box = plateBox(renderer.lens, { ...LORRY, frontAtM, lateralM: 0 });
        expect(box?.w).toBeGreaterThanOrEqual(150);
        expect(box?.w).toBeLessThanOrEqual(220);
    }
});

test("the closed boom does not hide the plate of a lorry that stands two metres or more before it", () => {
    for (const frontAtM of [-8, -4.5, -3, -2]) {
        const lorry = { ...LORRY, frontAtM };
        const closed = renderer.render({ ...SCENE, lorries: [lorry] }).pixels.slice();
        const open = renderer.render({ ...SCENE, lorries: [lorry], armAngleDeg: 90 }).pixels;
        const box = plateBox(renderer.lens, lorry) ?? { x: 0, y: 0, w: 0, h: 0 };
        expect(box.w).toBeGreaterThan(80);
        let hidden = 0;
        for (let y = box.y; y < box.y + box.h; y++)
            for (let x = box.x; x < box.x + box.w; x++) if (closed[y * 1280 + x] !== open[y * 1280 + x]) hidden++;
        expect(hidden).toBe(0);
    }
});

test("by night the picture has no colour, and the plate outshines the bumper around it", () => {
    const { pixels } = renderer.render({ ...SCENE, light: { kind: "night", exposure: 1 } });
    for (const pixel of pixels)
        if ((pixel & 255) !== ((pixel >> 8) & 255) || (pixel & 255) !== ((pixel >> 16) & 255))
            throw new Error("colour by night");
    const box = plateBox(renderer.lens, LORRY) ?? { x: 0, y: 0, w: 0, h: 0 };
    const brightest = (x: number, y: number, w: number): number =>
        Math.max(...Array.from({ length: w }, (_, dx) => luma(pixels[y * 1280 + x + dx] ?? 0)));
    const middle = box.y + (box.h >> 1);
    expect(brightest(box.x, middle, box.w)).toBeGreaterThan(brightest(box.x + box.w + 10, middle, 30) + 60);
});

test("an open shutter smears what moves and nothing else", () => {
    const still = renderer.render(SCENE).pixels.slice();
    const moving = renderer.render(SCENE, 0, new Map([[1, 0.03]])).pixels.slice();
    const box = plateBox(renderer.lens, LORRY) ?? { x: 0, y: 0, w: 0, h: 0 };
    const contrast = (pixels: Int32Array): number => {
        let total = 0;
        for (let y = box.y; y < box.y + box.h; y++)
            for (let x = box.x; x < box.x + box.w; x++)
                total += Math.abs(luma(pixels[y * 1280 + x + 1] ?? 0) - luma(pixels[y * 1280 + x] ?? 0));
        return total;
    };
    expect(contrast(moving)).toBeLessThan(0.9 * contrast(still));
    expect(moving.subarray(0, 1280).toString()).toBe(still.subarray(0, 1280).toString());
    expect(hash(renderer.render(SCENE, 0, new Map([[1, 0]])))).toBe(hash({ width: 1280, height: 720, pixels: still }));
});
