/**
 * Reads picture and video files as if they came from a camera: for trying a camera's view, and for measuring. What cannot be
 * used is an error of that file; the next one is read.
 */
import { readFile } from "node:fs/promises";
import { matchFormats } from "../core/plate/plate-formats.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import type { Clock } from "../ports/clock.ts";
import { cv, type Mat } from "./opencv.ts";
import { hasJpegEnd, pictureSize } from "./picture-size.ts";
import { drawPlates } from "./plate-drawing.ts";
import type { PlateReading } from "./plate-reader.ts";
import { PlateTracker, type TrackedPlate } from "./plate-tracker.ts";
import type { FileAnswer, FileOrder, FilePlate } from "./read-files-messages.ts";
import type { TrainedFrameReader } from "./trained-frame-reader.ts";

/** Larger ones are no gate camera's, and decoding them would take the memory of the machine. */
const PIXELS_MAX = 40_000_000;
/** Smaller ones hold no readable plate. */
const SIDE_PX_MIN = 12;
/** Pictures are read at most so large; the detector finds plates of the usual size in them all the same. */
const LONG_SIDE_MAX = 2_560;
const ALTERNATIVES_MAX = 4;

interface Decoded {
    readonly colour: Mat;
    readonly grey: Mat;
}

export class FileReader {
    readonly #reader: TrainedFrameReader;
    readonly #clock: Clock;

    constructor(reader: TrainedFrameReader, clock: Clock) {
        this.#reader = reader;
        this.#clock = clock;
    }

    /** Never rejects: what went wrong is in the answer. */
    async read(order: FileOrder): Promise<FileAnswer> {
        try {
            return order.kind === "video" ? await this.#readVideo(order) : await this.#readPicture(order);
        } catch (error) {
            const why = error instanceof Error ? error.message : String(error);
            return { path: order.path, plates: [], ms: 0, width: 0, height: 0, error: why };
        }
    }

    async #readPicture({ path, kind, drawTo }: FileOrder): Promise<FileAnswer> {
        const { colour, grey } = await decode(path);
        try {
            const startedMs = this.#clock.monotonicMs();
            const readings = kind === "crop" ? await this.#reader.readCrop(grey) : await this.#reader.readAll(grey);
            const ms = this.#clock.monotonicMs() - startedMs;
            const plates = readings.map(plateOf).sort((a, b) => b.confidence - a.confidence);
            if (drawTo !== undefined) await drawPlates(colour, plates, drawTo);
            return { path, plates, ms, width: grey.cols, height: grey.rows };
        } finally {
            colour.release();
            grey.release();
        }
    }

    /** Every frame is read; each plate that was followed through several frames is told once. */
    async #readVideo({ path }: FileOrder): Promise<FileAnswer> {
        const capture = openVideo(path);
        const tracker = new PlateTracker("video");
        const newest = new Map<string, TrackedPlate>();
        const stepMs = 1_000 / (capture.get(cv.CAP_PROP_FPS) || 25);
        let [frames, readMs, width, height] = [0, 0, 0, 0];
        try {
            for (;;) {
                const frame = await capture.readAsync();
                if (frame.empty) break;
                const grey = frame.channels === 1 ? frame : await frame.bgrToGrayAsync();
                [width, height] = [grey.cols, grey.rows];
                const startedMs = this.#clock.monotonicMs();
                const { seen } = tracker.update(await this.#reader.read(grey), frames * stepMs);
                readMs += this.#clock.monotonicMs() - startedMs;
                for (const plate of seen) newest.set(plate.track, plate);
                frames++;
                for (const mat of new Set([frame, grey])) mat.release();
            }
        } finally {
            capture.release();
        }
        if (frames === 0) throw new Error(`${path}: no frame in it that can be decoded`);
        return { path, plates: [...newest.values()].map(passedPlate), ms: readMs / frames, width, height };
    }
}

async function decode(path: string): Promise<Decoded> {
    const bytes = await readFile(path).catch((error: Error) => {
        throw new Error(`${path}: cannot be read (${error.message})`);
    });
    const size = pictureSize(bytes);
    if (size === undefined) throw new Error(`${path}: no picture Kordon knows (JPEG, PNG, BMP), or cut off`);
    if (size.width * size.height > PIXELS_MAX) {
        throw new Error(`${path}: ${size.width}×${size.height} is too large, at most ${PIXELS_MAX / 1e6} megapixels`);
    }
    if (Math.min(size.width, size.height) < SIDE_PX_MIN) {
        throw new Error(`${path}: ${size.width}×${size.height} is too small to hold a plate`);
    }
    if (!hasJpegEnd(bytes)) throw new Error(`${path}: the JPEG is cut off`);
    const whole = await cv.imdecodeAsync(bytes, cv.IMREAD_COLOR).catch(() => undefined);
    if (whole === undefined || whole.empty) throw new Error(`${path}: damaged, cannot be decoded`);
    const colour =
        Math.max(whole.cols, whole.rows) > LONG_SIDE_MAX ? await whole.resizeToMaxAsync(LONG_SIDE_MAX) : whole;
    if (colour !== whole) whole.release();
    return { colour, grey: await colour.bgrToGrayAsync() };
}

function openVideo(path: string): InstanceType<typeof cv.VideoCapture> {
    try {
        return new cv.VideoCapture(path);
    } catch {
        throw new Error(`${path}: no video that can be opened`);
    }
}

function plateOf({ text, confidence, corners, texts = [] }: PlateReading): FilePlate {
    return {
        text,
        confidence,
        alternatives: texts.filter((other) => other.text !== text).slice(0, ALTERNATIVES_MAX),
        countries: countriesOf(text),
        corners,
    };
}

function passedPlate({ vote, firstSeenMs, lastSeenMs, corners }: TrackedPlate): FilePlate {
    const { text, confidence, frames } = vote;
    const seen = { frames, fromMs: Math.round(firstSeenMs), toMs: Math.round(lastSeenMs) };
    return { text, confidence, alternatives: [], countries: countriesOf(text), corners, seen };
}

function countriesOf(text: string): readonly string[] {
    return [...new Set(matchFormats(toPlateKey(text)).map(({ format }) => format.country))];
}
