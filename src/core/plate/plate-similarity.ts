/**
 * How alike two plates are, for the officer's screen: candidates are ranked and differing characters marked.
 * Nothing here admits. In a yard with consecutive fleet numbers a plate without a booking is often one sign off a booked one.
 */
import type { NearKey, PlateKey } from "./plate-key.ts";

/** Signs that cameras take for one another. Taken from public plate readers; not yet measured on our own reader. */
const CONFUSION_GROUPS = ["0OQD", "1IL", "2Z", "3З", "4AЧ", "5S", "6G", "7T", "8B"];
/** The first sign of the group, or the sign itself. */
const STAND_IN: ReadonlyMap<string, string> = new Map(
    CONFUSION_GROUPS.flatMap((group) => [...group].map((sign) => [sign, group.charAt(0)] as const)),
);
/** Four confusions weigh as much as one plain difference. A choice for ranking, not a measured probability. */
const CONFUSABLE_COST = 0.25;

/** One place where two plates differ. */
export interface PlateDifference {
    /** Position in `a`, counted in characters from 0; for "extra" the place before which `b` has its character. */
    readonly indexA: number;
    /** Position in `b`; for "missing" the place before which `a` has its character. */
    readonly indexB: number;
    /** Character of `a`, empty for "extra". */
    readonly a: string;
    /** Character of `b`, empty for "missing". */
    readonly b: string;
    /** "missing": in `a` and not in `b`; "extra": in `b` and not in `a`. */
    readonly kind: "confusable" | "other" | "missing" | "extra";
}

/** All places where two plates differ, and how much that weighs. */
export interface PlateDiff {
    /** 0 for equal keys; 0.25 per confusable character, 1 per other, missing or extra one, least total. */
    readonly distance: number;
    /** From left to right. */
    readonly differences: readonly PlateDifference[];
}

/**
 * Aligns two keys at least cost. Symmetrical: exchanging the keys exchanges the sides of every difference and keeps the
 * distance. Work grows with the product of the lengths; meant for plates.
 */
export function diffPlates(a: PlateKey | NearKey, b: PlateKey | NearKey): PlateDiff {
    if (a <= b) return diffInOrder([...a], [...b]);
    const { distance, differences } = diffInOrder([...b], [...a]);
    return { distance, differences: differences.map(exchange) };
}

/**
 * The key with every confusable sign written as the first of its group. Two keys that differ in confusable signs only have
 * the same folded text; it finds near matches and never admits.
 */
export function foldConfusable(key: PlateKey | NearKey): string {
    let folded = "";
    for (const sign of key) folded += standIn(sign);
    return folded;
}

/** Equal beginnings and ends are set aside: candidates differ in little, and many are compared at once. */
function diffInOrder(a: readonly string[], b: readonly string[]): PlateDiff {
    const shorter = Math.min(a.length, b.length);
    let head = 0;
    while (head < shorter && a[head] === b[head]) head++;
    let tail = 0;
    while (tail < shorter - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
    return align(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head);
}

/** A cheapest way to align two beginnings: the last difference on it, and the way before that. */
type Way =
    | { readonly cost: number; readonly last?: undefined }
    | { readonly cost: number; readonly last: PlateDifference; readonly before: Way };

/** A character of `b`, and the cheapest way that ends behind it, for as much of `a` as has been looked at. */
interface Column {
    readonly sign: string;
    readonly indexB: number;
    way: Way;
}

/** Levenshtein's table, one row of it at a time. `offset` is the position of the first characters in their plates. */
function align(a: readonly string[], b: readonly string[], offset: number): PlateDiff {
    let start: Way = { cost: 0 };
    let left: Way = start;
    const columns = b.map((sign, index): Column => {
        const indexB = offset + index;
        left = extend(left, { indexA: offset, indexB, a: "", b: sign, kind: "extra" });
        return { sign, indexB, way: left };
    });
    for (const [index, sign] of a.entries()) {
        const indexA = offset + index;
        let diagonal: Way = start;
        start = extend(start, { indexA, indexB: offset, a: sign, b: "", kind: "missing" });
        left = start;
        for (const column of columns) {
            const above = column.way;
            column.way = sign === column.sign ? diagonal : cheapest(sign, indexA, column, { diagonal, above, left });
            left = column.way;
            diagonal = above;
        }
    }
    return { distance: left.cost, differences: differencesOn(left) };
}

/** A substitution goes before a missing character, and this before an extra one, where they cost the same. */
function cheapest(sign: string, indexA: number, column: Column, ways: Record<"diagonal" | "above" | "left", Way>): Way {
    const { sign: other, indexB } = column;
    const kind = standIn(sign) === standIn(other) ? "confusable" : "other";
    const substituted = ways.diagonal.cost + costOf(kind);
    const shorter = Math.min(ways.above.cost, ways.left.cost) + 1;
    if (substituted <= shorter) return extend(ways.diagonal, { indexA, indexB, a: sign, b: other, kind });
    return ways.above.cost <= ways.left.cost
        ? extend(ways.above, { indexA, indexB: indexB + 1, a: sign, b: "", kind: "missing" })
        : extend(ways.left, { indexA: indexA + 1, indexB, a: "", b: other, kind: "extra" });
}

function extend(before: Way, difference: PlateDifference): Way {
    return { cost: before.cost + costOf(difference.kind), last: difference, before };
}

function costOf(kind: PlateDifference["kind"]): number {
    return kind === "confusable" ? CONFUSABLE_COST : 1;
}

function differencesOn(way: Way): readonly PlateDifference[] {
    const differences: PlateDifference[] = [];
    for (let step: Way = way; step.last !== undefined; step = step.before) differences.push(step.last);
    return differences.reverse();
}

function exchange({ indexA, indexB, a, b, kind }: PlateDifference): PlateDifference {
    const exchanged = kind === "missing" ? "extra" : kind === "extra" ? "missing" : kind;
    return { indexA: indexB, indexB: indexA, a: b, b: a, kind: exchanged };
}

function standIn(sign: string): string {
    return STAND_IN.get(sign) ?? sign;
}
