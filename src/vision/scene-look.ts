/** A small grey copy of a frame, always made in the same way: what is compared from look to look. */
import { cv, type Mat } from "./opencv.ts";

export interface SceneLook {
    readonly atMs: number;
    readonly width: number;
    readonly height: number;
    /** Grey levels by rows. */
    readonly pixels: Uint8Array;
    /** Pixels of the look for one of the frame. */
    readonly zoom: number;
}

/** Wide enough that noise still shows and a plate has some forty pixels, small enough to be handled in a millisecond or two. */
const WIDTH_PX = 640;

/** The look of a CV_8UC1 frame. Means over areas, so that a change of one pixel of the frame can still tip a level. */
export async function lookAt(grey: Mat, atMs: number): Promise<SceneLook> {
    const zoom = Math.min(1, WIDTH_PX / grey.cols);
    const [width, height] = [Math.round(grey.cols * zoom), Math.round(grey.rows * zoom)];
    if (zoom === 1) return { atMs, width, height, pixels: grey.getData(), zoom };
    const small = await grey.resizeAsync(height, width, 0, 0, cv.INTER_AREA);
    const pixels = small.getData();
    small.release();
    return { atMs, width, height, pixels, zoom };
}
