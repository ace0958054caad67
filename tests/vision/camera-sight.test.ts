import { describe, expect, test } from "vitest";
import { FrameRenderer } from "../../simulators/world/camera/frame-renderer.ts";
import type { SceneView } from "../../simulators/world/scene-view.ts";
import { CameraSight, edgeLevelOf, type Sight, SightLimits } from "../../src/vision/camera-sight.ts";
import type { SceneLook } from "../../src/vision/scene-look.ts";

const [WIDTH, HEIGHT] = [320, 180];
const EVERY_MS = 500;

/** A look whose pixels are given by place, with a little more at random. */
function lookOf(atMs: number, level: (x: number, y: number) => number, height = HEIGHT): SceneLook {
    const pixels = Uint8Array.from({ length: WIDTH * height }, (_, at) => level(at % WIDTH, Math.floor(at / WIDTH)));
    return { atMs, width: WIDTH, height, pixels, zoom: 1 };
}

/** A street of grey blocks: plenty of edges. */
const street = (x: number, y: number): number => 60 + ((x >> 4) % 3) * 40 + ((y >> 4) % 2) * 30;
/** A clock of two lines in a corner, other in each look. */
const withClock =
    (look: number) =>
    (x: number, y: number): number =>
        x > 200 && x < 310 && y < 15 ? ((x >> 2) * 31 + (y >> 2) * 17 + look * 53) % 256 : street(x, y);
/** One pixel in twelve is a level brighter or darker: less noise than any camera at night has. */
const withNoise =
    (look: number, base: typeof street) =>
    (x: number, y: number): number =>
        base(x, y) + ((x * 7_919 + y * 104_729 + look * 1_299_709) % 12 === 0 ? 1 : 0);

function watch(seconds: number, at: (look: number) => SceneLook): readonly Sight[] {
    const sight = new CameraSight(SightLimits.parse({ frozenMsMax: 20_000, blindMsMax: 20_000 }));
    return Array.from({ length: (seconds * 1_000) / EVERY_MS }, (_, look) => sight.look(at(look)));
}

const codes = (sights: readonly Sight[]) => [
    ...new Set(sights.map((sight) => (sight.state === "well" ? "well" : sight.code))),
];

describe("a picture", () => {
    test.each([
        ["with a little noise lives", 60, (n: number) => withNoise(n, street), ["well"]],
        ["without any change is frozen", 30, () => street, ["well", "PICTURE_FROZEN"]],
        ["in which only the clock goes is frozen", 30, withClock, ["well", "PICTURE_FROZEN"]],
        ["in which the clock goes and noise is lives", 60, (n: number) => withNoise(n, withClock(n)), ["well"]],
        ["of darkness with its noise is dark", 30, (n: number) => withNoise(n, () => 6), ["well", "PICTURE_DARK"]],
        ["of light is dazzled", 30, (n: number) => withNoise(n, () => 254), ["well", "PICTURE_DAZZLED"]],
        ["of one colour is covered", 30, (n: number) => withNoise(n, () => 110), ["well", "LENS_COVERED"]],
    ])("%s", (_what, seconds, levels, expected) => {
        expect(codes(watch(seconds, (n) => lookOf(n * EVERY_MS, levels(n))))).toEqual(expected);
    });

    test("that moves once within the limit, or changes its size, is not frozen; a silence counts little", () => {
        const shifts = (n: number) => (x: number, y: number) => street(x + (n >= 30 ? 16 : 0), y);
        expect(codes(watch(22, (n) => lookOf(n * EVERY_MS, shifts(n))))).toEqual(["well"]);
        expect(codes(watch(22, (n) => lookOf(n * EVERY_MS, street, n < 30 ? 180 : 240)))).toEqual(["well"]);
        expect(codes(watch(5, (n) => lookOf(n < 5 ? n * EVERY_MS : n * EVERY_MS + 600_000, street)))).toEqual(["well"]);
    });

    test("is well again with the first change; a plate that is read ends blindness, and losing the camera everything", () => {
        const sight = new CameraSight(SightLimits.parse({ frozenMsMax: 5_000, blindMsMax: 5_000 }));
        for (let n = 0; n < 20; n++) sight.look(lookOf(n * EVERY_MS, street));
        expect(sight.look(lookOf(10_000, street))).toMatchObject({ code: "PICTURE_FROZEN" });
        expect(sight.look(lookOf(10_500, withNoise(1, street)))).toEqual({ state: "well" });
        const dark = (n: number) =>
            sight.look(
                lookOf(
                    20_000 + n * EVERY_MS,
                    withNoise(n, () => 4),
                ),
            );
        for (let n = 0; n < 20; n++) dark(n);
        expect(dark(20)).toMatchObject({ code: "PICTURE_DARK" });
        sight.noteRead();
        expect(dark(21)).toEqual({ state: "well" });
        for (let n = 22; n < 40; n++) dark(n);
        sight.forget();
        expect(dark(41)).toEqual({ state: "well" });
    });
});

test("drawn gates by day, dusk and night, in snow and rain, are seen with room to spare", () => {
    const renderer = new FrameRenderer(WIDTH, HEIGHT, 3);
    for (const kind of ["day", "dusk", "night"] as const)
        for (const weather of ["clear", "snow", "rain"] as const) {
            const scene: SceneView = { lorries: [], armAngleDeg: 0, light: { kind, exposure: 1 }, weather, worldMs: 0 };
            const looks = [0, 1, 2].map((variant) => {
                const { pixels } = renderer.render(scene, variant);
                // Green stands for grey.
                return lookOf(variant * EVERY_MS, (x, y) => ((pixels[y * WIDTH + x] ?? 0) >> 8) & 255);
            });
            const [first] = looks;
            if (first === undefined) throw new Error("nothing was drawn");
            expect.soft(edgeLevelOf(first), `${kind} ${weather}`).toBeGreaterThan(8);
            const sight = new CameraSight(SightLimits.parse({}));
            expect(codes(looks.map((look) => sight.look(look)))).toEqual(["well"]);
            expect(sight.stillMs, `${kind} ${weather}: noise is life`).toBe(0);
        }
});
