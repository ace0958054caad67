/** A picture to be laid on a plane: premultiplied RGBA packed in 32 bits, with halved copies for seeing it small. */
import type { Canvas } from "@napi-rs/canvas";

/** Channel order in memory is R, G, B, A; packed words are little-endian, as x64 and arm64 are. */
export interface Level {
    readonly width: number;
    readonly height: number;
    readonly pixels: Int32Array;
}

export interface Texture {
    /** Level 0 is the original, each next one half the size. */
    readonly levels: readonly Level[];
}

/** Changes an RGB triple in place at `i`; used to bake the light into a texture once instead of into each frame. */
export type Shade = (rgba: Uint8ClampedArray, i: number) => void;

const LEVEL_PX_MIN = 4;

export function textureOf(canvas: Canvas, shade?: Shade): Texture {
    const { width, height } = canvas;
    const rgba = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    for (let i = 0; i < rgba.length; i += 4) {
        const alpha = rgba[i + 3] ?? 0;
        if (alpha === 0) continue;
        shade?.(rgba, i);
        if (alpha === 255) continue;
        for (let channel = i; channel < i + 3; channel++) rgba[channel] = ((rgba[channel] ?? 0) * alpha) / 255;
    }
    const levels: Level[] = [{ width, height, pixels: new Int32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4) }];
    for (let last = levels[0]; last !== undefined && Math.min(last.width, last.height) >= 2 * LEVEL_PX_MIN; ) {
        last = halve(last);
        levels.push(last);
    }
    return { levels };
}

/** Mean of each 2×2 block, two channels at a time. */
function halve(level: Level): Level {
    const width = level.width >> 1;
    const height = level.height >> 1;
    const pixels = new Int32Array(width * height);
    const from = level.pixels;
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            const i = 2 * y * level.width + 2 * x;
            const a = from[i] ?? 0;
            const b = from[i + 1] ?? 0;
            const c = from[i + level.width] ?? 0;
            const d = from[i + level.width + 1] ?? 0;
            const even = ((a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x20002) >>> 2;
            const odd =
                ((a >>> 8) & 0xff00ff) +
                ((b >>> 8) & 0xff00ff) +
                ((c >>> 8) & 0xff00ff) +
                ((d >>> 8) & 0xff00ff) +
                0x20002;
            pixels[y * width + x] = (even & 0xff00ff) | (((odd >>> 2) & 0xff00ff) << 8);
        }
    }
    return { width, height, pixels };
}
