/** The flank of a lorry as the camera sees it passing: cab side, curtain trailer, wheels. Painted in metres. */
import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import { ball, canvasInMetres, disc, fall, line, rect, shape, text } from "./brush.ts";
import type { Livery } from "./lorry-livery.ts";

/** Lengths along the lorry and heights above the road, in metres. */
export const SIDE = {
    cabLengthM: 2.3,
    cabTopM: 3.75,
    trailerGapM: 0.7,
    trailerLengthM: 13.6,
    trailerWidthM: 2.55,
    trailerTopM: 4.0,
    trailerFootM: 1.15,
} as const;

const AXLE_M = 1.45;
const WHEEL_M = 0.5;

/** Seen from the camera's side of the lane: the face is at the left. */
export function drawCabSide(livery: Livery): Canvas {
    const [canvas, context] = canvasInMetres(SIDE.cabLengthM, SIDE.cabTopM, 140);
    context.translate(0, SIDE.cabTopM);
    rect(context, livery.colour, 0, -3.72, SIDE.cabLengthM, 3.3, 0.06);
    rect(
        context,
        fall(context, -3.7, -0.4, "rgba(255,255,255,0.2)", "rgba(255,255,255,0)", "rgba(0,0,0,0.28)"),
        0,
        -3.72,
        SIDE.cabLengthM,
        3.3,
    );
    shape(context, "#0c0e10", [
        [0.12, -1.98],
        [1.22, -1.98],
        [1.22, -2.86],
        [0.34, -2.86],
    ]);
    shape(context, fall(context, -2.84, -2, "#55646e", "#1b2125"), [
        [0.18, -2.02],
        [1.17, -2.02],
        [1.17, -2.81],
        [0.38, -2.81],
    ]);
    for (const x of [0.1, 1.3]) line(context, "rgba(0,0,0,0.5)", 0.014, [x, -3.0], [x, -0.95]);
    rect(context, "#17191b", 1.02, -1.72, 0.2, 0.055, 0.02);
    shape(context, livery.stripe, [
        [0, -1.45],
        [2.3, -1.75],
        [2.3, -1.6],
        [0, -1.32],
    ]);
    rect(context, "#1a1c1e", 0, -0.98, SIDE.cabLengthM, 0.6);
    for (const y of [-0.92, -0.62]) rect(context, "#3c4043", 0.12, y, 0.62, 0.09, 0.02);
    disc(context, "#060607", AXLE_M, -WHEEL_M, WHEEL_M + 0.12);
    context.clearRect(0, -0.36, SIDE.cabLengthM, 0.36); // Below the skirt only the wheel reaches down.
    wheel(context, AXLE_M);
    return canvas;
}

export function drawTrailerSide(livery: Livery): Canvas {
    const [canvas, context] = canvasInMetres(SIDE.trailerLengthM, SIDE.trailerTopM, 80);
    context.translate(0, SIDE.trailerTopM);
    const [top, foot, length] = [-SIDE.trailerTopM, -SIDE.trailerFootM, SIDE.trailerLengthM];
    rect(context, livery.curtain, 0, top, length, foot - top);
    rect(
        context,
        fall(context, top, foot, "rgba(255,255,255,0.16)", "rgba(0,0,0,0)", "rgba(0,0,0,0.3)"),
        0,
        top,
        length,
        foot - top,
    );
    text(
        context,
        { text: livery.slogan || livery.badge, face: "din", height: 0.95, weight: 1.1 },
        length / 2,
        -2.6,
        livery.stripe,
    );
    for (let x = 0.3; x < length; x += 0.62) {
        rect(context, "rgba(0,0,0,0.18)", x, top + 0.1, 0.05, foot - top);
        rect(context, "rgba(255,255,255,0.10)", x + 0.07, top + 0.1, 0.14, foot - top);
        rect(context, "#b9bcbe", x, foot - 0.12, 0.04, 0.2);
    }
    rect(context, "#8a8e91", 0, top, length, 0.09);
    rect(context, "#55595c", 0, foot - 0.02, length, 0.12);
    rect(context, "#1a1b1d", 0, foot + 0.1, length, 0.3);
    rect(context, "#26282a", 4.1, foot + 0.1, 4.4, 0.62, 0.05);
    for (let x = 0.6; x < length; x += 2.4) rect(context, "#d9831c", x, foot + 0.02, 0.09, 0.05);
    for (const x of [1.9, 9.4, 10.7, 12.0]) wheel(context, x);
    return canvas;
}

/** The wall behind the cab, of which a strip shows beside it. */
export function drawTrailerFront(livery: Livery): Canvas {
    const height = SIDE.trailerTopM - SIDE.trailerFootM;
    const [canvas, context] = canvasInMetres(SIDE.trailerWidthM, height, 60);
    rect(context, "#9fa3a6", 0, 0, SIDE.trailerWidthM, height);
    rect(context, livery.curtain, 0.08, 0.08, SIDE.trailerWidthM - 0.16, height - 0.16);
    rect(context, "rgba(0,0,0,0.35)", 0, 0, SIDE.trailerWidthM, height);
    return canvas;
}

/** What shows below the bumper: tyres and shade. */
export function drawUnder(): Canvas {
    const [canvas, context] = canvasInMetres(2.5, 0.3, 100);
    rect(context, "#0a0a0b", 0, 0, 2.5, 0.22);
    for (const x of [0.05, 2.13]) {
        rect(context, "#1d1e1f", x, 0, 0.32, 0.3, 0.03);
        for (let groove = 0.05; groove < 0.3; groove += 0.07) rect(context, "#0d0e0f", x + groove, 0, 0.018, 0.3);
    }
    return canvas;
}

/** Left mirror with its arms; the right one is the same picture turned round. */
export function drawMirror(): Canvas {
    const [canvas, context] = canvasInMetres(0.4, 0.95, 180);
    for (const y of [0.08, 0.86]) line(context, "#141618", 0.045, [0.12, y], [0.4, y + 0.02]);
    rect(context, fall(context, 0, 0.95, "#3d4145", "#17191b"), 0.01, 0.03, 0.24, 0.62, 0.07);
    rect(context, fall(context, 0.66, 0.95, "#34383b", "#141618"), 0.03, 0.67, 0.21, 0.25, 0.06);
    return canvas;
}

/** Soft dark ground: full in the middle, nothing at the rim. */
export function drawShadow(): Canvas {
    const [canvas, context] = canvasInMetres(64, 128, 1);
    for (let ring = 0; ring < 14; ring++)
        rect(context, "rgba(0,0,0,0.12)", ring, ring * 0.8, 64 - 2 * ring, 128 - 1.6 * ring, 14 - ring);
    return canvas;
}

function wheel(context: SKRSContext2D, x: number): void {
    disc(context, "#121314", x, -WHEEL_M, WHEEL_M);
    disc(context, "#1f2122", x, -WHEEL_M, WHEEL_M * 0.9);
    disc(
        context,
        ball(context, x, -WHEEL_M, WHEEL_M * 0.6, "#3a3e41", "#84898d", "#b4b8bb", "#55595c"),
        x,
        -WHEEL_M,
        WHEEL_M * 0.58,
    );
    for (let hole = 0; hole < 8; hole++) {
        const angle = (hole * Math.PI) / 4;
        disc(context, "#1a1c1d", x + Math.cos(angle) * 0.2, -WHEEL_M + Math.sin(angle) * 0.2, 0.032);
    }
    disc(context, "#2c2f31", x, -WHEEL_M, 0.09);
}
