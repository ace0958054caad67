/** The boom arm in front of the camera: a striped beam that turns about its pivot beside the lane. */
import { createCanvas } from "@napi-rs/canvas";
import type { SceneLight } from "../scene-view.ts";
import { shadeFor } from "./light.ts";
import type { Vec3 } from "./pin-hole.ts";
import type { Sheet } from "./rasteriser.ts";
import { type Texture, textureOf } from "./texture.ts";

const PIVOT: Vec3 = [0, 2.25, 0.9];
const LENGTH_M = 4.6;
const HEIGHT_M = 0.095;
const DEPTH_M = 0.06;

export function boomTexture(light: SceneLight): Texture {
    const canvas = createCanvas(1840, 38);
    const context = canvas.getContext("2d");
    context.fillStyle = "#e9e9e6";
    context.fillRect(0, 0, 1840, 38);
    context.fillStyle = "#c3241f";
    for (let x = 60; x < 1840; x += 320) context.fillRect(x, 0, 160, 38);
    const round = context.createLinearGradient(0, 0, 0, 38);
    round.addColorStop(0, "rgba(255,255,255,0.35)");
    round.addColorStop(0.4, "rgba(255,255,255,0)");
    round.addColorStop(1, "rgba(0,0,0,0.45)");
    context.fillStyle = round;
    context.fillRect(0, 0, 1840, 38);
    context.fillStyle = "#191a1c";
    context.fillRect(0, 33, 1840, 5);
    return textureOf(canvas, shadeFor(light, "sheeting"));
}

/** `armAngleDeg` 0 = across the lane, 90 = upright. */
export function boomSheets(armAngleDeg: number, texture: Texture): readonly Sheet[] {
    const angle = (armAngleDeg * Math.PI) / 180;
    const along: Vec3 = [0, -Math.cos(angle) * LENGTH_M, Math.sin(angle) * LENGTH_M];
    const up: Vec3 = [0, Math.sin(angle) * HEIGHT_M, Math.cos(angle) * HEIGHT_M];
    const [x, y, z] = PIVOT;
    const near: Vec3 = [x + DEPTH_M / 2, y + up[1] / 2, z + up[2] / 2];
    return [
        { texture, part: [0, 0, 1, 0.2], plane: { origin: near, across: along, down: [-DEPTH_M, 0, 0] } },
        { texture, plane: { origin: near, across: along, down: [0, -up[1], -up[2]] }, gain: 0.92 },
    ];
}
