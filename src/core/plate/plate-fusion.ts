/**
 * One reading out of many frames by what each frame says about every text, instead of by counting heads: a blurred frame that
 * thinks three texts possible says little, a clear one says much. The forms of plates weigh in as a prior; a text that no
 * frame thought possible cannot win.
 */
import { isPlausiblePlate, type MatchOptions, matchFormats } from "./plate-formats.ts";
import { type PlateKey, toPlateKey } from "./plate-key.ts";
import type { FrameRead, VotedRead } from "./plate-vote.ts";
import { inRowOrder } from "./two-row.ts";

/** A read that knows what else its frame may show. */
export interface WeighedRead extends FrameRead {
    /** Texts with their probabilities, 0 to 1, together at most 1; what is left of 1 is «something else». */
    readonly texts: readonly { readonly text: string; readonly probability: number }[];
}

/**
 * How much the errors of two frames of one track go together (intra-class correlation): n frames count as
 * n / (1 + 0.5 (n - 1)) independent ones, at most 2 however long a lorry stands: the same dirt, the same light and the same
 * reader are in all frames. Chosen on drawn passages: at 0.3, 4 of 533 were at some moment sure of a wrong plate.
 */
const CORRELATION = 0.5;
/**
 * Letters, and the digits that they are taken for where a face draws them alike or a frame's line touches the sign: the 4 of a
 * Russian plate of two rows stands on the line of its region and looks like an L.
 */
const LETTERS = "OIZLSGTB";
const LIKE_DIGITS = "01245678";
/** No frame may rule a text out alone; a wiper or a reflection can hide any character. */
const PROBABILITY_MIN = 0.002;
/**
 * How much less likely than one of a form with fixed places a text of wide forms only, and one of no known form, is
 * beforehand, where the picture allows both. Chosen, not measured.
 */
const WIDE_FORM_PRIOR = 0.2;
const NO_FORM_PRIOR = 0.06;
/** The same for what cannot be a plate at all, such as a text with a single digit. Chosen, not measured. */
const NO_PLATE_PRIOR = 0.05;

interface Hypothesis {
    readonly key: PlateKey;
    readonly score: number;
}

/**
 * Weighs the reads of one track against each other, in any order; undefined if none has a letter or digit.
 *
 * For each key that some frame thought possible: the sum over frames of the logarithm of its probability there, weakened by
 * `CORRELATION`, and the prior of its form. Keys that differ only in letters and the digits that look like them, or in the order in which two rows
 * are read, share that evidence: which of them it is lies in the sheet and not in the frame, so many frames say no more of it than
 * one, their mean. The confidence is the winner's share among all keys and «something else»: a probability as good as the
 * frames' own. `text` is the raw text of the read that was surest of the winner, or the winning text itself where it was never
 * the first choice of a frame.
 */
export function fuseReads(reads: readonly WeighedRead[], options: MatchOptions = {}): VotedRead | undefined {
    const frames = reads.map((read) => probabilitiesOf(read));
    const weight = 1 / (1 + CORRELATION * (frames.length - 1));
    const keys = [...new Set(frames.flatMap((frame) => [...frame.keys()]))];
    const shapes = [...new Set(keys.map(shapeOf))].map((shape) => keys.filter((key) => shapeOf(key) === shape));
    const hypotheses = shapes.flatMap((alike): readonly Hypothesis[] => {
        const together = weight * evidenceOf(frames, alike);
        const each = alike.map((key) => Math.exp(evidenceOf(frames, [key]) / frames.length));
        const all = each.reduce((sum, share) => sum + share, 0);
        return alike.map((key, index) => ({
            key,
            score: together + Math.log(((each[index] ?? 0) / all) * priorOf(key, options)),
        }));
    });
    const [winner] = hypotheses.sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1));
    if (winner === undefined) return undefined;
    const other = frames.reduce((sum, frame) => sum + Math.log(Math.max(restOf(frame), PROBABILITY_MIN)), 0) * weight;
    const total = [...hypotheses.map(({ score }) => score), other].reduce(
        (sum, score) => sum + Math.exp(score - winner.score),
        0,
    );
    const agreeing = reads.filter(({ text }) => toPlateKey(text) === winner.key);
    return {
        text: textOf(winner.key, agreeing, reads),
        key: winner.key,
        confidence: 1 / total,
        frames: new Set(reads.map(({ atMs }) => atMs)).size,
        agreeing: new Set(agreeing.map(({ atMs }) => atMs)).size,
    };
}

/** Keys of one shape differ in nothing but letters for digits and the order of two rows. */
function shapeOf(key: PlateKey): string {
    return inRowOrder(key).replaceAll(/[A-Z]/g, (letter) => LIKE_DIGITS[LETTERS.indexOf(letter)] ?? letter);
}

/** The sum over frames of the logarithm of what these keys have there together. */
function evidenceOf(frames: readonly ReadonlyMap<PlateKey, number>[], keys: readonly PlateKey[]): number {
    return frames.reduce((sum, frame) => {
        const share = keys.reduce((total, key) => total + (frame.get(key) ?? 0), 0);
        return sum + Math.log(Math.max(share, PROBABILITY_MIN));
    }, 0);
}

/** Texts of one key are one; the empty key, «no plate», belongs to the rest. */
function probabilitiesOf({ texts }: WeighedRead): ReadonlyMap<PlateKey, number> {
    const found = new Map<PlateKey, number>();
    for (const { text, probability } of texts) {
        const key = toPlateKey(text);
        if (key !== "") found.set(key, (found.get(key) ?? 0) + probability);
    }
    return found;
}

function restOf(frame: ReadonlyMap<PlateKey, number>): number {
    return 1 - [...frame.values()].reduce((sum, probability) => sum + probability, 0);
}

function priorOf(key: PlateKey, options: MatchOptions): number {
    if (!isPlausiblePlate(key)) return NO_PLATE_PRIOR;
    const matches = matchFormats(key, options);
    if (matches.length === 0) return NO_FORM_PRIOR;
    return matches.every(({ format }) => format.isWide) ? WIDE_FORM_PRIOR : 1;
}

function textOf(key: PlateKey, agreeing: readonly WeighedRead[], reads: readonly WeighedRead[]): string {
    const [surest] = agreeing.toSorted((a, b) => b.confidence - a.confidence);
    const named = reads.flatMap(({ texts }) => texts).find(({ text }) => toPlateKey(text) === key);
    return surest?.text ?? named?.text ?? key;
}
