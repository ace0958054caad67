/**
 * One reading out of many frames by what each frame says about every text, instead of by counting heads: a blurred frame that
 * thinks three texts possible says little, a clear one says much. The forms of plates weigh in as a prior; a text that no
 * frame thought possible cannot win.
 */
import { isPlausiblePlate, type MatchOptions, matchFormats } from "./plate-formats.ts";
import { type PlateKey, toPlateKey } from "./plate-key.ts";
import type { FrameRead, VotedRead } from "./plate-vote.ts";

/** A read that knows what else its frame may show. */
export interface WeighedRead extends FrameRead {
    /** Texts with their probabilities, 0 to 1, together at most 1; what is left of 1 is «something else». */
    readonly texts: readonly { readonly text: string; readonly probability: number }[];
}

/**
 * How much the errors of two frames of one track go together (intra-class correlation): n frames count as
 * n / (1 + 0.3 (n - 1)) independent ones, at most 3.3 however long a lorry stands. Chosen, not measured: the same dirt and
 * the same light are in all frames.
 */
const CORRELATION = 0.3;
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
 * `CORRELATION`, and the prior of its form. The confidence is the winner's share among all keys and «something else»: a
 * probability as good as the frames' own. `text` is the raw text of the read that was surest of the winner, or the winning
 * text itself where it was never the first choice of a frame.
 */
export function fuseReads(reads: readonly WeighedRead[], options: MatchOptions = {}): VotedRead | undefined {
    const frames = reads.map((read) => probabilitiesOf(read));
    const weight = 1 / (1 + CORRELATION * (frames.length - 1));
    const keys = [...new Set(frames.flatMap((frame) => [...frame.keys()]))];
    const hypotheses = keys.map((key): Hypothesis => {
        const evidence = frames.reduce(
            (sum, frame) => sum + Math.log(Math.max(frame.get(key) ?? 0, PROBABILITY_MIN)),
            0,
        );
        return { key, score: weight * evidence + Math.log(priorOf(key, options)) };
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
