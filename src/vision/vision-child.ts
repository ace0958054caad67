/**
 * The work of a vision child: one loop drains the camera, another reads the newest frame while a vehicle is there, and a
 * heartbeat tells the parent that both live. Frames that cannot be used are counted; the child goes on.
 */
import type { Clock } from "../ports/clock.ts";
import type { PlateRead } from "../ports/plate-source.ts";
import type { CameraPlan } from "./camera-plan.ts";
import { CameraSight, type Sight } from "./camera-sight.ts";
import { type Frame, type FrameFeed, releaseFrame } from "./frame.ts";
import { type CameraState, FrameCapture } from "./frame-capture.ts";
import { evidenceOf, greyOf } from "./frame-picture.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { ToParent } from "./messages.ts";
import type { Mat } from "./opencv.ts";
import { type Liveness, PlateLiveness, type SceneNews } from "./plate-liveness.ts";
import { PlateTracker, type TrackedPlate } from "./plate-tracker.ts";
import { lookAt, type SceneLook } from "./scene-look.ts";
import { SceneMotion } from "./scene-motion.ts";
import type { SecondOpinion } from "./second-opinion.ts";

const BEAT_MS = 500;
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

export interface VisionParts {
    readonly feed: FrameFeed;
    readonly reader: FrameReader;
    /** Asked once for each plate that the reader is not sure of; undefined where the reader is of its kind anyway. */
    readonly second?: SecondOpinion;
    readonly clock: Clock;
    readonly send: (message: ToParent) => void;
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

export class VisionChild {
    readonly #plan: CameraPlan;
    readonly #reader: FrameReader;
    readonly #second: SecondOpinion | undefined;
    readonly #asked = new Set<string>();
    readonly #clock: Clock;
    readonly #send: (message: ToParent) => void;
    readonly #onTrouble: (error: unknown) => void;
    readonly #capture: FrameCapture;
    readonly #tracker: PlateTracker;
    readonly #sight: CameraSight;
    readonly #motion = new SceneMotion();
    readonly #liveness: PlateLiveness;
    /** Tracks whose pictures the parent has. */
    readonly #shown = new Set<string>();
    #camera: CameraState | undefined;
    #seen: Sight = { state: "well" };
    #told = "";
    #isWatching = false;
    #wake: () => void = () => {};
    #badFrames = 0;
    #framesRead = 0;
    #readMs: number | null = null;

    /** `run` makes track ids of this child differ from those of the one before it. */
    constructor(plan: CameraPlan, run: string, parts: VisionParts) {
        this.#plan = plan;
        this.#reader = parts.reader;
        this.#second = parts.second;
        this.#clock = parts.clock;
        this.#send = parts.send;
        this.#onTrouble = parts.onTrouble;
        this.#capture = new FrameCapture(parts.feed, parts.clock, (state) => this.#cameraIs(state));
        this.#sight = new CameraSight(plan.sight);
        this.#liveness = new PlateLiveness(plan.sight.stillMsMax);
        this.#tracker = new PlateTracker(`${plan.camera}-${run}`);
    }

    /** Serves until aborted; rejects when only a new process can help. */
    async run(signal: AbortSignal): Promise<void> {
        this.#send({ is: "ready", recogniser: this.#reader.name });
        const stopBeat = this.#clock.every(BEAT_MS, () => this.#beat());
        const ended = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
        try {
            await Promise.race([Promise.all([this.#capture.run(signal), this.#readAll(signal)]), ended]);
        } finally {
            stopBeat();
        }
    }

    /** Reads frames from now on, or no longer. The camera is drained either way, so that the first look is a fresh one. */
    watch(isWanted: boolean): void {
        this.#isWatching = isWanted;
        if (isWanted) this.#wake();
        else this.#forget();
    }

    #cameraIs(state: CameraState): void {
        this.#camera = state;
        if (state.state === "failed") {
            this.#sight.forget();
            this.#motion.forget();
            this.#seen = { state: "well" };
            this.#forget();
        }
        this.#tellHealth();
    }

    #sees(sight: Sight): void {
        if (sight.state === "failed" && sight.code === "PICTURE_FROZEN" && this.#seen.state === "well") this.#forget();
        this.#seen = sight;
        this.#tellHealth();
    }

    /** What is wrong with the connection goes before what is wrong with the picture; told when it changes. */
    #tellHealth(): void {
        if (this.#camera === undefined) return;
        const state = this.#camera.state === "failed" ? this.#camera : this.#seen;
        const text = JSON.stringify(state);
        if (text === this.#told) return;
        this.#told = text;
        this.#send({ is: "health", ...state });
    }

    #forget(): void {
        this.#asked.clear();
        this.#shown.clear();
        this.#liveness.clear();
        for (const track of this.#tracker.clear()) this.#send({ is: "gone", track });
    }

    async #readAll(signal: AbortSignal): Promise<void> {
        while (!signal.aborted) {
            const frame = await this.#capture.take();
            const pauseMs = await this.#use(frame);
            releaseFrame(frame);
            if (pauseMs > 0 && !this.#capture.isBehind) await this.#pause(pauseMs);
        }
    }

    /** Ends early when a vehicle comes. */
    async #pause(pauseMs: number): Promise<void> {
        await new Promise<void>((resolve) => {
            const cancel = this.#clock.after(pauseMs, resolve);
            this.#wake = () => {
                cancel();
                resolve();
            };
        });
    }

    /** Looks at one frame and reads it while a vehicle is there. Returns how long the next one may wait, in milliseconds. */
    async #use(frame: Frame): Promise<number> {
        const startedMs = this.#clock.monotonicMs();
        let grey: Mat | undefined;
        try {
            grey = await greyOf(frame);
            if (grey === undefined) {
                this.#badFrames++;
                return 0;
            }
            const look = await lookAt(grey, frame.atMs);
            this.#sees(this.#sight.look(look));
            const isMoving = this.#motion.look(look);
            const isApproach = frame.atMs - this.#motion.movedAtMs <= APPROACH_MS_MAX;
            if (this.#isFrozen || !(this.#isWatching || isApproach)) return IDLE_PAUSE_MS;
            const isSettled = await this.#read({ frame, grey, look, isMoving }, startedMs);
            return isSettled ? SETTLED_PAUSE_MS : this.#isWatching ? 0 : APPROACH_PAUSE_MS;
        } catch (error) {
            this.#badFrames++;
            this.#onTrouble(error);
            return 0;
        } finally {
            grey?.release();
        }
    }

    get #isFrozen(): boolean {
        return this.#seen.state === "failed" && this.#seen.code === "PICTURE_FROZEN";
    }

    /** Reads one frame and tells the parent. True when the plates in it have been read so often that there is no hurry. */
    async #read(view: View, startedMs: number): Promise<boolean> {
        const { frame, grey } = view;
        const wasWatching = this.#isWatching;
        const readings = await this.#reader.read(grey, this.#framesRead++);
        this.#readMs = this.#clock.monotonicMs() - startedMs;
        // The lorry may have left while the frame was read: what it showed must not come back.
        if (wasWatching && !this.#isWatching) return false;
        const { seen, gone } = this.#tracker.update(readings, frame.atMs);
        if (seen.length > 0) this.#sight.noteRead();
        for (const track of gone) {
            this.#liveness.end(track);
            this.#send({ is: "gone", track });
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
            this.#send({ is: "read", read: { ...read, doubts, ...(travel === undefined ? {} : { travel }) } });
        }
        return seen.length > 0 && seen.every(({ vote }) => vote.agreeing >= SETTLED_AGREEING);
    }

    #judge({ track, vote, corners }: TrackedPlate, look: SceneLook, news: SceneNews): Liveness {
        return this.#liveness.judge(track, vote.key, corners, look, news);
    }

    /** Goes on beside the reading of further frames; the answer counts from the next frame on. */
    #askSecond({ track, vote, corners }: TrackedPlate, grey: Mat): void {
        const [low, high] = GREY_ZONE;
        if (this.#second === undefined || this.#asked.has(track)) return;
        if (vote.confidence < low || vote.confidence > high || vote.agreeing < ASKED_AGREEING) return;
        this.#asked.add(track);
        this.#second.agrees(grey, corners, vote.text).then((isAgreed) => {
            if (isAgreed !== undefined) this.#tracker.confirm(track, isAgreed);
        }, this.#onTrouble);
    }

    async #readOf(plate: TrackedPlate, frame: Frame, size: { cols: number; rows: number }): Promise<PlateRead> {
        const { vote, track, firstSeenMs, lastSeenMs, corners, isShown } = plate;
        // The parent was told of none that was read before its vehicle stood on the loop.
        const isNew = !this.#shown.has(track);
        this.#shown.add(track);
        const inside = (value: number) => Math.max(-0.5, Math.min(1.5, value));
        return {
            ...{ camera: this.#plan.camera, track, firstSeenMs, lastSeenMs, recogniser: this.#reader.name },
            ...{ text: vote.text, confidence: vote.confidence, frames: vote.frames, agreeing: vote.agreeing },
            corners: corners.map(([x, y]) => [inside(x / size.cols), inside(y / size.rows)] as const),
            evidence: isShown || isNew ? await evidenceOf(frame, corners) : [],
        };
    }

    #beat(): void {
        this.#send({
            is: "beat",
            frameAgeMs: this.#capture.ageMs() ?? null,
            fps: this.#capture.fps(),
            badFrames: this.#badFrames + this.#capture.brokenFrames,
            framesRead: this.#framesRead,
            readMs: this.#readMs,
        });
    }
}
