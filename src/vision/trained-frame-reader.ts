/**
 * Reads frames with the trained networks: finds plates, reads each, and lets the forms of plates choose between texts that
 * the picture supports. Where the reader is neither sure nor lost, tesseract.js reads the same place as a second opinion.
 */
import { isPlausiblePlate, matchFormats } from "../core/plate/plate-formats.ts";
import { fuseReads } from "../core/plate/plate-fusion.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import { twoRowReadings } from "../core/plate/two-row.ts";
import type { FrameReader } from "./frame-reader.ts";
import { cv, type Mat, withPictures } from "./opencv.ts";
import { bestOfEachPlace, type FoundPlate, PlateFinder } from "./plate-finder.ts";
import { type NetworkRead, PlateNetworkReader } from "./plate-network-reader.ts";
import type { PlateReading } from "./plate-reader.ts";
import type { Corner } from "./row-straightener.ts";

/** Long side of the frame for the detector, in pixels: plates of 16 to 180 px height in full HD. */
const LONG_SIDE = 960;
/** Looked at as well when the first look finds nothing sure: very large plates, and very small ones. */
const OTHER_SIDES = [480, 1_600];
const SURE_SCORE = 0.5;
/** Places read in one frame, best first: two plates among badges and slogans. */
const PLACES_MAX = 6;
/** Texts shorter than this are badges and house numbers; so are texts without two digits. */
const LENGTH_MIN = 4;
/** A plate that the detector is two thirds sure of is a plate; below, its doubt is doubt about the text as well. */
const SCORE_TRUST = 1.5;

/** How much of a cut-out picture's width and height is taken off at each side before it is read; the surest read wins. */
const CROP_INSETS = [
    [0, 0],
    [0.03, 0.08],
] as const;

/** How much is drawn on around a cut-out picture, in its own size, and how large the detector sees the whole. */
const CROP_AROUND = 0.4;
const CROP_LONG_SIDE = 288;

export class TrainedFrameReader implements FrameReader {
    readonly name = "kordon networks 1";
    readonly #finder: PlateFinder;
    readonly #reader: PlateNetworkReader;

    private constructor(finder: PlateFinder, reader: PlateNetworkReader) {
        this.#finder = finder;
        this.#reader = reader;
    }

    /** Loads both networks (a tenth of a second). Rejects when the weights are missing or damaged. */
    static async start(): Promise<TrainedFrameReader> {
        return new TrainedFrameReader(await PlateFinder.load(), await PlateNetworkReader.load());
    }

    async read(grey: Mat): Promise<readonly PlateReading[]> {
        const readings: PlateReading[] = [];
        for (const { corners, score } of await this.find(grey)) {
            const reading = readingOf(await this.#reader.read(grey, corners), corners, score);
            if (reading !== undefined) readings.push(reading);
        }
        return readings;
    }

    /**
     * Reads a picture that is one plate already cut out, with some margin and tilt; at most one reading. It is read as it
     * is, a little tighter, and straightened by the corners that the detector sees in it; the surest read wins.
     */
    async readCrop(grey: Mat): Promise<readonly PlateReading[]> {
        const places = [...CROP_INSETS.map((inset) => insetCorners(grey, inset)), ...(await this.#cornersInCrop(grey))];
        const readings: PlateReading[] = [];
        for (const corners of places) {
            const reading = readingOf(await this.#reader.read(grey, corners), corners, 1);
            if (reading !== undefined) readings.push(reading);
        }
        return readings.sort((a, b) => b.confidence - a.confidence).slice(0, 1);
    }

    /** The detector wants to see what is around a plate; where the picture ends, its edge is drawn on. */
    async #cornersInCrop(grey: Mat): Promise<readonly (readonly Corner[])[]> {
        const [dx, dy] = [Math.round(grey.cols * CROP_AROUND), Math.round(grey.rows * CROP_AROUND)];
        return await withPictures(async (own) => {
            const wide = own(await grey.copyMakeBorderAsync(dy, dy, dx, dx, cv.BORDER_REPLICATE, 0));
            const found = await this.#finder.find(wide, CROP_LONG_SIDE);
            return found.slice(0, 1).map(({ corners }) => corners.map(([x, y]) => [x - dx, y - dy] as const));
        });
    }

    /** Places that may be plates, best first. */
    async find(grey: Mat): Promise<readonly FoundPlate[]> {
        const long = Math.max(grey.cols, grey.rows);
        const first = await this.#finder.find(grey, Math.min(LONG_SIDE, long));
        if (first.some(({ score }) => score >= SURE_SCORE)) return first.slice(0, PLACES_MAX);
        const found = [...first];
        for (const side of OTHER_SIDES.filter((other) => other < long * 1.5)) {
            found.push(...(await this.#finder.find(grey, side)));
        }
        return bestOfEachPlace(found).slice(0, PLACES_MAX);
    }

    async close(): Promise<void> {}
}

function readingOf(
    { texts: raw, characters }: NetworkRead,
    corners: readonly Corner[],
    score: number,
): PlateReading | undefined {
    const texts = raw.map(({ rows, probability }) => ({ text: inOrder(rows), probability }));
    const trust = Math.min(1, score * SCORE_TRUST);
    const weighed = texts.map(({ text, probability }) => ({ text, probability: probability * trust }));
    // One frame is weighed like many: the forms have their say, and «something else» keeps its share.
    const vote = fuseReads([{ text: weighed[0]?.text ?? "", confidence: 0, atMs: 0, texts: weighed }]);
    if (vote === undefined || texts[0]?.text === "" || !looksLikePlate(vote.text)) return undefined;
    const { text, key, confidence } = vote;
    return { text, confidence, hasForm: matchFormats(key).length > 0, characters, texts: weighed, corners };
}

function insetCorners({ cols, rows }: Mat, [x, y]: readonly [number, number]): readonly Corner[] {
    const [left, right] = [cols * x, cols * (1 - x)];
    const [top, bottom] = [rows * y, rows * (1 - y)];
    return [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
    ];
}

function looksLikePlate(text: string): boolean {
    return text.length >= LENGTH_MIN && isPlausiblePlate(toPlateKey(text));
}

/** The square Kazakh plate carries its region beside the digits of the upper row. */
function inOrder(rows: readonly string[]): string {
    if (rows.length < 2) return rows.join("");
    const readings = twoRowReadings(rows);
    return (readings.find(({ order }) => order === "region-last") ?? readings[0])?.key ?? rows.join("");
}
