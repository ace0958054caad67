/**
 * What is around a plate, sampled in the plate's own measure: whether it went along when the plate moved, stayed where it was, or
 * was exchanged behind a plate that stayed. Comparisons are of structure, not of brightness: lamps and exposure change that.
 */
import type { Corner } from "./row-straightener.ts";
import type { SceneLook } from "./scene-look.ts";

/** Where a plate is in a look, in pixels of it. */
export interface PlatePlace {
    readonly x: number;
    readonly y: number;
    /** From the middle of its left side to the middle of its right side. */
    readonly dx: number;
    readonly dy: number;
}

/** Grey levels on a grid over a part of a look; undefined where that reaches out of the picture. */
type Patch = Float32Array | undefined;

/** Left and right of the plate, above and below it: middle and half sizes, in widths of the plate. */
const PATCHES = [
    { along: -1, across: 0, halfAlong: 0.4, halfAcross: 0.35 },
    { along: 1, across: 0, halfAlong: 0.4, halfAcross: 0.35 },
    { along: 0, across: -0.75, halfAlong: 0.6, halfAcross: 0.3 },
    { along: 0, across: 0.75, halfAlong: 0.6, halfAcross: 0.3 },
] as const;
const PLATE = { along: 0, across: 0, halfAlong: 0.45, halfAcross: 0.1 } as const;
const COLUMNS = 14;
const ROWS = 10;
/** A part of less contrast than this looks like any other. */
const CONTRAST_MIN = 5;
/** The corners of a plate are found to so many widths; a part is compared at all of these places and the best counts. */
const SHIFTS = [-0.06, 0, 0.06];
const ZOOMS = [0.95, 1, 1.05];

/** A plate's surroundings as one look showed them. */
export interface Surroundings {
    readonly place: PlatePlace;
    readonly around: readonly Patch[];
    readonly plate: Patch;
}

/** How alike what is around the plate is at two times: -1 to 1, the median of the parts that tell anything. */
export interface Likeness {
    /** In the plate's measure: 1 when the surroundings went along with it. */
    readonly along: number;
    /** At the same pixels: 1 when they stayed where they were. */
    readonly inPlace: number;
    /** The plate itself at its former pixels. */
    readonly plateInPlace: number;
    /** Parts that could be compared. */
    readonly parts: number;
}

export function placeOf([topLeft, topRight, bottomRight, bottomLeft]: readonly Corner[], zoom: number): PlatePlace {
    const middle = (a: Corner = [0, 0], b: Corner = [0, 0]): Corner => [
        ((a[0] + b[0]) / 2) * zoom,
        ((a[1] + b[1]) / 2) * zoom,
    ];
    const [left, right] = [middle(topLeft, bottomLeft), middle(topRight, bottomRight)];
    return {
        x: (left[0] + right[0]) / 2,
        y: (left[1] + right[1]) / 2,
        dx: right[0] - left[0],
        dy: right[1] - left[1],
    };
}

export function widthOf({ dx, dy }: PlatePlace): number {
    return Math.hypot(dx, dy);
}

export function surroundingsOf(look: SceneLook, place: PlatePlace): Surroundings {
    return { place, around: PATCHES.map((part) => sample(look, place, part)), plate: sample(look, place, PLATE) };
}

export function likenessOf(before: Surroundings, look: SceneLook, place: PlatePlace): Likeness {
    const usable = PATCHES.map((part, index) => ({ part, was: before.around[index] })).filter(
        ({ was }) => was !== undefined && contrastOf(was) >= CONTRAST_MIN,
    );
    const along = usable.map(({ part, was }) => bestOf(was, look, place, part));
    const inPlace = usable.map(({ part, was }) => correlate(was, sample(look, before.place, part)));
    // Where a part has left the picture it went along with a plate that is about to.
    return {
        along: median(along.filter((value) => value !== undefined)),
        inPlace: median(inPlace.filter((value) => value !== undefined)),
        plateInPlace: correlate(before.plate, sample(look, before.place, PLATE)) ?? 0,
        parts: usable.length,
    };
}

function bestOf(was: Patch, look: SceneLook, place: PlatePlace, part: (typeof PATCHES)[number]): number | undefined {
    const width = widthOf(place);
    let best: number | undefined;
    for (const zoom of ZOOMS) {
        for (const shiftX of SHIFTS) {
            for (const shiftY of SHIFTS) {
                const moved = {
                    ...{ x: place.x + shiftX * width, y: place.y + shiftY * width },
                    ...{ dx: place.dx * zoom, dy: place.dy * zoom },
                };
                const value = correlate(was, sample(look, moved, part));
                if (value !== undefined && value > (best ?? -1)) best = value;
            }
        }
    }
    return best;
}

function sample(look: SceneLook, { x, y, dx, dy }: PlatePlace, part: (typeof PATCHES)[number] | typeof PLATE): Patch {
    const values = new Float32Array(COLUMNS * ROWS);
    for (let row = 0; row < ROWS; row++) {
        const across = part.across + ((row + 0.5) / ROWS - 0.5) * 2 * part.halfAcross;
        for (let column = 0; column < COLUMNS; column++) {
            const along = part.along + ((column + 0.5) / COLUMNS - 0.5) * 2 * part.halfAlong;
            const px = Math.floor(x + along * dx - across * dy);
            const py = Math.floor(y + along * dy + across * dx);
            if (px < 0 || py < 0 || px + 1 >= look.width || py + 1 >= look.height) return undefined;
            const at = py * look.width + px;
            const { pixels, width } = look;
            const four =
                (pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + width] ?? 0) + (pixels[at + width + 1] ?? 0);
            values[row * COLUMNS + column] = four / 4;
        }
    }
    return values;
}

function contrastOf(values: Float32Array): number {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Pearson's correlation; undefined where one of the two is missing or flat. */
function correlate(a: Patch, b: Patch): number | undefined {
    if (a === undefined || b === undefined) return undefined;
    const [meanA, meanB] = [a, b].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
    let [product, squareA, squareB] = [0, 0, 0];
    for (let at = 0; at < a.length; at++) {
        const [offA, offB] = [(a[at] ?? 0) - (meanA ?? 0), (b[at] ?? 0) - (meanB ?? 0)];
        product += offA * offB;
        squareA += offA * offA;
        squareB += offB * offB;
    }
    const both = Math.sqrt(squareA * squareB);
    return both < a.length ? 0 : product / both;
}

function median(values: readonly number[]): number {
    return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
