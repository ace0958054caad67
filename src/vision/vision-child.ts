/**
 * The work of a vision child: one loop drains the camera, another gives the newest frame to what reads it, and a heartbeat tells
 * the parent that both live.
 */
import type { Clock } from "../ports/clock.ts";
import type { CameraPlan } from "./camera-plan.ts";
import type { Sight } from "./camera-sight.ts";
import { type FrameFeed, releaseFrame } from "./frame.ts";
import { type CameraState, FrameCapture } from "./frame-capture.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { ToParent } from "./messages.ts";
import { PlateWatch } from "./plate-watch.ts";
import type { SecondOpinion } from "./second-opinion.ts";

const BEAT_MS = 500;

export interface VisionParts {
    readonly feed: FrameFeed;
    readonly reader: FrameReader;
    /** See `PlateWatchParts`. */
    readonly second?: SecondOpinion;
    readonly clock: Clock;
    readonly send: (message: ToParent) => void;
    /** See `PlateWatchParts`. */
    readonly onTrouble: (error: unknown) => void;
}

export class VisionChild {
    readonly #reader: FrameReader;
    readonly #clock: Clock;
    readonly #send: (message: ToParent) => void;
    readonly #capture: FrameCapture;
    readonly #watch: PlateWatch;
    #camera: CameraState | undefined;
    #seen: Sight = { state: "well" };
    #told = "";
    #wake: () => void = () => {};

    /** `run` makes track ids of this child differ from those of the one before it. */
    constructor({ camera, sight }: CameraPlan, run: string, { feed, ...parts }: VisionParts) {
        this.#reader = parts.reader;
        this.#clock = parts.clock;
        this.#send = parts.send;
        this.#capture = new FrameCapture(feed, parts.clock, (state) => this.#cameraIs(state));
        this.#watch = new PlateWatch({ ...parts, camera, sight, run, onSight: (seen) => this.#sees(seen) });
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
        this.#watch.watch(isWanted);
        if (isWanted) this.#wake();
    }

    #cameraIs(state: CameraState): void {
        this.#camera = state;
        if (state.state === "failed") {
            this.#seen = { state: "well" };
            this.#watch.lose();
        }
        this.#tellHealth();
    }

    #sees(sight: Sight): void {
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

    async #readAll(signal: AbortSignal): Promise<void> {
        while (!signal.aborted) {
            const frame = await this.#capture.take();
            const pauseMs = await this.#watch.look(frame);
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

    #beat(): void {
        const { badFrames, framesRead, readMs } = this.#watch.figures;
        this.#send({
            is: "beat",
            frameAgeMs: this.#capture.ageMs() ?? null,
            fps: this.#capture.fps(),
            badFrames: badFrames + this.#capture.brokenFrames,
            framesRead,
            readMs,
        });
    }
}
