/** The frame that a plate is clipped into. Its lower lip carries a dealer's name: small print just below the number. */
import type { Canvas } from "@napi-rs/canvas";
import { canvasInMetres, rect, text } from "./brush.ts";

export const HOLDER = { rimM: 0.012, lipM: 0.03 } as const;

export function drawHolder([plateW, plateH]: readonly [number, number], dealer: string): Canvas {
    const [w, h] = [plateW + 2 * HOLDER.rimM, plateH + HOLDER.rimM + HOLDER.lipM];
    const [canvas, context] = canvasInMetres(w, h, 600);
    rect(context, "#17191b", 0, 0, w, h, 0.008);
    if (dealer !== "")
        text(context, { text: dealer, face: "din", height: 0.014, gap: 0.3 }, w / 2, h - HOLDER.lipM / 2, "#c9cccf");
    return canvas;
}
