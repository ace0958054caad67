/** Smear of a moving lorry: the mean of a few shifted copies of the region it covers. */
import type { Frame } from "./rasteriser.ts";

export interface Region {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
}

/**
 * Smears the region by the vector (pixels during the shutter's time). Less than a pixel changes nothing. `scratch` is as
 * large as the frame; its content does not matter.
 */
export function smear(frame: Frame, region: Region, dx: number, dy: number, scratch: Int32Array): void {
    const length = Math.hypot(dx, dy);
    if (length < 1) return;
    // Two copies for a short way, four for a long one, evenly spread along the vector.
    const reach = length < 3 ? [0.5] : [0.17, 0.5];
    const margin = Math.ceil(length / 2) + 1;
    const left = Math.max(margin, Math.floor(region.left));
    const right = Math.min(frame.width - 1 - margin, Math.ceil(region.right));
    const top = Math.max(margin, Math.floor(region.top));
    const bottom = Math.min(frame.height - 1 - margin, Math.ceil(region.bottom));
    if (right < left || bottom < top) return;
    const first = (top - margin) * frame.width;
    scratch.set(frame.pixels.subarray(first, (bottom + margin + 1) * frame.width));
    const [near = 0, far = near] = reach.map((share) => Math.round(dy * share) * frame.width + Math.round(dx * share));
    for (let y = top; y <= bottom; y++) {
        for (let x = left, at = y * frame.width + left; x <= right; x++, at++) {
            const from = at - first;
            const inner = mean(scratch[from + near] as number, scratch[from - near] as number);
            const outer = mean(scratch[from + far] as number, scratch[from - far] as number);
            frame.pixels[at] = mean(inner, outer);
        }
    }
}

/** Mean of four bytes at once. */
function mean(a: number, b: number): number {
    return (a & b) + (((a ^ b) & 0xfefefefe) >>> 1);
}
