/**
 * The one door to the OpenCV add-on. It writes to stdout while it loads, so only the vision child and tests come through here.
 * One thread per call: a camera has one core, and the capture of the next frame must not starve.
 */
import { createRequire } from "node:module";
import type { Mat } from "@u4/opencv4nodejs";

export type { Mat } from "@u4/opencv4nodejs";

// The add-on's loader otherwise looks for a private build of OpenCV instead of the distribution's and refuses to start.
process.env["OPENCV4NODEJS_DISABLE_AUTOBUILD"] = "1";
// It otherwise tells V8 about native memory from inside the garbage collector, which Node.js 24 answers by aborting.
process.env["OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING"] = "1";

export const cv: typeof import("@u4/opencv4nodejs") = createRequire(import.meta.url)("@u4/opencv4nodejs");

cv.setNumThreads(1);

/** Takes charge of a native picture and gives it back. */
export type Own = (mat: Mat) => Mat;

/**
 * Runs `work` and frees every picture it owned. The garbage collector sees a few bytes where a picture has megabytes, and
 * would let them pile up.
 */
export async function withPictures<T>(work: (own: Own) => Promise<T>): Promise<T> {
    const owned: Mat[] = [];
    try {
        return await work((mat) => {
            owned.push(mat);
            return mat;
        });
    } finally {
        for (const mat of owned) mat.release();
    }
}
