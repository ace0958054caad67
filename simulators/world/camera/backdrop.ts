/** Everything that never moves: sky, mountains, the customs hall, and below them the ground. Painted once per light and kept. */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { Random } from "../random.ts";
import type { SceneLight, SceneWeather } from "../scene-view.ts";
import { fall, rect, shape } from "./brush.ts";
import { drawGround } from "./ground.ts";
import { shadeFor } from "./light.ts";
import type { PinHole, Vec3 } from "./pin-hole.ts";
import type { Frame } from "./rasteriser.ts";
import { textureOf } from "./texture.ts";

/** A frame with everything but lorries and boom. */
export function drawBackdrop(lens: PinHole, light: SceneLight, weather: SceneWeather, seed: number): Frame {
    const sharp = createCanvas(lens.width, lens.height);
    drawSky(sharp.getContext("2d"), lens, new Random(seed, "sky"));
    drawYard(sharp.getContext("2d"), lens, new Random(seed, "yard"));
    const level = textureOf(soften(sharp), shadeFor(light, "backdrop")).levels[0];
    if (level === undefined) throw new RangeError("a texture has at least one level");
    const frame: Frame = { width: lens.width, height: lens.height, pixels: level.pixels };
    drawGround(frame, lens, light, weather, seed);
    return frame;
}

/** The lens is set to the stop line: what is far is a little soft. One filter for all: a filter per shape takes seconds. */
function soften(sharp: Canvas): Canvas {
    const canvas = createCanvas(sharp.width, sharp.height);
    const context = canvas.getContext("2d");
    context.drawImage(sharp, 0, 0); // The blur lets the rim fade; below it stays opaque.
    context.filter = `blur(${(sharp.width / 900).toFixed(2)}px)`;
    context.drawImage(sharp, 0, 0);
    return canvas;
}

function drawSky(context: SKRSContext2D, lens: PinHole, random: Random): void {
    const { width } = lens;
    const horizon = lens.project([-5000, -1500, 0])?.[1] ?? lens.height / 3;
    const unit = lens.focalPx / 2176;
    rect(
        context,
        fall(context, horizon - 420 * unit, horizon, "#8fb0d0", "#b9cddd", "#e6ebec"),
        0,
        0,
        width,
        horizon + 4,
    );
    for (const [reach, paint, step] of [
        [46, "#c3cdd6", 60],
        [30, "#9aa7b1", 44],
        [12, "#7d8379", 30],
    ] as const) {
        const ridge: [number, number][] = [[0, horizon + 4]];
        for (let x = 0; x <= width + step; x += step) ridge.push([x, horizon - unit * reach * random.between(0.35, 1)]);
        shape(context, paint, [...ridge, [width, horizon + 4]]);
    }
    rect(context, "#8d8a80", 0, horizon - 2, width, lens.height - horizon);
}

function drawYard(context: SKRSContext2D, lens: PinHole, random: Random): void {
    for (let tree = 0; tree < 30; tree++) {
        const y = random.between(-50, 26);
        poplar(context, lens, [-95 - random.between(0, 12), y, 0], random.between(6, 9.5), random);
    }
    box(context, lens, [-62, 8, 0], [-54, 18, 3.6], ["#c9c5ba", "#a19d93"]);
    for (const [index, y] of [-16.5, -13].entries()) parkedLorry(context, lens, -34 - 3 * index, y, random);
    hall(context, lens);
    for (const [x, y] of [
        [-52, 6.2],
        [-34, 6.2],
        [-30, -7.6],
        [-48, -7.6],
    ] as const)
        pole(context, lens, x, y);
    fence(context, lens, 5.2);
}

/** Customs hall left of the exit lane: the wall that runs along the lane is the one in view. */
function hall(context: SKRSContext2D, lens: PinHole): void {
    const y = -13;
    const wall = (x0: number, x1: number, z0: number, z1: number, colour: string): void =>
        polygon(
            context,
            lens,
            [
                [x0, y, z0],
                [x1, y, z0],
                [x1, y, z1],
                [x0, y, z1],
            ],
            colour,
        );
    box(context, lens, [-34, -34, 0], [-12, y, 5.4], ["#d6d1c5", "#cdc8bb"]);
    wall(-34, -12, 0, 0.75, "#8b8881");
    box(context, lens, [-34.4, -34.4, 5.4], [-11.6, y + 0.4, 5.95], ["#3f6486", "#3f6486"]);
    for (let x = -32.5; x < -13; x += 2.9) {
        if (x > -25 && x < -21) continue;
        wall(x, x + 1.8, 1.35, 3.2, "#edebe4");
        wall(x + 0.08, x + 1.72, 1.43, 3.12, "#394954");
        wall(x + 0.08, x + 1.72, 2.4, 3.12, "#61788a");
        wall(x + 0.86, x + 0.94, 1.43, 3.12, "#edebe4");
        wall(x, x + 1.8, 1.28, 1.36, "#9b978c");
    }
    wall(-24.6, -21.6, 0, 2.9, "#57606a");
    for (let x = -24.5; x < -21.7; x += 0.72) wall(x, x + 0.6, 0.1, 2.8, "#74808b");
    wall(-25, -21.2, 3.1, 3.35, "#3f6486");
}

function fence(context: SKRSContext2D, lens: PinHole, y: number): void {
    for (let x = -70; x < -9; x += 2.5) {
        polygon(
            context,
            lens,
            [
                [x, y, 0],
                [x + 0.06, y, 0],
                [x + 0.06, y, 2],
                [x, y, 2],
            ],
            "#6f7478",
        );
        for (const z of [0.5, 1.2, 1.9])
            polygon(
                context,
                lens,
                [
                    [x, y, z],
                    [x + 2.5, y, z],
                    [x + 2.5, y, z + 0.04],
                    [x, y, z + 0.04],
                ],
                "#7b8084",
            );
    }
}

function parkedLorry(context: SKRSContext2D, lens: PinHole, x: number, y: number, random: Random): void {
    const colour = random.pick(["#7f2e2a", "#34567d", "#cfd2d4"]);
    box(context, lens, [x - 13, y, 1.1], [x, y + 2.5, 3.9], [colour, "#8f9294"]);
    box(context, lens, [x, y, 0.4], [x + 2.2, y + 2.5, 3.4], [colour, colour]);
    quad(context, lens, x + 2.22, [y + 0.2, 1.9], [y + 2.3, 2.9], "#20282d");
    quad(context, lens, x + 2.22, [y + 0.5, 1], [y + 2, 1.6], "#33383c");
    quad(context, lens, x + 2.22, [y, 0.4], [y + 2.5, 0.9], "#4a4f53");
    for (const lamp of [0.15, 1.95]) quad(context, lens, x + 2.23, [y + lamp, 0.62], [y + lamp + 0.4, 0.84], "#c9d0d4");
}

function pole(context: SKRSContext2D, lens: PinHole, x: number, y: number): void {
    polygon(
        context,
        lens,
        [
            [x, y - 0.1, 0],
            [x, y + 0.1, 0],
            [x, y + 0.06, 9],
            [x, y - 0.06, 9],
        ],
        "#868b8f",
    );
    polygon(
        context,
        lens,
        [
            [x, y - 0.7, 9],
            [x, y + 0.7, 9],
            [x, y + 0.7, 9.3],
            [x, y - 0.7, 9.3],
        ],
        "#5c6166",
    );
}

/** A poplar of many small leaves' clumps, narrow at the top. */
function poplar(context: SKRSContext2D, lens: PinHole, [x, y]: Vec3, height: number, random: Random): void {
    const foot = lens.project([x, y, 0]);
    const top = lens.project([x, y, height]);
    if (foot === undefined || top === undefined) return;
    const tall = foot[1] - top[1];
    for (let clump = 0; clump < 60; clump++) {
        const up = random.between(0.08, 1);
        const spread = tall * 0.13 * Math.sin(Math.PI * Math.min(1, 1.12 - up)) + 1;
        const shade = random.int(26);
        context.fillStyle = `rgba(${84 + shade},${98 + shade},${80 + shade},0.7)`;
        context.beginPath();
        context.arc(
            foot[0] + random.between(-spread, spread),
            foot[1] - tall * up,
            tall * random.between(0.02, 0.06),
            0,
            7,
        );
        context.fill();
    }
}

/** Two visible faces: the one towards the gate and the one towards the lane. */
function box(
    context: SKRSContext2D,
    lens: PinHole,
    low: Vec3,
    high: Vec3,
    [face, flank]: readonly [string, string],
): void {
    const y = low[1] > 0 ? low[1] : high[1];
    polygon(
        context,
        lens,
        [
            [low[0], y, low[2]],
            [high[0], y, low[2]],
            [high[0], y, high[2]],
            [low[0], y, high[2]],
        ],
        flank,
    );
    quad(context, lens, high[0], [low[1], low[2]], [high[1], high[2]], face);
}

/** Upright rectangle across the lane at x, between two (y, z) corners. */
function quad(
    context: SKRSContext2D,
    lens: PinHole,
    x: number,
    [y0, z0]: readonly [number, number],
    [y1, z1]: readonly [number, number],
    colour: string,
): void {
    polygon(
        context,
        lens,
        [
            [x, y0, z0],
            [x, y1, z0],
            [x, y1, z1],
            [x, y0, z1],
        ],
        colour,
    );
}

function polygon(context: SKRSContext2D, lens: PinHole, corners: readonly Vec3[], colour: string): void {
    shape(
        context,
        colour,
        corners.flatMap((corner) => {
            const pixel = lens.project(corner);
            return pixel === undefined ? [] : [pixel];
        }),
    );
}
