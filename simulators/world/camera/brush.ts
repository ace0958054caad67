/** Small painting helpers shared by everything that is painted in metres. */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { drawRun, type Run, widthOf } from "./plate-face.ts";

type Gradient = ReturnType<SKRSContext2D["createLinearGradient"]>;
export type Paint = SKRSContext2D["fillStyle"];
export type Point = readonly [x: number, y: number];

/** A canvas whose units are metres, x to the right and y downwards. */
export function canvasInMetres(widthM: number, heightM: number, pxPerM: number): readonly [Canvas, SKRSContext2D] {
    const canvas = createCanvas(Math.round(widthM * pxPerM), Math.round(heightM * pxPerM));
    const context = canvas.getContext("2d");
    context.scale(pxPerM, pxPerM);
    return [canvas, context];
}

export function rect(
    context: SKRSContext2D,
    paint: Paint,
    x: number,
    y: number,
    w: number,
    h: number,
    radius = 0,
): void {
    context.fillStyle = paint;
    context.beginPath();
    context.roundRect(x, y, w, h, radius);
    context.fill();
}

export function disc(context: SKRSContext2D, paint: Paint, x: number, y: number, radius: number): void {
    context.fillStyle = paint;
    context.beginPath();
    context.arc(x, y, radius, 0, Math.PI * 2);
    context.fill();
}

export function shape(context: SKRSContext2D, paint: Paint, points: readonly Point[]): void {
    context.fillStyle = paint;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.closePath();
    context.fill();
}

export function line(context: SKRSContext2D, colour: string, width: number, ...points: readonly Point[]): void {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
}

/** Vertical gradient with evenly spread stops. */
export function fall(context: SKRSContext2D, top: number, foot: number, ...colours: readonly string[]): Paint {
    return spread(context.createLinearGradient(0, top, 0, foot), colours);
}

/** Round gradient from the middle outwards with evenly spread stops. */
export function ball(
    context: SKRSContext2D,
    x: number,
    y: number,
    radius: number,
    ...colours: readonly string[]
): Paint {
    return spread(context.createRadialGradient(x, y, 0, x, y, radius), colours);
}

function spread(gradient: Gradient, colours: readonly string[]): Gradient {
    for (const [index, colour] of colours.entries())
        gradient.addColorStop(index / Math.max(1, colours.length - 1), colour);
    return gradient;
}

/** Text about a middle point. */
export function text(context: SKRSContext2D, run: Run, xMid: number, yMid: number, colour: string): void {
    context.strokeStyle = colour;
    drawRun(context, run, xMid - widthOf(run) / 2, yMid - run.height / 2);
}
