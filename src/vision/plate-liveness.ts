/**
 * Whether a plate that is read belongs to a vehicle that came: it was seen to come, it goes with what is around it, and its
 * pixels live. Pure: looks in, doubts out; each criterion is a doubt of its own.
 */
import type { ReadDoubt, Travel } from "../core/decision/read-doubt.ts";
import type { PlateKey } from "../core/plate/plate-key.ts";
import { diffPlates } from "../core/plate/plate-similarity.ts";
import {
    type Likeness,
    likenessOf,
    type PlatePlace,
    placeOf,
    type Surroundings,
    surroundingsOf,
    widthOf,
} from "./plate-surroundings.ts";
import type { Corner } from "./row-straightener.ts";
import type { SceneLook } from "./scene-look.ts";
import { StillCrop } from "./still-crop.ts";

/** What the whole picture showed up to the present look. */
export interface SceneNews {
    readonly isMoving: boolean;
    /** For how long nothing but a clock has changed. */
    readonly stillMs: number;
    /** Share (0..1) of the picture that changed up to this look, be it by noise. */
    readonly liveShare: number;
    /** A vehicle is on the loop. Before it is, no plate has a reason to stand still while one comes. */
    readonly isAwaited: boolean;
}

export interface Liveness {
    readonly doubts: readonly ReadDoubt[];
    readonly travel?: Travel;
}

/** A plate that was seen to arrive may be lost and found again in its place for so long, as long as the picture lives. */
const PROOF_MS = 600_000;
const PROOF_STILL_MS = 5_000;
const PROOFS_MAX = 16;
/** Movement of a plate worth judging, in its widths and as a change of its size. */
const SHIFT_MIN = 0.08;
const ZOOM_MIN = 0.08;
/** And worth being told as a direction. */
const TRAVEL_SHIFT = 1;
const TRAVEL_ZOOM = 0.12;
const TRAVEL_ZOOM_LEAST = 0.06;
/** Likeness of surroundings: the same, alike, not the same, and how clearly one must win. */
const SAME = 0.75;
const ALIKE = 0.5;
/** What stands still in a picture correlates with itself better than anything that moved; grilles and stripes come close. */
const STILL = 0.95;
const STILL_APART = 0.05;
const OTHER = 0.4;
const CLEARLY = 0.25;
const PARTS_MIN = 2;
/** A far plate is misread in a sign or two before it comes near; more is another plate. See `diffPlates`. */
const MISREAD_MAX = 2;
/** Looks that must say so; and how long a plate must stand in a moving scene. */
const VOTES_MIN = 3;
const STAYS_MS = 1_500;
/** The surroundings that a plate at rest is compared with are renewed: shadows wander. */
const ANCHOR_MS_MAX = 10_000;

interface Track {
    readonly key: PlateKey;
    lastMs: number;
    places: PlatePlace[];
    anchor: (Surroundings & { readonly atMs: number }) | undefined;
    travelFrom: PlatePlace | undefined;
    travel: Travel | undefined;
    hasArrived: boolean;
    /** Looks in which the surroundings went along, were no longer where they had been, stayed there, and were exchanged. */
    along: number;
    left: number;
    alone: number;
    isAlone: boolean;
    exchanged: number;
    staysMs: number;
    readonly crop: StillCrop;
}

/** Where a plate that had arrived was last seen. */
interface Proof {
    readonly place: PlatePlace;
    readonly atMs: number;
}

export class PlateLiveness {
    readonly #stillMsMax: number;
    readonly #tracks = new Map<string, Track>();
    readonly #proofs = new Map<string, Proof>();

    constructor(stillMsMax: number) {
        this.#stillMsMax = stillMsMax;
    }

    /** Judges a plate in the newest look; `key` is what it reads as, `corners` are in pixels of the frame. */
    judge(id: string, key: PlateKey, corners: readonly Corner[], look: SceneLook, news: SceneNews): Liveness {
        const before = this.#tracks.get(id);
        // A plate held before the lorry's own takes its place: what was seen of that one proves nothing of this one.
        const isOther = before !== undefined && diffPlates(before.key, key).distance > MISREAD_MAX;
        const track = before === undefined || isOther ? beginTrack(key, look.atMs) : { ...before, key };
        track.isAlone ||= before?.isAlone === true;
        this.#tracks.set(id, track);
        const place = placeOf(corners, look.zoom);
        track.places = [...track.places.slice(-2), place];
        followTravel(track, steadyPlace(track.places));
        noteSurroundings(track, place, look, news);
        this.#noteArrival(track, place, look.atMs, news);
        track.crop.look(look, place, news.liveShare);
        track.lastMs = look.atMs;
        const doubts = this.#doubtsOf(track);
        return { doubts, ...(track.travel === undefined ? {} : { travel: track.travel }) };
    }

    /** The plates followed end; what is known of where plates stood stays for those that are found again. */
    clear(): void {
        this.#tracks.clear();
    }

    end(id: string): void {
        this.#tracks.delete(id);
    }

    #doubtsOf(track: Track): readonly ReadDoubt[] {
        const { hasArrived, crop, isAlone, exchanged, staysMs } = track;
        return [
            ...(hasArrived ? [] : (["arrival-unseen"] as const)),
            ...(crop.isInserted || crop.stillMs >= this.#stillMsMax ? (["picture-still"] as const) : []),
            ...(isAlone ? (["moves-alone"] as const) : []),
            ...(exchanged >= VOTES_MIN || staysMs >= STAYS_MS ? (["stays-behind"] as const) : []),
        ];
    }

    #noteArrival(track: Track, place: PlatePlace, atMs: number, { stillMs }: SceneNews): void {
        const proof = this.#proofs.get(track.key);
        const isKnown =
            proof !== undefined &&
            atMs - proof.atMs <= PROOF_MS &&
            stillMs <= PROOF_STILL_MS &&
            distance(proof.place, place) <= 0.5 * widthOf(place);
        // It grew or shrank, and what is around it did with it: that takes a vehicle, or a picture as large as one.
        const hasCome = track.along + track.left > 0 && (track.travel === "towards" || track.travel === "away");
        track.hasArrived ||= hasCome || isKnown;
        if (!track.hasArrived) return;
        this.#proofs.delete(track.key);
        this.#proofs.set(track.key, { place, atMs });
        const [oldest] = this.#proofs.keys();
        if (this.#proofs.size > PROOFS_MAX && oldest !== undefined) this.#proofs.delete(oldest);
    }
}

function beginTrack(key: PlateKey, atMs: number): Track {
    return {
        ...{ key, lastMs: atMs, places: [], anchor: undefined },
        ...{ travelFrom: undefined, travel: undefined, hasArrived: false },
        ...{ along: 0, left: 0, alone: 0, isAlone: false, exchanged: 0, staysMs: 0, crop: new StillCrop() },
    };
}

/** Medians of the last three places: one badly found corner moves nothing. */
function steadyPlace(places: readonly PlatePlace[]): PlatePlace {
    const middle = (pick: (place: PlatePlace) => number): number =>
        places.map(pick).sort((a, b) => a - b)[places.length >> 1] ?? 0;
    return {
        x: middle(({ x }) => x),
        y: middle(({ y }) => y),
        dx: middle(({ dx }) => dx),
        dy: middle(({ dy }) => dy),
    };
}

function distance(a: PlatePlace, b: PlatePlace): number {
    return Math.hypot(a.x - b.x, a.y - b.y);
}

/** In widths of the plate, and as the logarithm of its growth. */
function moveBetween(from: PlatePlace, to: PlatePlace): { readonly shift: number; readonly zoom: number } {
    return {
        shift: distance(from, to) / Math.max(1, widthOf(from)),
        zoom: Math.log(Math.max(1, widthOf(to)) / Math.max(1, widthOf(from))),
    };
}

function followTravel(track: Track, place: PlatePlace): void {
    track.travelFrom ??= place;
    const { shift, zoom } = moveBetween(track.travelFrom, place);
    if (shift < TRAVEL_SHIFT && Math.abs(zoom) < TRAVEL_ZOOM) return;
    track.travel = Math.abs(zoom) < TRAVEL_ZOOM_LEAST ? "across" : zoom > 0 ? "towards" : "away";
    track.travelFrom = place;
}

function noteSurroundings(track: Track, place: PlatePlace, look: SceneLook, news: SceneNews): void {
    const { anchor } = track;
    const isJudged = anchor !== undefined;
    const { shift, zoom } = moveBetween(anchor?.place ?? place, place);
    const isAtRest = isJudged && shift < SHIFT_MIN && Math.abs(zoom) < ZOOM_MIN;
    const likeness = isJudged ? likenessOf(anchor, look, place) : undefined;
    if (likeness !== undefined && isAtRest) {
        const isExchanged = judgeAtRest(track, likeness, look.atMs - track.lastMs, news);
        if (isExchanged || look.atMs - anchor.atMs <= ANCHOR_MS_MAX) return;
    } else if (likeness !== undefined) {
        judgeMoved(track, likeness, news);
    }
    track.anchor = { ...surroundingsOf(look, place), atMs: look.atMs };
}

/** True when what is around the plate has been exchanged: it is compared with what was there before. */
function judgeAtRest(track: Track, likeness: Likeness, sinceMs: number, news: SceneNews): boolean {
    const { along, plateInPlace, parts } = likeness;
    if (plateInPlace < SAME) return false;
    if (!news.isAwaited && news.isMoving && track.travel === undefined) track.staysMs += sinceMs;
    const isExchanged = parts > PARTS_MIN && along < OTHER;
    if (isExchanged) track.exchanged++;
    return isExchanged;
}

function judgeMoved(track: Track, { along, inPlace, plateInPlace, parts }: Likeness, { isMoving }: SceneNews): void {
    if (parts === 0) return;
    const isAlong = (along >= SAME && along >= inPlace) || (along >= ALIKE && along - inPlace >= CLEARLY);
    const isAlone = inPlace >= STILL && plateInPlace < ALIKE && 1 - along >= STILL_APART + 2 * (1 - inPlace);
    if (isAlong) {
        track.along++;
        track.alone = Math.max(0, track.alone - 1);
    } else if (isAlone) {
        track.alone++;
        track.isAlone ||= track.alone >= VOTES_MIN;
    } else if (inPlace < OTHER && isMoving) {
        track.left++;
    }
}
