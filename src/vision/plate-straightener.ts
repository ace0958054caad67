/**
 * Presses a plate, seen obliquely or not, by its four corners into an upright rectangle of a picture of its own, and knows the
 * way back. The row straightener does the same for rows of characters whose corners nobody knows yet.
 */
import { cv, type Mat } from "./opencv.ts";
import type { Corner } from "./row-straightener.ts";

export interface StraightPlate {
    /** CV_8UC1; the caller releases it. */
    readonly picture: Mat;
    /** From a place in `picture` to the place in the frame. */
    readonly inFrame: (place: Corner) => Corner;
}

/**
 * Puts what lies between `corners` of a frame, clockwise from the top left, between `onto` of a picture of the given size; what
 * lies around the plate comes along.
 */
export async function straightPlate(
    grey: Mat,
    corners: readonly Corner[],
    onto: readonly Corner[],
    width: number,
    height: number,
): Promise<StraightPlate> {
    const [from, to] = [corners.map(toPoint), onto.map(toPoint)];
    const there = cv.getPerspectiveTransform(from, to);
    const back = cv.getPerspectiveTransform(to, from);
    const matrix = back.getDataAsArray();
    try {
        const size = new cv.Size(width, height);
        const picture = await grey.warpPerspectiveAsync(there, size, cv.INTER_LINEAR, cv.BORDER_REPLICATE);
        return { picture, inFrame: (place) => moved(matrix, place) };
    } finally {
        there.release();
        back.release();
    }
}

/** The corners moved outwards from their middle by these shares of the plate's width and height. */
export function grown(corners: readonly Corner[], byWidth: number, byHeight: number): readonly Corner[] {
    const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = fourOf(corners);
    const [rightX, rightY] = [((x1 - x0 + x2 - x3) / 4) * byWidth, ((y1 - y0 + y2 - y3) / 4) * byWidth];
    const [downX, downY] = [((x3 - x0 + x2 - x1) / 4) * byHeight, ((y3 - y0 + y2 - y1) / 4) * byHeight];
    return [
        [x0 - rightX - downX, y0 - rightY - downY],
        [x1 + rightX - downX, y1 + rightY - downY],
        [x2 + rightX + downX, y2 + rightY + downY],
        [x3 - rightX + downX, y3 - rightY + downY],
    ];
}

/** Width and height of a plate in pixels: the mean of opposite sides. */
export function sidesOf(corners: readonly Corner[]): { readonly width: number; readonly height: number } {
    const [topLeft, topRight, bottomRight, bottomLeft] = fourOf(corners);
    return {
        width: (distance(topLeft, topRight) + distance(bottomLeft, bottomRight)) / 2,
        height: (distance(topLeft, bottomLeft) + distance(topRight, bottomRight)) / 2,
    };
}

function fourOf(corners: readonly Corner[]): readonly [Corner, Corner, Corner, Corner] {
    const [a, b, c, d] = corners;
    if (a === undefined || b === undefined || c === undefined || d === undefined)
        throw new Error("a plate has four corners");
    return [a, b, c, d];
}

function distance([x0, y0]: Corner, [x1, y1]: Corner): number {
    return Math.hypot(x1 - x0, y1 - y0);
}

function toPoint([x, y]: Corner): InstanceType<typeof cv.Point2> {
    return new cv.Point2(x, y);
}

function moved(matrix: readonly (readonly number[])[], [x, y]: Corner): Corner {
    const [across = 0, down = 0, depth = 1] = matrix.map(([a = 0, b = 0, c = 0]) => a * x + b * y + c);
    return [across / depth, down / depth];
}
