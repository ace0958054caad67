/** The line that cameras write into their pictures. Ours says what it is, so that nobody takes a picture for a real one. */
import { createCanvas } from "@napi-rs/canvas";
import { drawRun, type Run, widthOf } from "./plate-face.ts";
import { type Frame, over } from "./rasteriser.ts";
import { type Level, textureOf } from "./texture.ts";

const TEXT = "SIMULATED CAMERA";

/** Draws the line for pictures of this height. */
export function drawCaption(frameHeight: number): Level {
    const run: Run = { text: TEXT, face: "din", height: Math.round(frameHeight / 50), gap: 0.3 };
    const pad = Math.round(frameHeight / 90);
    const canvas = createCanvas(Math.ceil(widthOf(run)) + 2 * pad, run.height + 2 * pad);
    const context = canvas.getContext("2d");
    context.fillStyle = "rgba(0,0,0,0.35)";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = "rgba(255,255,255,0.85)";
    drawRun(context, run, pad, pad);
    const level = textureOf(canvas).levels[0];
    if (level === undefined) throw new RangeError("a texture has at least one level");
    return level;
}

/** Lays the line into the top left corner. */
export function stamp(frame: Frame, caption: Level): void {
    const margin = Math.round(frame.height / 60);
    for (let y = 0; y < caption.height; y++) {
        for (let x = 0; x < caption.width; x++) {
            const at = (y + margin) * frame.width + x + margin;
            frame.pixels[at] = over(caption.pixels[y * caption.width + x] ?? 0, frame.pixels[at] ?? 0);
        }
    }
}
