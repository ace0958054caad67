/** Flags as they appear on plates: a few millimetres of colour, simplified to what a lens can resolve. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Box } from "./plate-face.ts";

/** Fills the box with the country's flag; an unknown country leaves it empty. */
export function drawFlag(context: SKRSContext2D, country: string, at: Box): void {
    switch (country) {
        case "KZ":
            bands(context, at, ["#00a3c4"]);
            sun(context, at, 0.5, 0.46, 0.26, "#f5d10a");
            break;
        case "RU":
            bands(context, at, ["#ffffff", "#1c4aa5", "#cf2318"]);
            context.strokeStyle = "#8a8d92";
            context.lineWidth = 0.7;
            context.strokeRect(at.x, at.y, at.w, at.h);
            break;
        case "UZ":
            bands(context, at, ["#0a94c2", "#f4f4f4", "#1f9a45"]);
            break;
        case "KG":
            bands(context, at, ["#d8202a"]);
            sun(context, at, 0.5, 0.5, 0.28, "#f7d417");
            break;
        default:
            break;
    }
}

function bands(context: SKRSContext2D, at: Box, colours: readonly string[]): void {
    const h = at.h / colours.length;
    for (const [index, colour] of colours.entries()) {
        context.fillStyle = colour;
        context.fillRect(at.x, at.y + index * h, at.w, h);
    }
}

function sun(context: SKRSContext2D, at: Box, x: number, y: number, radius: number, colour: string): void {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(at.x + x * at.w, at.y + y * at.h, radius * at.h, 0, Math.PI * 2);
    context.fill();
}
