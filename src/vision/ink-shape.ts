/** What the ink of one character tells of its shape, whatever face it is set in. `ink` is 1 on ink, box by rows. */

import { median } from "./character-rows.ts";

/** Share of the box's height that counts as its top. */
const TOP = 0.16;
/** Smaller counters are specks: less than this share of the box, or fewer than three pixels. */
const HOLE_SHARE_MIN = 1 / 120;

/** Share of the columns that have ink at the very top. */
export function topShare(ink: Uint8Array, width: number, height: number): number {
    const rows = Math.max(1, Math.round(height * TOP));
    const columns = new Set<number>();
    for (let at = 0; at < rows * width; at++) if (ink[at] === 1) columns.add(at % width);
    return columns.size / width;
}

/** Typical length of a stretch of ink along the rows: about how wide the pen was. */
export function strokeWidth(ink: Uint8Array, width: number): number {
    const runs: number[] = [];
    let run = 0;
    for (const [at, value] of ink.entries()) {
        if (value === 1) run++;
        if (run > 0 && (value === 0 || (at + 1) % width === 0)) {
            runs.push(run);
            run = 0;
        }
    }
    return median(runs);
}

/** Areas of paper that cannot reach the edge of the box. */
export function countHoles(ink: Uint8Array, width: number, height: number): number {
    const seen = Uint8Array.from(ink);
    const areaMin = Math.max(3, width * height * HOLE_SHARE_MIN);
    let holes = 0;
    for (let start = 0; start < seen.length; start++) {
        if (seen[start] !== 0) continue;
        const { area, isOpen } = flood(seen, start, width);
        if (!isOpen && area >= areaMin) holes++;
    }
    return holes;
}

/** Marks the paper connected with `start` as seen. */
function flood(seen: Uint8Array, start: number, width: number): { area: number; isOpen: boolean } {
    const stack = [start];
    seen[start] = 1;
    let area = 0;
    let isOpen = false;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
        area++;
        const column = at % width;
        isOpen ||= column === 0 || column === width - 1 || at < width || at >= seen.length - width;
        const beside = [...(column > 0 ? [at - 1] : []), ...(column < width - 1 ? [at + 1] : [])];
        for (const next of [...beside, at - width, at + width]) {
            if (seen[next] !== 0) continue; // Undefined above and below the box.
            seen[next] = 1;
            stack.push(next);
        }
    }
    return { area, isOpen };
}
