/**
 * Follows plates over frames and votes on what they say. One look proves nothing: a plate is reported when several frames
 * agree, and each further frame may change the vote. Pure bookkeeping; time comes with the frames.
 */
import { fuseReads, type WeighedRead } from "../core/plate/plate-fusion.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import { diffPlates } from "../core/plate/plate-similarity.ts";
import { type FrameRead, type VotedRead, voteReads } from "../core/plate/plate-vote.ts";
import { middleOf, type PlateReading } from "./plate-reader.ts";
import type { Corner } from "./row-straightener.ts";

/** A plate as it is followed now. */
export interface TrackedPlate {
    /** Unique in this process. */
    readonly track: string;
    readonly vote: VotedRead;
    /** Monotonic milliseconds of the first and the newest frame that showed it. */
    readonly firstSeenMs: number;
    readonly lastSeenMs: number;
    /** In pixels of the newest frame. */
    readonly corners: readonly Corner[];
    /** Worth a picture: the newest frame shows it best so far, or nobody was told of it before. */
    readonly isShown: boolean;
}

export interface TrackChange {
    /** Plates seen in this frame that enough frames agree on. */
    readonly seen: readonly TrackedPlate[];
    /** Reported tracks that ended. */
    readonly gone: readonly string[];
}

/** Frames that must agree before a plate is reported; more for a text of no known form, as on trailers and doors. */
const AGREEING_MIN = 2;
const AGREEING_MIN_WITHOUT_FORM = 4;
/** What the vote must reach; badges and half plates stay below. */
const CONFIDENCE_MIN = 0.25;
/** A plate not seen for this long is gone: longer than rain, a wiper or a passing person hides it. */
const LOST_MS = 3_000;
/** Votes look back so far; a lorry may stand for hours. */
const READS_MAX = 40;
/** How far a plate may move between two looks, in widths of the plate, and how much its text may differ (see `diffPlates`). */
const MOVE_MAX = 1.5;
const DIFFERENCE_MAX = 3;
/** Two reads this sure that differ more are two plates, however near. */
const CLEAR = 0.9;
const CLEAR_DIFFERENCE_MAX = 1;
/** What is left of the doubt when a reader of another kind agrees, and of the trust when it does not. Chosen, not measured. */
const CONFIRMED_DOUBT = 0.3;
const CONTRADICTED_TRUST = 0.8;
/** Within this time no other lorry can stand in the same place, whatever the text says. */
const SAME_PLACE_MS = 1_000;
const SAME_PLACE_MOVE = 0.35;

interface Track {
    readonly track: string;
    readonly reads: (FrameRead | WeighedRead)[];
    readonly firstSeenMs: number;
    lastSeenMs: number;
    corners: readonly Corner[];
    hasForm: boolean;
    bestView: number;
    isReported: boolean;
    /** What a reader of another kind said; undefined while nobody was asked or it saw nothing. */
    isConfirmed: boolean | undefined;
}

export class PlateTracker {
    readonly #prefix: string;
    #count = 0;
    #tracks: Track[] = [];

    /** `prefix` makes track ids unique beyond this process, e.g. over restarts of the child. */
    constructor(prefix: string) {
        this.#prefix = prefix;
    }

    /** Takes what one frame, received at `atMs`, was read as. */
    update(readings: readonly PlateReading[], atMs: number): TrackChange {
        const free = new Set(this.#tracks);
        const seen: TrackedPlate[] = [];
        for (const reading of readings) {
            const track = nearest(free, reading, atMs) ?? this.#begin(atMs);
            free.delete(track);
            const isBestView = follow(track, reading, atMs);
            const vote = voteOf(track);
            if (vote === undefined || !isSure(vote, track)) continue;
            // The best view may have come before anybody was told of the plate: the first report shows what there is.
            const isShown = isBestView || !track.isReported;
            track.isReported = true;
            const { firstSeenMs, lastSeenMs, corners } = track;
            seen.push({ track: track.track, vote, firstSeenMs, lastSeenMs, corners, isShown });
        }
        const lost = this.#tracks.filter((track) => atMs - track.lastSeenMs > LOST_MS);
        this.#tracks = this.#tracks.filter((track) => !lost.includes(track));
        return { seen, gone: lost.filter(({ isReported }) => isReported).map(({ track }) => track) };
    }

    /** What a reader of another kind said of the text that the track was last reported with. */
    confirm(track: string, isConfirmed: boolean): void {
        const found = this.#tracks.find((other) => other.track === track);
        if (found !== undefined) found.isConfirmed = isConfirmed;
    }

    /** Forgets everything; returns the reported tracks that end by it. */
    clear(): readonly string[] {
        const ended = this.#tracks.filter(({ isReported }) => isReported).map(({ track }) => track);
        this.#tracks = [];
        return ended;
    }

    #begin(atMs: number): Track {
        const track: Track = {
            track: `${this.#prefix}-${++this.#count}`,
            reads: [],
            firstSeenMs: atMs,
            lastSeenMs: atMs,
            corners: [],
            hasForm: false,
            bestView: 0,
            isReported: false,
            isConfirmed: undefined,
        };
        this.#tracks.push(track);
        return track;
    }
}

/** Readers that know what else a frame may show are weighed; of the others heads are counted. */
function voteOf({ reads, isConfirmed }: Track): VotedRead | undefined {
    const weighed = reads.filter((read) => "texts" in read);
    const vote = weighed.length === reads.length ? fuseReads(weighed) : voteReads(reads);
    if (vote === undefined || isConfirmed === undefined) return vote;
    const { confidence } = vote;
    return {
        ...vote,
        confidence: isConfirmed ? 1 - (1 - confidence) * CONFIRMED_DOUBT : confidence * CONTRADICTED_TRUST,
    };
}

/** Adds a reading; tells whether it is the best view so far: large and clearly read. */
function follow(track: Track, reading: PlateReading, atMs: number): boolean {
    const { text, confidence, characters, texts, corners, hasForm } = reading;
    track.reads.push({ text, confidence, atMs, characters, ...(texts === undefined ? {} : { texts }) });
    if (track.reads.length > READS_MAX) track.reads.shift();
    track.lastSeenMs = atMs;
    track.corners = corners;
    track.hasForm ||= hasForm;
    const view = confidence * Math.sqrt(widthOf(corners));
    if (view <= track.bestView * 1.1) return false;
    track.bestView = view;
    return true;
}

function isSure(vote: VotedRead, track: Track): boolean {
    const agreeingMin = track.hasForm ? AGREEING_MIN : AGREEING_MIN_WITHOUT_FORM;
    return vote.agreeing >= agreeingMin && vote.confidence >= CONFIDENCE_MIN;
}

/** The track this reading continues: in the same place just now, or close by and saying about the same. */
function nearest(tracks: ReadonlySet<Track>, reading: PlateReading, atMs: number): Track | undefined {
    const [x, y] = middleOf(reading.corners);
    const width = widthOf(reading.corners);
    const key = toPlateKey(reading.text);
    let best: Track | undefined;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const track of tracks) {
        const [trackX, trackY] = middleOf(track.corners);
        const move = Math.hypot(x - trackX, y - trackY) / Math.max(width, widthOf(track.corners), 1);
        const difference = Math.min(...newestKeys(track).map((other) => diffPlates(key, other).distance));
        const isSamePlace = move <= SAME_PLACE_MOVE && atMs - track.lastSeenMs <= SAME_PLACE_MS;
        const isClear = reading.confidence >= CLEAR && (track.reads.at(-1)?.confidence ?? 0) >= CLEAR;
        const differenceMax = isClear ? CLEAR_DIFFERENCE_MAX : DIFFERENCE_MAX;
        const isNear = move <= MOVE_MAX * (difference === 0 ? 3 : 1) && difference <= differenceMax;
        if (!isSamePlace && !isNear) continue;
        const cost = move + difference / DIFFERENCE_MAX;
        if (cost < bestCost) [best, bestCost] = [track, cost];
    }
    return best;
}

function newestKeys({ reads }: Track) {
    return reads.slice(-4).map(({ text }) => toPlateKey(text));
}

function widthOf([topLeft, topRight]: readonly Corner[]): number {
    if (topLeft === undefined || topRight === undefined) return 0;
    return Math.hypot(topRight[0] - topLeft[0], topRight[1] - topLeft[1]);
}
