/**
 * First look at a frame: blobs that could be characters, dark on light and light on dark, at two scales.
 * Local thresholds and connected components only: a few milliseconds, and the number of blobs is bounded.
 */
import { type Blob, type Box, findBlobs } from "./blobs.ts";
import { cv, type Mat, withPictures } from "./opencv.ts";

export type Polarity = "dark-on-light" | "light-on-dark";

export interface BoxSet {
    readonly polarity: Polarity;
    /** In pixels of the full frame. */
    readonly boxes: readonly Box[];
}

/** A scale of the search: `shrink` 2 looks at the half-size picture and so finds characters twice as high. */
interface Scale {
    readonly shrink: number;
    readonly heightPxMin: number;
    readonly heightPxMax: number;
}

/** Heights in pixels of the shrunk picture; together they cover plates of about 60 to 600 px width. */
const SCALES: readonly Scale[] = [
    { shrink: 1, heightPxMin: 8, heightPxMax: 34 },
    { shrink: 2, heightPxMin: 13, heightPxMax: 60 },
];
const WIDTH_PX_MAX = 2_048;
/** Width of a character against its height, and the least of its box that is ink. */
const WIDTH_MIN = 0.11;
const WIDTH_MAX = 1.3;
const INK_MIN = 0.15;
/** Window of the local threshold: wider than a stroke, narrower than a plate is high. */
const WINDOW_PX = 19;
/** How much darker (or lighter) than its surroundings a stroke must be, of 255. */
const CONTRAST_MIN = 9;
/** Snow and gravel make thousands of blobs. Of too many the lowest are kept, because lorries carry their plates low. */
const BOXES_MAX = 1_500;

/** Finds blobs of a character's size. `grey` is a CV_8UC1 picture of at least 64×64. */
export async function findCharacterBoxes(grey: Mat): Promise<BoxSet[]> {
    return await withPictures(async (own) => {
        const sets: BoxSet[] = [];
        // Beyond full HD there are more pixels, not smaller plates.
        const base = Math.ceil(grey.cols / WIDTH_PX_MAX);
        for (const { shrink, ...heights } of SCALES) {
            const scale = { shrink: shrink * base, ...heights };
            const size = new cv.Size(Math.round(grey.cols / scale.shrink), Math.round(grey.rows / scale.shrink));
            const picture = scale.shrink === 1 ? grey : own(await grey.resizeAsync(size, 0, 0, cv.INTER_AREA));
            for (const polarity of ["dark-on-light", "light-on-dark"] as const) {
                const mask = own(await strokes(picture, polarity));
                const blobs = await findBlobs(mask, scale.heightPxMin);
                sets.push({ polarity, boxes: boxesOf(blobs, scale) });
            }
        }
        return sets;
    });
}

/** What is darker (or lighter) than its surroundings. */
async function strokes(picture: Mat, polarity: Polarity): Promise<Mat> {
    const isDark = polarity === "dark-on-light";
    const type = isDark ? cv.THRESH_BINARY_INV : cv.THRESH_BINARY;
    const bias = isDark ? CONTRAST_MIN : -CONTRAST_MIN;
    return await picture.adaptiveThresholdAsync(255, cv.ADAPTIVE_THRESH_MEAN_C, type, WINDOW_PX, bias);
}

function boxesOf(blobs: readonly Blob[], { shrink, heightPxMax }: Scale): readonly Box[] {
    return blobs
        .filter(({ width, height, area }) => {
            const isShaped = width <= height * WIDTH_MAX && width >= height * WIDTH_MIN;
            return height <= heightPxMax && isShaped && area >= width * height * INK_MIN;
        })
        .slice(-BOXES_MAX)
        .map(({ x, y, width, height }) => ({
            x: x * shrink,
            y: y * shrink,
            width: width * shrink,
            height: height * shrink,
        }));
}
