/**
 * The newest frame of a camera, whatever brings it. A loop of its own drains the feed all the time, so a frame handed out is
 * never a stale one; it connects again with back-off and tells a silent camera from a lost one.
 */
import type { Clock } from "../ports/clock.ts";
import { type Frame, type FrameFeed, type FrameSink, type Lost, releaseFrame } from "./frame.ts";

export type CameraState = { readonly state: "well" } | ({ readonly state: "failed" } & Lost);

const RETRY_MS_FIRST = 500;
const RETRY_MS_LAST = 10_000;
/** A connection that lived this long starts the back-off afresh. */
const STEADY_MS = 10_000;
/** So many broken pictures without a good one are a broken camera. */
const BROKEN_IN_A_ROW_MAX = 10;
/** An older frame is not handed out any more: whoever asks wants to see what is there now. */
const STALE_MS = 1_000;
/** Pictures that each count wait here; more than any camera uploads while one lorry is read. */
const KEPT_MAX = 32;

export class FrameCapture {
    readonly #feed: FrameFeed;
    readonly #clock: Clock;
    readonly #onState: (state: CameraState) => void;
    #kept: Frame[] = [];
    #newestAtMs: number | undefined;
    #waiting: ((frame: Frame) => void)[] = [];
    #arrivals: number[] = [];
    #brokenFrames = 0;
    #brokenInARow = 0;
    #isWell = false;

    constructor(feed: FrameFeed, clock: Clock, onState: (state: CameraState) => void) {
        this.#feed = feed;
        this.#clock = clock;
        this.#onState = onState;
    }

    /** Pictures that came broken: cut off, of no size, or of no use to the decoder. */
    get brokenFrames(): number {
        return this.#brokenFrames;
    }

    /** Milliseconds since the newest frame; undefined before the first. */
    ageMs(): number | undefined {
        return this.#newestAtMs === undefined ? undefined : this.#clock.monotonicMs() - this.#newestAtMs;
    }

    /** Frames received within the last second. */
    fps(): number {
        const since = this.#clock.monotonicMs() - 1_000;
        this.#arrivals = this.#arrivals.filter((atMs) => atMs > since);
        return this.#arrivals.length;
    }

    /** Whether pictures that each count are waiting. */
    get isBehind(): boolean {
        return this.#feed.keepsAll && this.#kept.length > 0;
    }

    /** The newest frame, or the oldest of a feed whose frames each count, once. Waits as long as the camera is away. */
    async take(): Promise<Frame> {
        const frame = this.#kept.shift();
        if (frame !== undefined) {
            if (this.#feed.keepsAll || this.#clock.monotonicMs() - frame.atMs <= STALE_MS) return frame;
            releaseFrame(frame);
        }
        return await new Promise((resolve) => this.#waiting.push(resolve));
    }

    /** Serves until aborted. Rejects with `FRAME_TIMEOUT` when a native call hangs: only a new process helps then. */
    async run(signal: AbortSignal): Promise<void> {
        const sink: FrameSink = {
            frame: (frame) => this.#publish(frame),
            broken: () => this.#countBroken(),
            answers: () => this.#beWell(),
        };
        let retryMs = RETRY_MS_FIRST;
        while (!signal.aborted) {
            const startedMs = this.#clock.monotonicMs();
            const lost = await this.#feed.serve(sink, signal);
            if (signal.aborted) return;
            this.#isWell = false;
            this.#onState({ state: "failed", ...lost });
            if (this.#clock.monotonicMs() - startedMs >= STEADY_MS) retryMs = RETRY_MS_FIRST;
            await this.#clock.sleep(retryMs, signal).catch(() => undefined);
            retryMs = Math.min(retryMs * 2, RETRY_MS_LAST);
        }
    }

    #countBroken(): void {
        this.#brokenFrames++;
        if (++this.#brokenInARow !== BROKEN_IN_A_ROW_MAX) return;
        this.#isWell = false;
        this.#onState({
            state: "failed",
            code: "BAD_REPLY",
            detail: "the pictures are broken; check the camera's settings",
        });
    }

    #beWell(): void {
        if (!this.#isWell) this.#onState({ state: "well" });
        this.#isWell = true;
    }

    #publish(frame: Frame): void {
        this.#brokenInARow = 0;
        this.#beWell();
        this.#newestAtMs = frame.atMs;
        this.#arrivals.push(frame.atMs);
        const taker = this.#waiting.shift();
        if (taker !== undefined) {
            taker(frame);
            return;
        }
        this.#kept.push(frame);
        const most = this.#feed.keepsAll ? KEPT_MAX : 1;
        for (const old of this.#kept.splice(0, this.#kept.length - most)) releaseFrame(old);
    }
}
