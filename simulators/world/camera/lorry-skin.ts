/** Paints the textures of one lorry under one light: livery, plate and dirt. Made once per lorry and kept by the caller. */
import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import { Random } from "../random.ts";
import type { SceneLight, SceneLorry } from "../scene-view.ts";
import { fall, rect } from "./brush.ts";
import { shadeFor } from "./light.ts";
import type { LorrySkin } from "./lorry-body.ts";
import { drawFront } from "./lorry-front.ts";
import { liveryOf } from "./lorry-livery.ts";
import { drawCabSide, drawMirror, drawShadow, drawTrailerFront, drawTrailerSide, drawUnder } from "./lorry-side.ts";
import { drawHolder } from "./plate-holder.ts";
import { drawPlate } from "./plate-layout.ts";
import { textureOf } from "./texture.ts";

export function skinOf(lorry: SceneLorry, light: SceneLight): LorrySkin {
    const livery = liveryOf(lorry.cab, lorry.colour);
    const paint = shadeFor(light, "paint");
    const flank = shadeFor(light, "flank");
    const random = new Random(lorry.cab, `dirt/${lorry.plate.text}`);
    const front = drawFront(livery);
    soil(front, random, lorry.dirt, 0.3);
    const art = drawPlate(lorry.plate);
    soil(art.canvas, random, lorry.dirt, 0.7);
    const plateSizeM = [art.widthMm / 1000, art.heightMm / 1000] as const;
    return {
        front: textureOf(front, paint),
        cabSide: textureOf(drawCabSide(livery), flank),
        trailerSide: textureOf(drawTrailerSide(livery), flank),
        trailerFront: textureOf(drawTrailerFront(livery), flank),
        under: textureOf(drawUnder(), paint),
        shadow: textureOf(drawShadow()),
        mirror: textureOf(drawMirror(), paint),
        holder: textureOf(drawHolder(plateSizeM, livery.dealer), paint),
        plate: textureOf(art.canvas, shadeFor(light, "sheeting")),
        plateSizeM,
    };
}

/** Road dirt: a veil that thickens downwards from `veil` of it, and blotches. `share` 1 hides nearly everything. */
function soil(canvas: Canvas, random: Random, share: number, veil: number): void {
    if (share <= 0) return;
    const context = canvas.getContext("2d");
    const { width, height } = canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "source-atop";
    const full = Math.min(0.92, 0.85 * share);
    rect(
        context,
        fall(
            context,
            0,
            height,
            `rgba(122,110,94,${full * veil * 0.4})`,
            `rgba(118,106,90,${full * veil})`,
            `rgba(104,93,78,${full})`,
        ),
        0,
        0,
        width,
        height,
    );
    const count = Math.round(90 * share);
    for (let blot = 0; blot < count; blot++) {
        const y = height * Math.sqrt(random.next());
        blotch(context, random.next() * width, y, height * random.between(0.02, 0.14), 0.7 * share * random.next());
    }
}

function blotch(context: SKRSContext2D, x: number, y: number, radius: number, alpha: number): void {
    const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
    gradient.addColorStop(0, `rgba(92,80,64,${alpha})`);
    gradient.addColorStop(0.6, `rgba(98,86,70,${alpha * 0.7})`);
    gradient.addColorStop(1, "rgba(100,90,74,0)");
    context.fillStyle = gradient;
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}
