/** The face of a lorry, painted once per lorry in metres: 2.5 m wide, from the roof down to the bumper's lower edge. */
import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import { Random } from "../random.ts";
import { ball, canvasInMetres, disc, fall, line, type Point, rect, shape, text } from "./brush.ts";
import type { Livery } from "./lorry-livery.ts";

/** Heights above the road in metres where the parts of the face meet. */
export const FRONT = {
    widthM: 2.5,
    roofM: 3.75,
    screenTopM: 2.95,
    screenFootM: 1.95,
    bumperTopM: 0.98,
    footM: 0.3,
    plateMidM: 0.52,
    lampM: 0.76,
} as const;

const PX_PER_M = 280;

export function drawFront(livery: Livery): Canvas {
    const [canvas, context] = canvasInMetres(FRONT.widthM, FRONT.roofM - FRONT.footM, PX_PER_M);
    // From here on y is minus the height above the road.
    context.translate(0, FRONT.roofM);
    rect(context, livery.colour, 0, -FRONT.roofM, FRONT.widthM, FRONT.roofM - FRONT.footM);
    // What paint mirrors: sky above, the far yard as a darker band, the road below.
    rect(
        context,
        fall(
            context,
            -FRONT.roofM,
            -FRONT.footM,
            "rgba(235,243,255,0.34)",
            "rgba(225,236,250,0.12)",
            "rgba(20,24,30,0.10)",
            "rgba(20,22,26,0.20)",
            "rgba(120,112,100,0.16)",
        ),
        0,
        -FRONT.roofM,
        2.5,
        3.45,
    );
    drawRoof(context, livery);
    drawWindscreen(context, livery);
    drawPanel(context, livery);
    drawGrille(context, livery);
    drawBumper(context, livery);
    for (const side of [1, -1] as const) drawLamps(context, livery, side);
    drawWear(context, new Random(livery.seed, "wear"));
    return canvas;
}

function drawRoof(context: SKRSContext2D, livery: Livery): void {
    rect(
        context,
        fall(context, -3.75, -2.95, "rgba(255,255,255,0.28)", "rgba(0,0,0,0.12)"),
        0.1,
        -3.75,
        2.3,
        0.8,
        0.25,
    );
    line(context, "rgba(0,0,0,0.35)", 0.015, [0.1, -2.98], [2.4, -2.98]);
    if (livery.slogan !== "")
        text(context, { text: livery.slogan, face: "din", height: 0.17, weight: 0.85 }, 1.25, -3.3, livery.stripe);
    for (let lamp = 0; lamp < livery.roofLamps; lamp++) {
        const x = 0.55 + lamp * 0.467;
        disc(context, "#23262b", x, -3.58, 0.1);
        disc(context, ball(context, x - 0.02, -3.6, 0.09, "#f6f8fa", "#aab2b8", "#6b7278"), x, -3.58, 0.08);
    }
}

function drawWindscreen(context: SKRSContext2D, livery: Livery): void {
    const foot = -FRONT.screenFootM;
    const top = -FRONT.screenTopM;
    shape(context, "#0d0f10", [
        [0.07, foot + 0.05],
        [2.43, foot + 0.05],
        [2.34, top - 0.03],
        [0.16, top - 0.03],
    ]);
    const glass: readonly Point[] = [
        [0.12, foot - 0.02],
        [2.38, foot - 0.02],
        [2.29, top + 0.02],
        [0.21, top + 0.02],
    ];
    shape(context, fall(context, top, foot, "#3a464e", "#2a3339", "#1d2428", "#15191c"), glass);
    context.save();
    context.clip(); // The glass is the current path: nothing below leaves it.
    for (const x of [0.42, 1.52]) rect(context, "rgba(70,74,80,0.5)", x, foot - 0.72, 0.52, 0.8, 0.16);
    for (const x of [0.52, 1.62]) rect(context, "rgba(84,88,94,0.5)", x, foot - 0.86, 0.32, 0.2, 0.08);
    context.strokeStyle = "rgba(5,6,7,0.9)";
    context.lineWidth = 0.035;
    context.beginPath();
    context.ellipse(1.78, foot - 0.17, 0.25, 0.14, 0, 0, Math.PI * 2);
    context.stroke();
    rect(context, fall(context, foot - 0.17, foot, "#2c3134", "#0d0f10"), 0, foot - 0.16, 2.5, 0.2);
    rect(context, "#c9cdc9", 0.5, foot - 0.15, 0.28, 0.1);
    rect(context, "#e4e1d2", 1.02, foot - 0.13, 0.17, 0.09);
    shape(context, "rgba(205,225,240,0.16)", [
        [0.1, foot],
        [0.75, foot],
        [1.45, top],
        [0.1, top],
    ]);
    shape(context, "rgba(205,225,240,0.10)", [
        [0.95, foot],
        [1.15, foot],
        [1.85, top],
        [1.65, top],
    ]);
    rect(context, fall(context, top, top + 0.3, "rgba(4,8,12,0.75)", "rgba(4,8,12,0)"), 0, top, 2.5, 0.3);
    context.restore();
    for (const [x1, x2] of [
        [0.3, 0.98],
        [1.0, 1.68],
        [1.7, 2.3],
    ] as const) {
        line(context, "#08090a", 0.03, [x1, foot + 0.02], [x2, foot - 0.07]);
        line(context, "#1b1d1f", 0.018, [x1 + 0.06, foot + 0.03], [x2 + 0.02, foot - 0.1]);
    }
    if (livery.hasVisor) {
        rect(context, fall(context, top - 0.06, top + 0.17, "#3a3e43", "#15171a"), 0.14, top - 0.06, 2.22, 0.2, 0.05);
        for (const x of [0.4, 2.0]) rect(context, "#d98a1d", x, top - 0.02, 0.11, 0.035, 0.01);
    }
}

function drawPanel(context: SKRSContext2D, livery: Livery): void {
    rect(
        context,
        fall(context, -1.92, -1.5, "rgba(255,255,255,0.22)", "rgba(255,255,255,0.02)", "rgba(0,0,0,0.22)"),
        0.02,
        -1.9,
        2.46,
        0.38,
    );
    line(context, "rgba(0,0,0,0.6)", 0.014, [0.03, -1.545], [2.47, -1.545]);
    line(context, "rgba(255,255,255,0.3)", 0.008, [0.03, -1.532], [2.47, -1.532]);
    for (const x of [0.2, 2.3]) line(context, "rgba(0,0,0,0.45)", 0.012, [x, -1.9], [x, -1.0]);
    const run = { text: livery.badge, face: "din", height: 0.105, gap: 0.45, weight: 1.1 } as const;
    text(context, run, 1.258, -1.672, "rgba(6,8,10,0.75)");
    text(context, run, 1.25, -1.68, "#aeb4ba");
    text(context, { ...run, weight: 0.6 }, 1.249, -1.682, "#eef1f3");
}

function drawGrille(context: SKRSContext2D, livery: Livery): void {
    const [left, top, width, height] = [0.3, -1.52, 1.9, 0.5];
    rect(context, "rgba(0,0,0,0.55)", left - 0.02, top - 0.015, width + 0.04, height + 0.03, 0.06);
    rect(context, "#0c0d0f", left, top, width, height, 0.05);
    const count = { bars: 4, slats: 6, mesh: 11 }[livery.grille];
    const pitch = height / count;
    for (let bar = 0; bar < count; bar++) {
        const y = top + bar * pitch + pitch * 0.22;
        const h = pitch * 0.6;
        if (livery.grille === "bars") {
            rect(context, livery.colour, left + 0.02, y, width - 0.04, h, 0.015);
            rect(
                context,
                fall(context, y, y + h, "rgba(255,255,255,0.3)", "rgba(0,0,0,0.05)", "rgba(0,0,0,0.5)"),
                left + 0.02,
                y,
                width - 0.04,
                h,
                0.015,
            );
        } else
            rect(
                context,
                fall(context, y, y + h, "#5a6066", "#2d3135", "#131517"),
                left + 0.02,
                y,
                width - 0.04,
                h,
                0.008,
            );
    }
    if (livery.grille === "mesh") {
        for (let column = 1; column < 42; column++)
            rect(context, "#0c0d0f", left + (column * width) / 42 - 0.008, top, 0.014, height);
    }
    context.strokeStyle = "rgba(190,196,202,0.55)";
    context.lineWidth = 0.014;
    context.strokeRect(left + 0.005, top + 0.005, width - 0.01, height - 0.01);
    disc(context, "#08090a", 1.25, -1.27, 0.105);
    disc(context, ball(context, 1.22, -1.31, 0.13, "#ffffff", "#b9c0c6", "#5e656b"), 1.25, -1.27, 0.09);
    disc(context, "#22272c", 1.25, -1.27, 0.06);
    shape(context, "#d5dade", [
        [1.25, -1.325],
        [1.295, -1.24],
        [1.25, -1.258],
        [1.205, -1.24],
    ]);
    text(context, { text: livery.model, face: "din", height: 0.055, gap: 0.22 }, 0.52, -1.085, "#c9ced2");
}

function drawBumper(context: SKRSContext2D, livery: Livery): void {
    const paint = livery.bumper === "painted" ? livery.colour : "#43474b";
    rect(context, "#08090a", 0, -0.995, 2.5, 0.05);
    rect(context, paint, 0, -0.96, 2.5, 0.66, 0.05);
    rect(
        context,
        fall(
            context,
            -0.96,
            -0.3,
            "rgba(255,255,255,0.36)",
            "rgba(255,255,255,0.06)",
            "rgba(0,0,0,0.10)",
            "rgba(0,0,0,0.30)",
        ),
        0,
        -0.96,
        2.5,
        0.66,
    );
    rect(context, "#0b0c0d", 0.66, -0.9, 1.18, 0.19, 0.03);
    for (let slat = 0; slat < 3; slat++) {
        const y = -0.885 + slat * 0.058;
        rect(context, fall(context, y, y + 0.036, "#5a5f64", "#202326"), 0.68, y, 1.14, 0.036);
    }
    line(context, "rgba(0,0,0,0.5)", 0.012, [0.64, -0.94], [0.64, -0.4]);
    line(context, "rgba(0,0,0,0.5)", 0.012, [1.86, -0.94], [1.86, -0.4]);
    rect(context, fall(context, -0.41, -0.3, "#2d3033", "#101112"), 0, -0.405, 2.5, 0.105);
    rect(context, "rgba(0,0,0,0.28)", 0.92, -0.655, 0.66, 0.25, 0.02);
    for (const x of [0.74, 1.7]) rect(context, "#121315", x, -0.56, 0.08, 0.08, 0.02);
    if (livery.phone !== "")
        text(context, { text: livery.phone, face: "din", height: 0.052, gap: 0.2 }, 1.25, -0.682, "#e9e9e6");
}

function drawLamps(context: SKRSContext2D, livery: Livery, side: 1 | -1): void {
    context.save();
    if (side === -1) {
        context.translate(FRONT.widthM, 0);
        context.scale(-1, 1);
    }
    const slant = { slanted: 0.13, square: 0, round: 0.03 }[livery.lamps];
    const housing: readonly Point[] = [
        [0.03, -0.63],
        [0.55, -0.61],
        [0.61, -0.84 + slant],
        [0.03, -0.95],
    ];
    shape(
        context,
        "#0a0b0c",
        housing.map(([x, y]) => [x, y < -0.7 ? y - 0.012 : y + 0.012]),
    );
    shape(context, fall(context, -0.95, -0.61, "#7d868d", "#4a5157", "#2b3034"), housing);
    for (const x of [0.2, 0.41]) {
        const radius = livery.lamps === "square" ? 0.075 : 0.085;
        disc(context, "#15181a", x, -FRONT.lampM, radius);
        disc(
            context,
            ball(context, x, -FRONT.lampM, radius, "#fbfdff", "#dfe6ea", "#88929a", "#454c52"),
            x,
            -FRONT.lampM,
            radius * 0.86,
        );
        disc(context, "rgba(255,255,255,0.8)", x - 0.02, -FRONT.lampM - 0.025, 0.014);
    }
    rect(context, fall(context, -0.92, -0.64, "#f0a23a", "#b5620f"), 0.045, -0.92, 0.05, 0.27, 0.015);
    line(context, "rgba(245,250,255,0.85)", 0.018, [0.11, -0.645], [0.54, -0.628]);
    shape(context, "rgba(225,238,250,0.16)", [
        [0.03, -0.95],
        [0.61, -0.84 + slant],
        [0.6, -0.8 + slant],
        [0.03, -0.84],
    ]);
    rect(context, "#0b0c0d", 0.24, -0.57, 0.25, 0.13, 0.03);
    disc(context, ball(context, 0.36, -0.51, 0.06, "#f2f5f7", "#a3abb1", "#565d63"), 0.36, -0.505, 0.05);
    context.restore();
}

/** Years on the road: streaks, stone chips, insects. */
function drawWear(context: SKRSContext2D, random: Random): void {
    for (let streak = 0; streak < 46; streak++) {
        const x = random.between(0, 2.5);
        const y = random.between(-1.9, -0.5);
        const reach = random.between(0.08, 0.45);
        rect(
            context,
            fall(context, y, y + reach, `rgba(70,62,50,${random.between(0.04, 0.16)})`, "rgba(70,62,50,0)"),
            x,
            y,
            random.between(0.006, 0.03),
            reach,
        );
    }
    for (let chip = 0; chip < 260; chip++) {
        const grey = random.int(90);
        disc(
            context,
            `rgba(${grey},${grey},${grey},${random.between(0.08, 0.4)})`,
            random.between(0, 2.5),
            random.between(-3.2, -0.32),
            random.between(0.001, 0.005),
        );
    }
}
