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
    const { width, height, pixels } = now;
    const changed = new Uint32Array(CELLS);
    const columns = Uint8Array.from({ length: width }, (_, x) => Math.floor((x * CELLS_ACROSS) / width));
    const rows = Uint8Array.from({ length: height }, (_, y) => Math.floor((y * CELLS_DOWN) / height));
    for (let y = 0, at = 0; y < height; y++) {
        const row = (rows[y] ?? 0) * CELLS_ACROSS;
        for (let x = 0; x < width; x++, at++) {
            if (before.pixels[at] === pixels[at]) continue;
            const cell = row + (columns[x] ?? 0);
            changed[cell] = (changed[cell] ?? 0) + 1;
        }
    }
    const [wide, high] = [countsOf(columns, CELLS_ACROSS), countsOf(rows, CELLS_DOWN)];
    return Float32Array.from(changed, (count, cell) => {
        const of = (wide[cell % CELLS_ACROSS] ?? 0) * (high[Math.floor(cell / CELLS_ACROSS)] ?? 0);
        return count / Math.max(1, of);
    });
}

/** How often each number below `end` occurs. */
function countsOf(numbers: Uint8Array, end: number): Uint32Array {
    const counts = new Uint32Array(end);
    for (const number of numbers) counts[number] = (counts[number] ?? 0) + 1;
    return counts;
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

/** For each share (0..1) the grey level at or below which so many of the pixels are. */
export function levelsAt({ pixels }: SceneLook, shares: readonly number[]): readonly number[] {
    const counts = countsOf(pixels, 256);
    return shares.map((share) => {
        let rest = pixels.length * share;
        const level = counts.findIndex((count) => {
            rest -= count;
            return rest <= 0;
        });
        return Math.max(0, level);
    });
}
