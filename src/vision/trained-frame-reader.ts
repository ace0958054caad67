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
import { PlateNetworkReader } from "./plate-network-reader.ts";
import type { PlateReading } from "./plate-reader.ts";
import type { Corner } from "./row-straightener.ts";

/** Long side of the frame for the detector, in pixels: plates of 16 to 180 px height in full HD. */
const LONG_SIDE = 960;
/** Looked at as well when the first look finds nothing sure: very large plates, and, where time does not press, very small ones. */
const LARGE_PLATES_SIDE = 480;
const SMALL_PLATES_SIDE = 1_600;
const SURE_SCORE = 0.5;
/** Places read in one frame, best first: two plates among badges and slogans. */
const PLACES_MAX = 5;
/** Texts shorter than this are badges and house numbers; so are texts without two digits. */
const LENGTH_MIN = 4;
/** A plate that the detector is two thirds sure of is a plate; below, its doubt is doubt about the text as well. */
const SCORE_TRUST = 1.5;

/** One look at one place. */
interface Look {
    readonly corners: readonly Corner[];
    readonly characters: PlateReading["characters"];
    readonly texts: NonNullable<PlateReading["texts"]>;
}

/** A first look this sure needs no other; of the others only the best places get a second one. */
const SURE = 0.95;
const SECOND_LOOKS_MAX = 2;

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
    readonly #otherSides: readonly number[];

    private constructor(finder: PlateFinder, reader: PlateNetworkReader, otherSides: readonly number[]) {
        this.#finder = finder;
        this.#reader = reader;
        this.#otherSides = otherSides;
    }

    /**
     * Loads both networks (a tenth of a second). A thorough reader takes up to five times as long for a frame without a
     * clear plate: for single pictures, not for cameras. Rejects when the weights are missing or damaged.
     */
    static async start(isThorough = false): Promise<TrainedFrameReader> {
        const otherSides = isThorough ? [LARGE_PLATES_SIDE, SMALL_PLATES_SIDE] : [LARGE_PLATES_SIDE];
        return new TrainedFrameReader(await PlateFinder.load(), await PlateNetworkReader.load(), otherSides);
    }

    async read(grey: Mat): Promise<readonly PlateReading[]> {
        const readings: PlateReading[] = [];
        for (const [index, place] of (await this.find(grey)).entries()) {
            const trust = Math.min(1, place.score * SCORE_TRUST);
            const looks = [await this.#look(grey, place.corners, trust)];
            // Where the first look leaves a doubt, the corners are sought once more and both looks count.
            if (index < SECOND_LOOKS_MAX && (readingOf(looks)?.confidence ?? 0) < SURE) {
                const { corners } = await this.#finder.refine(grey, place);
                if (corners !== place.corners) looks.unshift(await this.#look(grey, corners, trust));
            }
            const reading = readingOf(looks);
            if (reading !== undefined) readings.push(reading);
        }
        return readings;
    }

    /**
     * Reads a picture that is one plate already cut out, with some margin and tilt; at most one reading. It is looked at as
     * it is, a little tighter, and straightened by the corners that the detector sees in it.
     */
    async readCrop(grey: Mat): Promise<readonly PlateReading[]> {
        const places = [...(await this.#cornersInCrop(grey)), ...CROP_INSETS.map((inset) => insetCorners(grey, inset))];
        const looks: Look[] = [];
        for (const corners of places) looks.push(await this.#look(grey, corners, 1));
        const reading = readingOf(looks);
        return reading === undefined ? [] : [reading];
    }

    async #look(grey: Mat, corners: readonly Corner[], trust: number): Promise<Look> {
        const { texts, characters } = await this.#reader.read(grey, corners);
        return {
            corners,
            characters,
            texts: texts.map(({ rows, probability }) => ({
                text: asPrinted(inOrder(rows)),
                probability: probability * trust,
            })),
        };
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
        for (const side of this.#otherSides.filter((other) => other < long * 1.5)) {
            found.push(...(await this.#finder.find(grey, side)));
        }
        return bestOfEachPlace(found).slice(0, PLACES_MAX);
    }

    async close(): Promise<void> {}
}

/** Several looks at one place are weighed like several frames: the forms have their say, «something else» keeps its share. */
function readingOf(looks: readonly Look[]): PlateReading | undefined {
    const reads = looks.map(({ texts }, atMs) => ({ text: texts[0]?.text ?? "", confidence: 0, atMs, texts }));
    const vote = fuseReads(reads);
    const [first] = looks;
    if (vote === undefined || first === undefined || !looksLikePlate(vote.text)) return undefined;
    if (reads.every(({ text }) => text === "")) return undefined;
    const { text, key, confidence } = vote;
    const own = looks.find(({ texts }) => texts[0]?.text === text) ?? first;
    return { ...own, text, confidence, hasForm: matchFormats(key).length > 0 };
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

/** Chinese plates carry neither I nor O, and their 1 is a plain stroke: what looks like a letter there is the digit. */
function asPrinted(text: string): string {
    return /^\p{Script=Han}/u.test(text) ? text.replaceAll("I", "1").replaceAll("O", "0") : text;
}

/** The square Kazakh plate carries its region beside the digits of the upper row. */
function inOrder(rows: readonly string[]): string {
    if (rows.length < 2) return rows.join("");
    const readings = twoRowReadings(rows);
    return (readings.find(({ order }) => order === "region-last") ?? readings[0])?.key ?? rows.join("");
}
