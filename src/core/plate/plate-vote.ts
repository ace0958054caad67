/**
 * One reading out of the many frames of a track. A first or single frame must not win over later, better ones, and a
 * grammar must not rewrite what was seen: the vote only chooses between keys that were really read.
 */
import { isPlausiblePlate, type MatchOptions, matchFormats } from "./plate-formats.ts";
import { type PlateKey, toPlateKey } from "./plate-key.ts";

/** What the reader made of one plate in one frame. */
export interface FrameRead {
    /** As read. */
    readonly text: string;
    /** 0 to 1, as the reader gives it; outside values are cut, not-a-number counts as 0. */
    readonly confidence: number;
    /** When the frame was taken; reads with one time are of one frame. */
    readonly atMs: number;
    /** Per position the signs considered with their probabilities, best first. Kept as evidence; the vote does not use them. */
    readonly characters?: readonly (readonly CharacterChoice[])[];
}

/** One sign that the reader considered at one position. */
export interface CharacterChoice {
    readonly sign: string;
    /** 0 to 1. */
    readonly probability: number;
}

/** What the frames of a track agree on; raw text and key stand side by side and are never mixed. */
export interface VotedRead {
    /** Raw text of the most confident read of the winning key. */
    readonly text: string;
    readonly key: PlateKey;
    /** 0 to 1, see `voteReads`; no calibrated probability. */
    readonly confidence: number;
    /** Frames in which anything was read. */
    readonly frames: number;
    /** Frames among them in which the winning key was read. */
    readonly agreeing: number;
}

/** What one frame may at most be trusted: with one frame 0.6, two 0.8, four 0.9, twenty 0.98. */
const DOUBT_OF_ONE_FRAME = 0.4;
/** Confidences are summed as whole millionths, so that the order of the reads cannot change a sum or break a tie. */
const MILLION = 1_000_000;

interface Candidate {
    readonly key: PlateKey;
    /** Best read of the key in each frame. */
    readonly frames: ReadonlyMap<number, FrameRead>;
    readonly weight: number;
}

/**
 * Votes over the reads of one track, in any order; undefined if none has a letter or digit.
 *
 * Reads are grouped by match key. A key weighs the sum of its confidences, counting a frame once, and the heaviest key
 * wins. Between keys of equal weight a plausible plate of a known form goes before a merely plausible one, this before
 * the rest, then the one seen in more frames, then the first in the alphabet.
 *
 * confidence = min(share × mean, 1 − 0.4 / agreeing), with share = weight / weight of all keys and mean = weight /
 * agreeing. The number has three limits: it depends on how the reader's own confidences are scaled; frames of a standing
 * lorry repeat one error, yet count as independent; and no plates of known truth have been used to calibrate it.
 */
export function voteReads(reads: readonly FrameRead[], options: MatchOptions = {}): VotedRead | undefined {
    const candidates = candidatesOf(reads);
    const [winner] = candidates.toSorted((a, b) => compareRank(a, b, options));
    if (winner === undefined) return undefined;
    const agreeing = winner.frames.size;
    const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
    const share = total === 0 ? 0 : winner.weight / total;
    const mean = winner.weight / MILLION / agreeing;
    return {
        text: [...winner.frames.values()].reduce(better).text,
        key: winner.key,
        confidence: Math.min(share * mean, 1 - DOUBT_OF_ONE_FRAME / agreeing),
        frames: new Set(candidates.flatMap(({ frames }) => [...frames.keys()])).size,
        agreeing,
    };
}

function candidatesOf(reads: readonly FrameRead[]): readonly Candidate[] {
    const framesByKey = new Map<PlateKey, Map<number, FrameRead>>();
    for (const read of reads) {
        const key = toPlateKey(read.text);
        if (key === "") continue;
        const frames = framesByKey.get(key) ?? new Map<number, FrameRead>();
        frames.set(read.atMs, better(frames.get(read.atMs) ?? read, read));
        framesByKey.set(key, frames);
    }
    return [...framesByKey].map(([key, frames]) => {
        const weight = [...frames.values()].reduce((sum, read) => sum + millionths(read), 0);
        return { key, frames, weight };
    });
}

function compareRank(a: Candidate, b: Candidate, options: MatchOptions): number {
    return (
        b.weight - a.weight ||
        standing(b.key, options) - standing(a.key, options) ||
        b.frames.size - a.frames.size ||
        (a.key < b.key ? -1 : 1)
    );
}

/** Some forms are so wide that words have them, so a form counts only for what may be a plate at all. */
function standing(key: PlateKey, options: MatchOptions): number {
    if (!isPlausiblePlate(key)) return 0;
    return matchFormats(key, options).length > 0 ? 2 : 1;
}

/** The more confident read; the earlier one, then the first in the alphabet, if they are equal. */
function better(a: FrameRead, b: FrameRead): FrameRead {
    const order = millionths(b) - millionths(a) || a.atMs - b.atMs || (a.text <= b.text ? -1 : 1);
    return order < 0 ? a : b;
}

function millionths({ confidence }: FrameRead): number {
    return confidence >= 0 ? Math.round(Math.min(1, confidence) * MILLION) : 0;
}
