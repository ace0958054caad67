/**
 * Which rows of characters deserve to be read: one row, or two rows one above the other, ranked by how much they look like
 * a plate. The list is short whatever the picture shows, because reading is what costs time.
 */
import type { BoxSet, Polarity } from "./character-boxes.ts";
import { type CharacterRow, groupRows, mean } from "./character-rows.ts";

export interface PlateCandidate {
    /** One row, or two from top to bottom. */
    readonly rows: readonly CharacterRow[];
    readonly polarity: Polarity;
    /** Only for ranking; higher is better. */
    readonly score: number;
}

/** A row alone has at least four characters (isPlausiblePlate); in two rows the lower one may have two. */
const ALONE_MIN = 4;
const ROW_MIN = 2;
const ROW_MAX = 12;
const PAIR_MIN = 5;
const PAIR_MAX = 10;

/** The best `countMax` candidates, best first; candidates that cover the same place are reported once. */
export function plateCandidates(sets: readonly BoxSet[], countMax: number): PlateCandidate[] {
    const all = sets.flatMap(({ polarity, boxes }) => {
        const rows = groupRows(boxes, ROW_MIN).filter(
            (row) => row.boxes.length <= ROW_MAX && Math.abs(row.slope) < 0.5,
        );
        const alone = rows.filter((row) => row.boxes.length >= ALONE_MIN);
        return [
            ...alone.map((row) => ({ rows: [row], polarity, score: scoreRow(row) * preference(polarity) })),
            ...pairs(rows).map(([top, bottom]) => ({
                rows: [top, bottom],
                polarity,
                score: ((scoreRow(top) + scoreRow(bottom)) / 2) * 1.1 * preference(polarity),
            })),
        ];
    });
    const best: PlateCandidate[] = [];
    for (const candidate of all.sort((a, b) => b.score - a.score)) {
        if (best.length === countMax) break;
        if (!best.some((other) => covers(other, candidate))) best.push(candidate);
    }
    return best;
}

/** Nearly all plates are dark on light; badges and slogans come either way. */
function preference(polarity: Polarity): number {
    return polarity === "dark-on-light" ? 1 : 0.7;
}

/** Plates have five to nine characters of one height at even steps; foliage, grilles and fences do not. */
function scoreRow(row: CharacterRow): number {
    const count = row.boxes.length;
    const number = count <= 7 ? count / 7 : Math.max(0.5, 1 - (count - 9) * 0.15);
    const unevenness = mean(row.boxes.map((box) => Math.abs(box.height / row.height - 1)));
    const crookedness = mean(
        row.boxes.map((box) => Math.abs(box.y + box.height / 2 - row.middle - row.slope * (box.x + box.width / 2))),
    );
    const narrowness = row.boxes.filter((box) => box.width < box.height * 0.3).length / count;
    return (
        number *
        (1 - Math.min(0.8, unevenness * 2)) *
        (1 - Math.min(0.8, (crookedness / row.height) * 3)) *
        (1 - narrowness * 0.6)
    );
}

function pairs(rows: readonly CharacterRow[]): (readonly [CharacterRow, CharacterRow])[] {
    const found: (readonly [CharacterRow, CharacterRow])[] = [];
    const sorted = [...rows].sort((a, b) => a.middle + a.slope * a.left - b.middle - b.slope * b.left);
    for (const [index, top] of sorted.entries()) {
        for (const bottom of sorted.slice(index + 1)) if (areStacked(top, bottom)) found.push([top, bottom]);
    }
    return found;
}

/** Two-row plates: rows of like size, close above each other, and one of them at least three characters long. */
function areStacked(top: CharacterRow, bottom: CharacterRow): boolean {
    const count = top.boxes.length + bottom.boxes.length;
    if (count < PAIR_MIN || count > PAIR_MAX || Math.max(top.boxes.length, bottom.boxes.length) < 3) return false;
    const height = Math.max(top.height, bottom.height);
    if (Math.min(top.height, bottom.height) < height * 0.62 || Math.abs(top.slope - bottom.slope) > 0.2) return false;
    const overlap = Math.min(top.right, bottom.right) - Math.max(top.left, bottom.left);
    if (overlap < Math.min(top.right - top.left, bottom.right - bottom.left) * 0.5) return false;
    const x = (Math.max(top.left, bottom.left) + Math.min(top.right, bottom.right)) / 2;
    const distance = bottom.middle + bottom.slope * x - top.middle - top.slope * x;
    return distance > height * 0.95 && distance < height * 1.9;
}

/** Whether most of a candidate lies inside a better one. The upper row of a pair says nothing against the pair. */
function covers(better: PlateCandidate, candidate: PlateCandidate): boolean {
    if (better.rows.length < candidate.rows.length) return false;
    const [a, b] = [boundsOf(better), boundsOf(candidate)];
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return width > 0 && height > 0 && width * height > 0.5 * (b.right - b.left) * (b.bottom - b.top);
}

function boundsOf({ rows }: PlateCandidate): { left: number; right: number; top: number; bottom: number } {
    const boxes = rows.flatMap((row) => row.boxes);
    return {
        left: Math.min(...boxes.map((box) => box.x)),
        right: Math.max(...boxes.map((box) => box.x + box.width)),
        top: Math.min(...boxes.map((box) => box.y)),
        bottom: Math.max(...boxes.map((box) => box.y + box.height)),
    };
}
