/**
 * Reads the frames of a film with known passages as a camera would give them, follows the plates and votes. Whether a vote is
 * right is judged by the truth alone; which frames belong together is found out by the tracker, not told.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTruth, type TruthRow } from "../../src/cli/bench/truth-file.ts";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import { cv } from "../../src/vision/opencv.ts";
import { PlateTracker } from "../../src/vision/plate-tracker.ts";
import type { TrainedFrameReader } from "../../src/vision/trained-frame-reader.ts";

const FRAMES_PER_SECOND = 12;

export interface FilmResult {
    readonly passages: number;
    /** Some track seen during the passage was voted to its plate. */
    readonly exact: number;
    /** Tracks with a vote of at least 0.9 that no plate of the film has, and all tracks that were so sure. */
    readonly surelyWrong: number;
    readonly sure: number;
    readonly rows: number;
    readonly rowsExact: number;
}

/** Reads the first `passagesMax` passages of a folder of `frameNNNN.jpg` with truth.csv. */
export async function readFilm(folder: string, reader: TrainedFrameReader, passagesMax: number): Promise<FilmResult> {
    const truth = (await readTruth(join(folder, "truth.csv"))).filter(({ track }) => Number(track) <= passagesMax);
    const votes = new Map<string, { key: string; confidence: number; frames: Set<string> }>();
    const tracker = new PlateTracker("film");
    const files = [...new Set(truth.map(({ file }) => file))].sort();
    let rowsExact = 0;
    for (const [look, file] of files.entries()) {
        const grey = await cv.imdecodeAsync(await readFile(join(folder, file)), cv.IMREAD_GRAYSCALE);
        const readings = await reader.read(grey);
        grey.release();
        rowsExact += truth.filter((row) => row.file === file && readings.some(({ text }) => isPlate(text, row))).length;
        const atMs = (Number(/\d+/.exec(file)?.[0] ?? look) * 1_000) / FRAMES_PER_SECOND;
        for (const { track, vote } of tracker.update(readings, atMs).seen) {
            const frames = votes.get(track)?.frames ?? new Set();
            votes.set(track, { key: vote.key, confidence: vote.confidence, frames: frames.add(file) });
        }
    }
    const passages = [...new Set(truth.map(({ track }) => track))].map((track) =>
        truth.filter((row) => row.track === track),
    );
    const exact = passages.filter((rows) =>
        [...votes.values()].some((vote) => rows.some((row) => vote.frames.has(row.file) && isPlate(vote.key, row))),
    ).length;
    const sure = [...votes.values()].filter(({ confidence }) => confidence >= 0.9);
    const surelyWrong = sure.filter(({ key }) => !truth.some((row) => isPlate(key, row))).length;
    return { passages: passages.length, exact, surelyWrong, sure: sure.length, rows: truth.length, rowsExact };
}

function isPlate(text: string, row: TruthRow): boolean {
    return toPlateKey(text) === toPlateKey(row.text);
}
