/**
 * Cuts a row of characters out of the frame and straightens it: rotation, slant and size are taken out by one perspective
 * warp, light characters on dark become dark on light.
 */
import type { Polarity } from "./character-boxes.ts";
import type { CharacterRow } from "./character-rows.ts";
import { cv, type Mat, withPictures } from "./opencv.ts";
import { type GreyImage, ROW_PX } from "./recogniser.ts";

export type Corner = readonly [x: number, y: number];

/** Room looked at around the row, in character heights: characters that were missed at first, a region code that stands apart. */
const AROUND = 0.55;
const BEFORE = 3.3;
const BEHIND = 3.3;
const WIDTH_PX_MAX = 900;
/** Slants that are tried: 0.36 is about 20 degrees to either side. */
const SLANTS = Array.from({ length: 13 }, (_, index) => (index - 6) * 0.06);

export interface StraightRow {
    readonly image: GreyImage;
    /** Columns of `image` between which the row was found; more of it may lie on either side. */
    readonly left: number;
    readonly right: number;
    /** Corners of the row's characters in pixels of the frame, clockwise from top left. */
    readonly corners: readonly Corner[];
}

/** Straightens one row. The crop is up to 900 px wide and a little over twice `ROW_PX` high. */
export async function straightenRow(grey: Mat, row: CharacterRow, polarity: Polarity): Promise<StraightRow> {
    const length = lengthOf(row);
    const { image, slant } = await withPictures(async (own) => {
        const rough = own(await warp(grey, row, polarity, 0));
        const found = await findSlant(rough);
        const picture = found === 0 ? rough : own(await warp(grey, row, polarity, found));
        return { image: { width: picture.cols, height: picture.rows, pixels: picture.getData() }, slant: found };
    });
    const toFrame = mapping(row, slant);
    const [top, bottom] = [-row.height * 0.62, row.height * 0.62];
    const [left, right] = [-row.height * 0.2, length + row.height * 0.2];
    return {
        image,
        left: BEFORE * ROW_PX,
        right: Math.min(image.width, BEFORE * ROW_PX + (length * ROW_PX) / row.height),
        corners: [toFrame(left, top), toFrame(right, top), toFrame(right, bottom), toFrame(left, bottom)],
    };
}

function lengthOf(row: CharacterRow): number {
    return (row.right - row.left) * Math.hypot(1, row.slope);
}

/** From pixels along and across the row, counted from the middle of its left end, to the frame. */
function mapping(row: CharacterRow, slant: number): (along: number, across: number) => Corner {
    const tilt = Math.hypot(1, row.slope);
    const [dx, dy] = [1 / tilt, row.slope / tilt];
    const [x0, y0] = [row.left, row.middle + row.slope * row.left];
    return (along, across) => {
        const u = along - across * slant;
        return [x0 + u * dx - across * dy, y0 + u * dy + across * dx];
    };
}

async function warp(grey: Mat, row: CharacterRow, polarity: Polarity, slant: number): Promise<Mat> {
    const zoom = ROW_PX / row.height;
    const width = Math.min(WIDTH_PX_MAX, Math.round(lengthOf(row) * zoom + (BEFORE + BEHIND) * ROW_PX));
    const height = Math.round(ROW_PX * (1 + 2 * AROUND));
    const toFrame = mapping(row, slant);
    const [left, right] = [-BEFORE * row.height, width / zoom - BEFORE * row.height];
    const half = height / zoom / 2;
    const from = [toFrame(left, -half), toFrame(right, -half), toFrame(right, half), toFrame(left, half)];
    const to: Corner[] = [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
    ];
    const point = ([x, y]: Corner) => new cv.Point2(x, y);
    const matrix = cv.getPerspectiveTransform(from.map(point), to.map(point));
    const size = new cv.Size(width, height);
    const picture = await grey.warpPerspectiveAsync(matrix, size, cv.INTER_CUBIC, cv.BORDER_REPLICATE);
    matrix.release();
    if (polarity === "dark-on-light") return picture;
    const inverse = picture.bitwiseNot();
    picture.release();
    return inverse;
}

/** The slant that gathers the ink in the fewest columns. */
async function findSlant(picture: Mat): Promise<number> {
    const mask = await picture.adaptiveThresholdAsync(1, cv.ADAPTIVE_THRESH_MEAN_C, cv.THRESH_BINARY_INV, 45, 12);
    const ink = mask.getData();
    const { cols, rows } = mask;
    mask.release();
    let best = 0;
    let bestScore = 0;
    for (const slant of SLANTS) {
        const columns = new Int32Array(cols);
        for (let y = Math.round(rows * 0.25); y < rows * 0.75; y++) {
            const shift = Math.round((y - rows / 2) * slant);
            for (let x = Math.max(0, -shift); x < Math.min(cols, cols - shift); x++) {
                columns[x + shift] = (columns[x + shift] ?? 0) + (ink[y * cols + x] ?? 0);
            }
        }
        const score = roughness(columns) * (1 - Math.abs(slant) * 0.2);
        if (score > bestScore) [best, bestScore] = [slant, score];
    }
    return best;
}

function roughness(columns: Int32Array): number {
    let sum = 0;
    for (let x = 1; x < columns.length; x++) sum += ((columns[x] ?? 0) - (columns[x - 1] ?? 0)) ** 2;
    return sum;
}
