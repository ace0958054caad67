/**
 * Rows of characters: blobs of like height that follow each other on a slightly tilted line.
 * Pure geometry; the cost is bounded by the number of blobs times the few that lie close to each.
 */
import type { Box } from "./blobs.ts";

/** A row with its middle line `y = middle + slope * x` and the typical height of a character. */
export interface CharacterRow {
    readonly boxes: readonly Box[];
    readonly slope: number;
    readonly middle: number;
    readonly height: number;
    readonly left: number;
    readonly right: number;
}

/** Limits for neighbours in a row, in character heights. */
const HEIGHT_RATIO_MIN = 0.68;
const OVERLAP_MAX = 0.3;

/** How far neighbours may be from each other, in character heights: their middles across the row, their edges along it. */
export interface Neighbourhood {
    readonly offsetMax: number;
    readonly gapMax: number;
}

/** For a whole frame: strict, so that a plate does not grow into what stands beside it. */
const STRICT: Neighbourhood = { offsetMax: 0.28, gapMax: 1.15 };

/** Groups blobs into rows of at least `countMin`. Each blob belongs to at most one row. */
export function groupRows(boxes: readonly Box[], countMin: number, limits: Neighbourhood = STRICT): CharacterRow[] {
    const sorted = [...boxes].sort((a, b) => a.x - b.x);
    const next = sorted.map((_box, index) => nearestToTheRight(sorted, index, limits));
    const previous = new Map<number, number>();
    for (const [index, to] of next.entries()) {
        if (to === undefined) continue;
        const rival = previous.get(to);
        if (rival === undefined || gap(sorted[index], sorted[to]) < gap(sorted[rival], sorted[to]))
            previous.set(to, index);
    }
    const rows: CharacterRow[] = [];
    for (const start of sorted.keys()) {
        if (previous.has(start)) continue;
        const members: Box[] = [];
        let at: number | undefined = start;
        while (at !== undefined) {
            const box: Box | undefined = sorted[at];
            if (box !== undefined) members.push(box);
            const to: number | undefined = next[at];
            at = to !== undefined && previous.get(to) === at ? to : undefined;
        }
        if (members.length >= countMin) rows.push(fitRow(members));
    }
    return rows;
}

function nearestToTheRight(sorted: readonly Box[], index: number, limits: Neighbourhood): number | undefined {
    const box = sorted[index];
    if (box === undefined) return undefined;
    const reach = box.x + box.width + box.height * limits.gapMax * 1.3;
    let best: number | undefined;
    for (let other = index + 1; other < sorted.length; other++) {
        const candidate = sorted[other];
        if (candidate === undefined || candidate.x > reach) break;
        const isNearer = best === undefined || gap(box, candidate) < gap(box, sorted[best]);
        if (isNearer && areNeighbours(box, candidate, limits)) best = other;
    }
    return best;
}

function areNeighbours(left: Box, right: Box, limits: Neighbourhood): boolean {
    const tall = Math.max(left.height, right.height);
    if (Math.min(left.height, right.height) < tall * HEIGHT_RATIO_MIN) return false;
    const offset = Math.abs(left.y + left.height / 2 - right.y - right.height / 2);
    const space = gap(left, right);
    if (offset > tall * (limits.offsetMax + 0.15 * Math.max(0, space / tall))) return false;
    return space <= tall * limits.gapMax && space >= -OVERLAP_MAX * Math.min(left.width, right.width);
}

function gap(left: Box | undefined, right: Box | undefined): number {
    return left === undefined || right === undefined ? Number.POSITIVE_INFINITY : right.x - left.x - left.width;
}

/**
 * The row follows the feet of its characters, or their heads where those stand straighter: in some plates digits and letters
 * differ in height, and share one line only.
 * @internal for tests.
 */
export function fitRow(boxes: readonly Box[]): CharacterRow {
    const xs = boxes.map((box) => box.x + box.width / 2);
    const heads = fitLine(
        xs,
        boxes.map((box) => box.y),
    );
    const feet = fitLine(
        xs,
        boxes.map((box) => box.y + box.height),
    );
    const weight = feet.error / Math.max(1e-6, feet.error + heads.error);
    const slope = heads.slope * weight + feet.slope * (1 - weight);
    return {
        boxes,
        slope,
        middle: median(boxes.map((box) => box.y + box.height / 2 - slope * (box.x + box.width / 2))),
        height: median(boxes.map((box) => box.height)),
        left: Math.min(...boxes.map((box) => box.x)),
        right: Math.max(...boxes.map((box) => box.x + box.width)),
    };
}

/** Least squares; `error` is the mean square of what remains. */
function fitLine(xs: readonly number[], ys: readonly number[]): { slope: number; error: number } {
    const meanX = mean(xs);
    const meanY = mean(ys);
    const spread = mean(xs.map((x) => (x - meanX) ** 2));
    const joint = mean(xs.map((x, index) => (x - meanX) * ((ys[index] ?? meanY) - meanY)));
    const slope = spread === 0 ? 0 : joint / spread;
    return { slope, error: mean(xs.map((x, index) => ((ys[index] ?? meanY) - meanY - slope * (x - meanX)) ** 2)) };
}

/** 0 for an empty list. */
export function mean(values: readonly number[]): number {
    return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Middle value; 0 for an empty list. */
export function median(values: readonly number[]): number {
    return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
