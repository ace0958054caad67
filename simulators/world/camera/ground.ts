/** The ground in front of the camera: road with its tracks, markings and repairs, kerb and yard, also under snow. */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { Random } from "../random.ts";
import type { SceneLight, SceneWeather } from "../scene-view.ts";
import { canvasInMetres, rect } from "./brush.ts";
import { lampGain, shadeFor } from "./light.ts";
import type { PinHole } from "./pin-hole.ts";
import { drawSheet, type Frame } from "./rasteriser.ts";
import { textureOf } from "./texture.ts";

const ROAD_FROM_M = -72;
const TILE_M = 6;
/** A tile is laid in slices, so that the infra-red lamp's light fades smoothly along the road. */
const SLICES = 12;
/** Each slice reaches this far under the next one, or the seam would show. */
const LAP_M = 0.5;
/** Across the lane: the near strip is painted finely, the yard beyond it coarsely. */
const NEAR = { fromM: -7, toM: 5, pxPerM: 84 } as const;
const YARD = { fromM: -60, toM: 40, pxPerM: 12 } as const;

/** Strips of ground from far to near; three tiles in turn, so that no pattern repeats in view. */
export function drawGround(frame: Frame, lens: PinHole, light: SceneLight, weather: SceneWeather, seed: number): void {
    const shade = shadeFor(light, "ground");
    const tiles = [0, 1, 2].map((index) => {
        const random = new Random(seed, `ground/${index}`);
        return {
            yard: textureOf(drawYardTile(random, weather), shade),
            near: textureOf(drawNearTile(random, index, weather), shade),
        };
    });
    for (let x = ROAD_FROM_M, index = 0; x < 3; x += TILE_M, index++) {
        const tile = tiles[index % tiles.length];
        if (tile === undefined) continue;
        for (let slice = 0; slice < SLICES; slice++) {
            const from = x + (slice * TILE_M) / SLICES;
            const gain = lampGain(light, Math.max(1, Math.hypot(lens.at[0] - from - TILE_M / SLICES / 2, 2)));
            for (const [texture, { fromM, toM }] of [
                [tile.yard, YARD],
                [tile.near, NEAR],
            ] as const) {
                const plane = {
                    origin: [from, fromM, 0],
                    across: [0, toM - fromM, 0],
                    down: [TILE_M / SLICES + LAP_M, 0, 0],
                } as const;
                const part = [0, slice / SLICES, 1, (slice + 1) / SLICES + LAP_M / TILE_M] as const;
                drawSheet(frame, lens, { texture, plane, gain, part });
            }
        }
    }
}

function drawYardTile(random: Random, weather: SceneWeather): Canvas {
    const [canvas, context] = canvasInMetres(YARD.toM - YARD.fromM, TILE_M, YARD.pxPerM);
    context.translate(-YARD.fromM, 0);
    rect(context, "#8a877e", YARD.fromM, 0, YARD.toM - YARD.fromM, TILE_M);
    rect(context, "#77777a", -13, 0, 18, TILE_M);
    speckle(context, random, YARD.fromM, YARD.toM, 0.3, 0.1);
    rect(context, "#dddcd6", -12.6, 0, 0.12, TILE_M);
    if (weather === "snow") rect(context, "rgba(236,241,247,0.72)", YARD.fromM, 0, YARD.toM - YARD.fromM, TILE_M);
    return canvas;
}

/** Exit lane, dividing line, our lane with its wheel tracks, kerb and the island that the camera stands on. */
function drawNearTile(random: Random, index: number, weather: SceneWeather): Canvas {
    const [canvas, context] = canvasInMetres(NEAR.toM - NEAR.fromM, TILE_M, NEAR.pxPerM);
    context.translate(-NEAR.fromM, 0);
    rect(context, "#78787a", NEAR.fromM, 0, NEAR.toM - NEAR.fromM, TILE_M);
    grain(context, random, NEAR.fromM, 2);
    for (const y of [-0.98, 0.98]) {
        for (const width of [0.66, 0.44, 0.22]) rect(context, "rgba(28,28,30,0.11)", y - width / 2, 0, width, TILE_M);
    }
    if (index === 1) rect(context, "rgba(38,38,40,0.55)", -2.1, 2.2, 4.2, 0.9, 0.06);
    crack(context, random);
    rect(context, "#dedcd4", -1.92, 0, 0.13, TILE_M);
    rect(context, "#dedcd4", -5.7, 0, 0.13, TILE_M / 2);
    for (let spot = 0; spot < 240; spot++) {
        rect(
            context,
            "rgba(112,112,113,0.7)",
            -1.94 + random.between(0, 0.16),
            random.between(0, TILE_M),
            0.03,
            random.between(0.02, 0.12),
        );
    }
    rect(context, "#b9b5aa", 1.86, 0, 0.2, TILE_M);
    rect(context, "#98958c", 2.06, 0, 3, TILE_M);
    rect(context, "rgba(0,0,0,0.35)", 1.8, 0, 0.07, TILE_M);
    for (let y = 0; y < TILE_M; y += 1) rect(context, "rgba(0,0,0,0.3)", 1.86, y, 0.2, 0.02);
    for (let y = 0; y < TILE_M; y += 0.5) rect(context, "rgba(0,0,0,0.14)", 2.06, y, 3, 0.015);
    if (weather === "snow") snowCover(context, random);
    if (weather === "rain") rect(context, "rgba(14,18,26,0.36)", NEAR.fromM, 0, NEAR.toM - NEAR.fromM, TILE_M);
    return canvas;
}

function grain(context: SKRSContext2D, random: Random, from: number, to: number): void {
    for (const [cellM, strength] of [
        [0.012, 0.3],
        [0.035, 0.24],
        [0.4, 0.06],
    ] as const) {
        speckle(context, random, from, to, cellM, strength);
    }
    for (let stain = 0; stain < 9; stain++) {
        const [x, y, radius] = [random.between(-1.4, 1.4), random.between(0.5, 5.5), random.between(0.06, 0.4)];
        context.fillStyle = `rgba(22,22,25,${random.between(0.1, 0.28)})`;
        context.beginPath();
        context.ellipse(x, y, radius * 0.7, radius * 1.3, 0, 0, Math.PI * 2);
        context.fill();
    }
}

/** Light and dark cells between two places across the lane, over the whole tile. */
function speckle(
    context: SKRSContext2D,
    random: Random,
    from: number,
    to: number,
    cellM: number,
    strength: number,
): void {
    const cells = createCanvas(Math.ceil((to - from) / cellM), Math.ceil(TILE_M / cellM));
    const image = cells.getContext("2d").createImageData(cells.width, cells.height);
    for (let i = 0; i < image.data.length; i += 4) {
        const bits = random.bits();
        image.data.fill(bits & 1 ? 210 : 25, i, i + 3);
        image.data[i + 3] = (bits >>> 24) * strength;
    }
    cells.getContext("2d").putImageData(image, 0, 0);
    context.drawImage(cells, from, 0, to - from, TILE_M);
}

function crack(context: SKRSContext2D, random: Random): void {
    context.strokeStyle = "rgba(25,25,27,0.75)";
    context.lineWidth = 0.018;
    context.beginPath();
    let [x, y] = [random.between(-1.6, 1.2), 0.3];
    for (let step = 0; step < 16; step++) {
        context.lineTo(x, y);
        x += random.between(-0.16, 0.18);
        y += random.between(0.1, 0.4);
    }
    context.stroke();
}

/** Snow lies where no wheel runs: thick on the kerb, thin between the tracks. */
function snowCover(context: SKRSContext2D, random: Random): void {
    rect(context, "rgba(240,244,250,0.5)", NEAR.fromM, 0, -2 - NEAR.fromM, TILE_M);
    rect(context, "rgba(240,244,250,0.82)", 1.5, 0, NEAR.toM - 1.5, TILE_M);
    for (let patch = 0; patch < 900; patch++) {
        const middle = random.pick([-1.75, 0, 1.5]);
        const x = middle + random.between(-0.34, 0.34);
        const size = random.between(0.03, 0.2);
        rect(
            context,
            `rgba(240,244,250,${random.between(0.1, 0.45)})`,
            x,
            random.between(0, TILE_M),
            size * 0.6,
            size,
            size * 0.3,
        );
    }
}
