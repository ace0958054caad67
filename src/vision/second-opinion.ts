/**
 * tesseract.js as an independent second reader of one place: it shares neither weights nor training pictures with our networks,
 * so where both say the same an error is unlikely, and where they differ nobody should be sure. It is started for a question and ended
 * after it: most plates need none, and it takes a hundred megabytes.
 */
import { toPlateKey } from "../core/plate/plate-key.ts";
import type { Mat } from "./opencv.ts";
import { cv, withPictures } from "./opencv.ts";
import { readPlates } from "./plate-reader.ts";
import type { PlateRecogniser } from "./recogniser.ts";
import type { Corner } from "./row-straightener.ts";

/** Around the plate, in its own height, and the width that the classical reader likes best. */
const AROUND = 0.8;
const WIDTH_PX = 420;
const HEIGHT_PX_MIN = 64;
/** Tesseract's recogniser prepares each look differently. */
const LOOKS = 2;

export class SecondOpinion {
    readonly #start: () => Promise<PlateRecogniser>;

    constructor(start: () => Promise<PlateRecogniser>) {
        this.#start = start;
    }

    /** Whether Tesseract reads `text` at this place too; undefined when it reads nothing there. The frame may go meanwhile. */
    async agrees(grey: Mat, corners: readonly Corner[], text: string): Promise<boolean | undefined> {
        const part = grey.getRegion(regionAround(corners, grey));
        const own = part.copy();
        part.release();
        try {
            return await this.#reads(own, text);
        } finally {
            own.release();
        }
    }

    async #reads(part: Mat, text: string): Promise<boolean | undefined> {
        const recogniser = await this.#start();
        return await withPictures(async (own) => {
            const height = Math.max(HEIGHT_PX_MIN, Math.round((part.rows * WIDTH_PX) / part.cols));
            const enlarged = own(await part.resizeAsync(height, WIDTH_PX, 0, 0, cv.INTER_CUBIC));
            const keys: string[] = [];
            for (let look = 0; look < LOOKS; look++) {
                for (const reading of await readPlates(enlarged, recogniser, look)) keys.push(toPlateKey(reading.text));
            }
            return keys.length === 0 ? undefined : keys.includes(toPlateKey(text));
        }).finally(() => recogniser.close());
    }
}

function regionAround(corners: readonly Corner[], { cols, rows }: Mat): InstanceType<typeof cv.Rect> {
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    const margin = (Math.max(...ys) - Math.min(...ys)) * AROUND;
    const left = Math.min(cols - 8, Math.max(0, Math.floor(Math.min(...xs) - margin)));
    const top = Math.min(rows - 8, Math.max(0, Math.floor(Math.min(...ys) - margin)));
    const width = Math.min(cols - left, Math.ceil(Math.max(...xs) + margin - left));
    const height = Math.min(rows - top, Math.ceil(Math.max(...ys) + margin - top));
    return new cv.Rect(left, top, Math.max(8, width), Math.max(8, height));
}
