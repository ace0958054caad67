/**
 * What is made of a camera's frames, one after the other: whether the camera sees, whether anything moves, and, while a vehicle is
 * there or coming, which plates are read, followed and believed. Knows no camera and no timers; the caller brings the frames.
 */
import type { Clock } from "../ports/clock.ts";
import type { PlateRead } from "../ports/plate-source.ts";
import { CameraSight, type Sight, type SightLimits } from "./camera-sight.ts";
import type { Frame } from "./frame.ts";
import { evidenceOf, greyOf } from "./frame-picture.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { ToParent } from "./messages.ts";
import type { Mat } from "./opencv.ts";
import { type Liveness, PlateLiveness, type SceneNews } from "./plate-liveness.ts";
import { PlateTracker, type TrackedPlate } from "./plate-tracker.ts";
import { lookAt, type SceneLook } from "./scene-look.ts";
import { SceneMotion } from "./scene-motion.ts";
import type { SecondOpinion } from "./second-opinion.ts";

/** A plate that so many frames agree on is looked at less often: a lorry may stand for hours, and other cameras need the processor. */
const SETTLED_AGREEING = 12;
const SETTLED_PAUSE_MS = 400;

/** Pause between two looks at a lane where nobody is: enough to see that the camera lives, and cheap. */
const IDLE_PAUSE_MS = 500;
/** While something moves and no vehicle is on the loop yet, plates are followed so that their coming is seen; not more often. */
const APPROACH_MS_MAX = 2_000;
const APPROACH_PAUSE_MS = 250;

/** Confidence of a vote that is neither sure nor lost, and frames that must agree on it before a second reader is asked. */
const GREY_ZONE = [0.4, 0.93] as const;
const ASKED_AGREEING = 3;

export interface PlateWatchParts {
    /** Of the camera, as in `PlateRead`. */
    readonly camera: string;
    /** Makes track ids of this watch differ from those of the one before it. */
    readonly run: string;
    readonly sight: SightLimits;
    readonly reader: FrameReader;
    /** Asked once for each plate that the reader is not sure of; undefined where the reader is of its kind anyway. */
    readonly second?: SecondOpinion;
    readonly clock: Clock;
    readonly send: (message: Extract<ToParent, { is: "read" | "gone" }>) => void;
    /** How well the camera sees, told with each frame. */
    readonly onSight: (sight: Sight) => void;
    /** A frame whose reading failed in a way nobody foresaw; it is counted as bad and the next one is read. */
    readonly onTrouble: (error: unknown) => void;
}

/** One frame with what was made of it. */
interface View {
    readonly frame: Frame;
    readonly grey: Mat;
    readonly look: SceneLook;
    readonly isMoving: boolean;
}

export class PlateWatch {
    readonly #parts: PlateWatchParts;
    readonly #tracker: PlateTracker;
    readonly #sight: CameraSight;
    readonly #motion = new SceneMotion();
    readonly #liveness: PlateLiveness;
    readonly #asked = new Set<string>();
    #asking: Promise<void> = Promise.resolve();
    /** Tracks whose pictures the parent has. */
    readonly #shown = new Set<string>();
    #isFrozen = false;
    #isWatching = false;
    #badFrames = 0;
    #framesRead = 0;
    #readMs: number | null = null;

    constructor(parts: PlateWatchParts) {
        this.#parts = parts;
        this.#sight = new CameraSight(parts.sight);
        this.#liveness = new PlateLiveness(parts.sight.stillMsMax);
        this.#tracker = new PlateTracker(`${parts.camera}-${parts.run}`);
    }

    /** Frames that could not be used, frames that were read, and how long the newest read took. */
    get figures(): { readonly badFrames: number; readonly framesRead: number; readonly readMs: number | null } {
        return { badFrames: this.#badFrames, framesRead: this.#framesRead, readMs: this.#readMs };
    }

    /** Reads are told from now on, or no longer. */
    watch(isWanted: boolean): void {
        this.#isWatching = isWanted;
        if (!isWanted) this.#forget();
    }

    /** The connection to the camera was lost: nobody knows what was to be seen meanwhile. */
    lose(): void {
        this.#sight.forget();
        this.#motion.forget();
        this.#isFrozen = false;
        this.#forget();
    }

    /** Looks at one frame and reads it while a vehicle is there or coming. Returns how long the next one may wait, in milliseconds. */
    async look(frame: Frame): Promise<number> {
        const startedMs = this.#parts.clock.monotonicMs();
        let grey: Mat | undefined;
        try {
            grey = await greyOf(frame);
            if (grey === undefined) {
                this.#badFrames++;
                return 0;
            }
            const look = await lookAt(grey, frame.atMs);
            this.#noteSight(this.#sight.look(look));
            const isMoving = this.#motion.look(look);
            const isApproach = frame.atMs - this.#motion.movedAtMs <= APPROACH_MS_MAX;
            if (this.#isFrozen || !(this.#isWatching || isApproach)) return IDLE_PAUSE_MS;
            const isSettled = await this.#read({ frame, grey, look, isMoving }, startedMs);
            return isSettled ? SETTLED_PAUSE_MS : this.#isWatching ? 0 : APPROACH_PAUSE_MS;
        } catch (error) {
            this.#badFrames++;
            this.#parts.onTrouble(error);
            return 0;
        } finally {
            grey?.release();
        }
    }

    /** Resolves when no second opinion is awaited. */
    async settle(): Promise<void> {
        await this.#asking;
    }

    #noteSight(sight: Sight): void {
        const isFrozen = sight.state === "failed" && sight.code === "PICTURE_FROZEN";
        if (isFrozen && !this.#isFrozen) this.#forget();
        this.#isFrozen = isFrozen;
        this.#parts.onSight(sight);
    }

    #forget(): void {
        this.#asked.clear();
        this.#shown.clear();
        this.#liveness.clear();
        for (const track of this.#tracker.clear()) this.#parts.send({ is: "gone", track });
    }

    /** Reads one frame and tells the parent. True when the plates in it have been read so often that there is no hurry. */
    async #read(view: View, startedMs: number): Promise<boolean> {
        const { frame, grey } = view;
        const wasWatching = this.#isWatching;
        const readings = await this.#parts.reader.read(grey, this.#framesRead++);
        this.#readMs = this.#parts.clock.monotonicMs() - startedMs;
        // The lorry may have left while the frame was read: what it showed must not come back.
        if (wasWatching && !this.#isWatching) return false;
        const { seen, gone } = this.#tracker.update(readings, frame.atMs);
        if (seen.length > 0) this.#sight.noteRead();
        for (const track of gone) {
            this.#liveness.end(track);
            this.#parts.send({ is: "gone", track });
        }
        const news: SceneNews = {
            isMoving: view.isMoving,
            stillMs: this.#sight.stillMs,
            liveShare: this.#sight.liveShare,
            isAwaited: this.#isWatching,
        };
        const judged = seen.map((plate) => ({ plate, ...this.#judge(plate, view.look, news) }));
        if (!this.#isWatching) return false;
        for (const plate of seen) this.#askSecond(plate, grey);
        for (const { plate, doubts, travel } of judged) {
            const read = await this.#readOf(plate, frame, grey);
            this.#parts.send({ is: "read", read: { ...read, doubts, ...(travel === undefined ? {} : { travel }) } });
        }
        return seen.length > 0 && seen.every(({ vote }) => vote.agreeing >= SETTLED_AGREEING);
    }

    #judge({ track, vote, corners }: TrackedPlate, look: SceneLook, news: SceneNews): Liveness {
        return this.#liveness.judge(track, vote.key, corners, look, news);
    }

    /** Goes on beside the reading of further frames; the answer counts from the next frame on. */
    #askSecond({ track, vote, corners }: TrackedPlate, grey: Mat): void {
        const [low, high] = GREY_ZONE;
        const { second, onTrouble } = this.#parts;
        if (second === undefined || this.#asked.has(track)) return;
        if (vote.confidence < low || vote.confidence > high || vote.agreeing < ASKED_AGREEING) return;
        this.#asked.add(track);
        const answer = second.agrees(grey, corners, vote.text).then((isAgreed) => {
            if (isAgreed !== undefined) this.#tracker.confirm(track, isAgreed);
        }, onTrouble);
        this.#asking = Promise.all([this.#asking, answer]).then(() => undefined);
    }

    async #readOf(plate: TrackedPlate, frame: Frame, size: { cols: number; rows: number }): Promise<PlateRead> {
        const { vote, track, firstSeenMs, lastSeenMs, corners, isShown } = plate;
        // The parent was told of none that was read before its vehicle stood on the loop.
        const isNew = !this.#shown.has(track);
        this.#shown.add(track);
        const inside = (value: number) => Math.max(-0.5, Math.min(1.5, value));
        return {
            ...{ camera: this.#parts.camera, track, firstSeenMs, lastSeenMs, recogniser: this.#parts.reader.name },
            ...{ text: vote.text, confidence: vote.confidence, frames: vote.frames, agreeing: vote.agreeing },
            corners: corners.map(([x, y]) => [inside(x / size.cols), inside(y / size.rows)] as const),
            evidence: isShown || isNew ? await evidenceOf(frame, corners) : [],
        };
    }
}
