/** Reads a picture from disk as if it came from a camera: for trying a camera's view, and for measuring. */
import { readFile } from "node:fs/promises";
import { cv } from "./opencv.ts";
import { readPlates } from "./plate-reader.ts";
import { PlateTracker, type TrackedPlate } from "./plate-tracker.ts";
import type { PlateRecogniser } from "./recogniser.ts";

/** A recogniser prepares each look differently; so many looks at one picture are as good as a short stop of the lorry. */
const LOOKS = 6;

/** Plates in the picture, most confident first. Rejects when the file cannot be read or is no picture OpenCV knows. */
export async function readImageFile(path: string, recogniser: PlateRecogniser): Promise<readonly TrackedPlate[]> {
    const grey = await cv.imdecodeAsync(await readFile(path), cv.IMREAD_GRAYSCALE);
    if (grey.empty) throw new Error(`${path}: no picture that can be decoded (JPEG, PNG, BMP, WebP, TIFF)`);
    const tracker = new PlateTracker("file");
    let plates: readonly TrackedPlate[] = [];
    for (let look = 0; look < LOOKS; look++) {
        plates = tracker.update(await readPlates(grey, recogniser, look), look).seen;
    }
    grey.release();
    return [...plates].sort((a, b) => b.vote.confidence - a.vote.confidence);
}
