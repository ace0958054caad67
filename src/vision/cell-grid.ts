/** A look in cells: their means and what is between them. Noise goes in a mean; edges, light and things that move stay. */
import type { SceneLook } from "./scene-look.ts";

const CELLS_ACROSS = 32;
const CELLS_DOWN = 18;
export const CELLS = CELLS_ACROSS * CELLS_DOWN;
/** Small cells, for what a whole cell would smooth away: edges and movement. */
const FINE_PX = 8;

export interface FineMeans {
    readonly across: number;
    readonly down: number;
    readonly means: Float32Array;
}

/** For each cell the share (0..1) of its pixels that differ between two looks of one size. */
export function changedShares(before: SceneLook, now: SceneLook): Float32Array {
    const { width, height } = now;
    const changed = new Float32Array(CELLS);
    const counts = new Float32Array(CELLS);
    const columns = Uint16Array.from({ length: width }, (_, x) => Math.floor((x * CELLS_ACROSS) / width));
    for (let y = 0, at = 0; y < height; y++) {
        const row = Math.floor((y * CELLS_DOWN) / height) * CELLS_ACROSS;
        for (let x = 0; x < width; x++, at++) {
            const cell = row + (columns[x] ?? 0);
            counts[cell] = (counts[cell] ?? 0) + 1;
            if (before.pixels[at] !== now.pixels[at]) changed[cell] = (changed[cell] ?? 0) + 1;
        }
    }
    return changed.map((count, cell) => count / Math.max(1, counts[cell] ?? 1));
}

/** Means over squares of eight pixels. */
export function fineMeansOf({ width, height, pixels }: SceneLook): FineMeans {
    const [across, down] = [Math.max(1, Math.floor(width / FINE_PX)), Math.max(1, Math.floor(height / FINE_PX))];
    const means = new Float32Array(across * down);
    for (let y = 0; y < down * FINE_PX; y++) {
        for (let x = 0; x < across * FINE_PX; x++) {
            const cell = (y >> 3) * across + (x >> 3);
            means[cell] = (means[cell] ?? 0) + (pixels[y * width + x] ?? 0) / (FINE_PX * FINE_PX);
        }
    }
    return { across, down, means };
}

/** The grey level at or below which `share` (0..1) of the pixels are. */
export function levelAt({ pixels }: SceneLook, share: number): number {
    const counts = new Uint32Array(256);
    for (const level of pixels) counts[level] = (counts[level] ?? 0) + 1;
    let rest = pixels.length * share;
    return Math.max(
        0,
        counts.findIndex((count) => {
            rest -= count;
            return rest <= 0;
        }),
    );
}
