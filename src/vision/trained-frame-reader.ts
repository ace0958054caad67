/**
 * Reads frames with the trained networks: finds plates, reads each, and lets the forms of plates choose between texts that
 * the picture supports. Where the reader is neither sure nor lost, tesseract.js reads the same place as a second opinion.
 */
import { isPlausiblePlate, matchFormats } from "../core/plate/plate-formats.ts";
import { fuseReads } from "../core/plate/plate-fusion.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import { inRowOrder, twoRowReadings } from "../core/plate/two-row.ts";
import type { FrameReader } from "./frame-reader.ts";
import { cv, type Mat, withPictures } from "./opencv.ts";
import { bestOfEachPlace, type FoundPlate, PlateFinder } from "./plate-finder.ts";
import { type NetworkText, PlateNetworkReader } from "./plate-network-reader.ts";
import type { PlateReading } from "./plate-reader.ts";
import { grown } from "./plate-straightener.ts";
import type { Corner } from "./row-straightener.ts";

/** Long side of the frame for the detector, in pixels: plates of 17 to 190 px height in full HD. */
const LONG_SIDE = 896;
/** Of the frame's own long side at most: a plate that can be read is found at this size too. */
const ZOOM_MAX = 0.9;
/** Looked at as well while no plate is read well: very large plates, and, where time does not press, very small ones. */
const LARGE_PLATES_SIDE = 384;
const SMALL_PLATES_SIDE = 1_600;
const READ_WELL = 0.5;
/** Places of one frame looked at, best first, and how many of them may be read: two plates among badges and slogans. */
const PLACES_MAX = 8;
const READ_MAX = 4;
/** Shorter plates exist, but not on lorries, and every cab has a badge of four or five signs. */
const LENGTH_MIN = 6;
/** The detector's scores are low by nature: at 0.45 it is a plate; below, its doubt is doubt about the text as well. */
const SCORE_TRUST = 2.2;
/**
 * A place of which the detector is less sure is only read where it changes as often between dark and light as five signs do:
 * nearly every plate of 244 photographs did, and two in three of the other places did not.
 */
const SCORE_SURE = 0.6;
const CHANGES_MIN = 10;

/** A text less likely than this is no reading: lettering, a grille, a plate that nobody could read. */
const TOLD_MIN = 0.2;
/** From here a place is told as a plate that cannot be read: the detector is sure, and the reader sees more than an empty sheet. */
const PLATE_SCORE = 0.75;
const EMPTY_MAX = 0.05;

/** One look at one place. */
interface Look {
    readonly weight: number;
    readonly corners: readonly Corner[];
    readonly characters: PlateReading["characters"];
    readonly texts: NonNullable<PlateReading["texts"]>;
}

/** How far a place is believed to be a plate, what it must show to be read, and what the look counts. */
interface LookWay {
    readonly trust: number;
    /** See `PlateNetworkReader.read`. */
    readonly changesMin: number;
    readonly weight: number;
}

/** A first look this sure of a text or of «no plate» needs no other; of the others only the best places get a second one. */
const SURE = 0.95;
const EMPTY_CLEAR = 0.5;
const SECOND_LOOKS = 3;

/** A look that is sure of nothing still counts a little. */
const SURENESS_MIN = 0.02;

/** The second look takes this much more of what is around, in widths and heights of the plate: corners are often too tight. */
const WIDER = [0.05, 0.08] as const;
/** How much of a cut-out picture's width and height is taken off at each side for the tighter look. */
const CROP_INSET = [0.03, 0.08] as const;

/** A look by the detector's corners counts twice as much as one that takes the picture as it was cut. */
const AS_CUT: LookWay = { trust: 1, changesMin: 0, weight: 1 };
const STRAIGHT: LookWay = { ...AS_CUT, weight: 2 };

/**
 * A plate seen from the side is cut out with its row rising or falling and its signs leaning. While the other looks leave a
 * doubt, such a picture is looked at as if it were so: how far the row falls over the width and how far the signs lean over
 * their height, both in heights of the picture. What falls mostly leans backwards.
 */
const LEANING_WAYS = [
    [0.15, 0],
    [-0.15, 0],
    [0, -0.25],
    [0, 0.25],
    [0.15, -0.25],
    [-0.15, 0.25],
    [0.3, -0.25],
    [-0.3, 0.25],
    [0.3, -0.5],
    [-0.3, 0.5],
] as const;
/** A text that has so much of all looks hardly loses to another when such looks come in. */
const UPRIGHT = 0.8;
/** The signs of a plate that falls or leans take less than the picture's height and width: so much less of what it falls or leans. */
const FALL_COSTS = 0.5;
const LEAN_COSTS = 0.7;

/** How much is drawn on around a cut-out picture, in its own size, and how large the detector sees the whole. */
const CROP_AROUND = 0.4;
const CROP_LONG_SIDE = 288;

export class TrainedFrameReader implements FrameReader {
    readonly name = "kordon networks 1";
    readonly #finder: PlateFinder;
    readonly #reader: PlateNetworkReader;
    readonly #otherSides: readonly number[];

    private constructor(finder: PlateFinder, reader: PlateNetworkReader, isThorough: boolean) {
        this.#finder = finder;
        this.#reader = reader;
        this.#otherSides = isThorough ? [LARGE_PLATES_SIDE, SMALL_PLATES_SIDE] : [LARGE_PLATES_SIDE];
    }

    /**
     * Loads the networks (a tenth of a second). A thorough reader takes up to five times as long for a frame without a
     * clear plate: for single pictures, not for cameras. Rejects when the weights are missing or damaged.
     */
    static async start(isThorough = false): Promise<TrainedFrameReader> {
        return new TrainedFrameReader(await PlateFinder.load(), await PlateNetworkReader.load(), isThorough);
    }

    async read(grey: Mat): Promise<readonly PlateReading[]> {
        return (await this.readAll(grey)).filter(({ text }) => text !== "");
    }

    /** The same with the plates that are there and cannot be read: these have no text and no confidence. */
    async readAll(grey: Mat): Promise<readonly PlateReading[]> {
        const long = Math.max(grey.cols, grey.rows);
        let readings = await this.#readSize(grey, Math.min(LONG_SIDE, long * ZOOM_MAX));
        for (const side of this.#otherSides.filter((other) => other < long * 1.5)) {
            if (readings.some(({ confidence }) => confidence >= READ_WELL)) break;
            readings = bestOfEachPlace([...readings, ...(await this.#readSize(grey, side))]);
        }
        return readings;
    }

    /** Plates found in a frame that is made `longSide` pixels long, the detector's surest first. */
    async #readSize(grey: Mat, longSide: number): Promise<readonly PlateReading[]> {
        const readings: PlateReading[] = [];
        let read = 0;
        for (const place of (await this.#finder.find(grey, longSide)).slice(0, PLACES_MAX)) {
            if (read === READ_MAX) break;
            const looks = await this.#looksAt(grey, place, read < SECOND_LOOKS);
            if (looks.length === 0) continue;
            read++;
            const reading = this.#judged(readingOf(looks), "frames");
            if (reading !== undefined && reading.confidence >= TOLD_MIN) readings.push(reading);
            else if (place.confidence >= PLATE_SCORE && emptyShare(looks) <= EMPTY_MAX)
                readings.push(unreadable(place));
        }
        return readings;
    }

    /** None where nothing looks like signs. Where the first leaves a doubt, the corners are sought once more and both count. */
    async #looksAt(grey: Mat, { corners, confidence }: FoundPlate, mayLookTwice: boolean): Promise<readonly Look[]> {
        const how: LookWay = {
            trust: Math.min(1, confidence * SCORE_TRUST),
            changesMin: confidence < SCORE_SURE ? CHANGES_MIN : 0,
            weight: 1,
        };
        const first = await this.#look(grey, corners, how);
        if (first === undefined) return [];
        const isClear = (readingOf([first])?.confidence ?? 0) >= SURE || emptyShare([first]) > EMPTY_CLEAR * how.trust;
        if (!mayLookTwice || isClear) return [first];
        const refined = await this.#finder.refine(grey, corners);
        const second = refined && (await this.#look(grey, grown(refined, ...WIDER), how));
        return second === undefined ? [first] : [second, first];
    }

    /**
     * Reads a picture that is one plate already cut out, with some margin and tilt; at most one reading. It is straightened by
     * the corners that the detector sees in it, by those it sees then, and a little around these; it is also looked at as it
     * is, and a little tighter; and where that leaves a doubt, as a picture of a plate that leans.
     */
    async readCrop(grey: Mat): Promise<readonly PlateReading[]> {
        const ways: (readonly [corners: readonly Corner[], how: LookWay])[] = [];
        const whole = insetCorners(grey, [0, 0]);
        const found = await this.#cornersInCrop(grey);
        const refined = await this.#finder.refine(grey, found ?? whole);
        for (const corners of [found, refined, refined && grown(refined, ...WIDER)]) {
            if (corners !== undefined) ways.push([corners, STRAIGHT]);
        }
        for (const corners of [whole, insetCorners(grey, CROP_INSET)]) ways.push([corners, AS_CUT]);
        const looks = await this.#looksAtPlate(grey, ways);
        let reading = readingOf(looks);
        if ((reading?.confidence ?? 0) < UPRIGHT) {
            const leaning = LEANING_WAYS.map(([fall, lean]) => [leaningCorners(grey, fall, lean), AS_CUT] as const);
            reading = readingOf([...looks, ...(await this.#looksAtPlate(grey, leaning))]);
        }
        const judged = this.#judged(reading, "crops");
        return judged === undefined ? [] : [judged];
    }

    /** Somebody said that it is a plate: «no plate» is not among the answers. */
    async #looksAtPlate(
        grey: Mat,
        ways: readonly (readonly [corners: readonly Corner[], how: LookWay])[],
    ): Promise<readonly Look[]> {
        const looks: Look[] = [];
        for (const [corners, how] of ways) {
            const look = await this.#look(grey, corners, how);
            if (look !== undefined) looks.push({ ...look, texts: look.texts.filter(({ text }) => text !== "") });
        }
        return looks;
    }

    /** The same reading with its confidence as a probability. */
    #judged(reading: PlateReading | undefined, kind: "frames" | "crops"): PlateReading | undefined {
        if (reading === undefined) return undefined;
        return { ...reading, confidence: this.#reader.worth(reading.confidence, kind) };
    }

    async #look(
        grey: Mat,
        corners: readonly Corner[],
        { trust, changesMin, weight }: LookWay,
    ): Promise<Look | undefined> {
        const read = await this.#reader.read(grey, corners, changesMin);
        if (read === undefined) return undefined;
        const { texts, characters } = read;
        return {
            weight,
            corners,
            characters,
            texts: texts
                .flatMap(inEveryOrder)
                .map(({ text, probability }) => ({ text, probability: probability * trust }))
                .sort((a, b) => b.probability - a.probability),
        };
    }

    /** The detector wants to see what is around a plate; where the picture ends, its edge is drawn on. */
    async #cornersInCrop(grey: Mat): Promise<readonly Corner[] | undefined> {
        const [dx, dy] = [Math.round(grey.cols * CROP_AROUND), Math.round(grey.rows * CROP_AROUND)];
        return await withPictures(async (own) => {
            const wide = own(await grey.copyMakeBorderAsync(dy, dy, dx, dx, cv.BORDER_REPLICATE, 0));
            const [best] = await this.#finder.find(wide, CROP_LONG_SIDE);
            return best?.corners.map(([x, y]) => [x - dx, y - dy] as const);
        });
    }

    async close(): Promise<void> {}
}

/** How likely the reader thinks it that there is no plate at all. */
function emptyShare(looks: readonly Look[]): number {
    return mixed(looks).find(({ text }) => text === "")?.probability ?? 0;
}

function unreadable({ corners }: FoundPlate): PlateReading {
    return { text: "", confidence: 0, hasForm: false, characters: [], texts: [], corners };
}

/** The forms have their say on what the looks think together; «something else» keeps its share. */
function readingOf(looks: readonly Look[]): PlateReading | undefined {
    const [first] = looks;
    const texts = mixed(looks);
    const vote = fuseReads([{ text: texts[0]?.text ?? "", confidence: 0, atMs: 0, texts }]);
    if (vote === undefined || first === undefined || texts[0]?.text === "" || !looksLikePlate(vote.text))
        return undefined;
    const { text, key, confidence } = vote;
    const { characters, corners } = looks.find((look) => look.texts[0]?.text === text) ?? first;
    return { text, confidence, hasForm: matchFormats(key).length > 0, characters, texts, corners };
}

/**
 * Looks at one picture share its blur and its light, so they are averaged and not multiplied as frames are: one that was cut
 * badly must not rule out what the others see. A badly cut one is unsure of every text, so a look counts by the square of what
 * it makes of its best one; that read as many plates as a plain mean and came nearer to the truth in its confidence.
 */
function mixed(looks: readonly Look[]): Look["texts"] {
    const weights = looks.map(({ weight, texts }) => weight * Math.max(SURENESS_MIN, sureness(texts)) ** 2);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const found = new Map<string, number>();
    for (const [index, { texts }] of looks.entries()) {
        const share = (weights[index] ?? 0) / total;
        for (const { text, probability } of texts) found.set(text, (found.get(text) ?? 0) + probability * share);
    }
    return [...found]
        .map(([text, probability]) => ({ text, probability }))
        .sort((a, b) => b.probability - a.probability);
}

/** How likely the best text is, in whatever order its rows are read. */
function sureness(texts: Look["texts"]): number {
    const signs = inRowOrder(texts[0]?.text ?? "");
    return texts.reduce((sum, { text, probability }) => sum + (inRowOrder(text) === signs ? probability : 0), 0);
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

/** Where a plate's corners are in a picture cut out around it, if its row falls by so much and its signs lean by so much. */
function leaningCorners({ cols, rows }: Mat, fall: number, lean: number): readonly Corner[] {
    const width = cols - Math.abs(lean) * LEAN_COSTS * rows;
    const height = rows * (1 - Math.abs(fall) * FALL_COSTS);
    const sides = [
        [-0.5, -0.5],
        [0.5, -0.5],
        [0.5, 0.5],
        [-0.5, 0.5],
    ] as const;
    return sides.map(([side, end]) => {
        const [x, y] = [side * width, end * height];
        return [cols / 2 + x - lean * y, rows / 2 + y + (fall * rows * x) / cols] as const;
    });
}

function looksLikePlate(text: string): boolean {
    return text.length >= LENGTH_MIN && isPlausiblePlate(toPlateKey(text));
}

/** Chinese plates carry neither I nor O, and their 1 is a plain stroke: what looks like a letter there is the digit. */
function asPrinted(text: string): string {
    return /^\p{Script=Han}/u.test(text) ? text.replaceAll("I", "1").replaceAll("O", "0") : text;
}

/** Of two rows every order that some form has is a text of its own. */
function inEveryOrder({ text, rows, upperMiddles, probability }: NetworkText): Look["texts"] {
    if (rows.length < 2) return [{ text: asPrinted(text), probability }];
    return twoRowReadings(rows, { upperMiddles }).map(({ key, share }) => ({
        text: asPrinted(key),
        probability: probability * share,
    }));
}
