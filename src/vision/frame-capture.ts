/**
 * The newest frame of a camera, through OpenCV's VideoCapture. A loop of its own drains the stream all the time, so a frame
 * handed out is never a stale one; it reconnects with back-off and tells a silent camera from a lost one.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import { DeviceFault } from "../ports/device-health.ts";
import type { CameraPlan } from "./camera-plan.ts";
import { jpegSize } from "./jpeg-frame.ts";
import { cv, type Mat } from "./opencv.ts";

/** A frame as it came; `atMs` is monotonic, stamped on receipt: cameras' own clocks are not trusted. */
export type Frame = { readonly atMs: number } & (
    | { readonly kind: "jpeg"; readonly bytes: Buffer }
    | { readonly kind: "picture"; readonly bgr: Mat }
);

/** Frees what the garbage collector does not see. Whoever takes a frame does this when it is done with it. */
export function releaseFrame(frame: Frame): void {
    if (frame.kind === "picture") frame.bgr.release();
}

/** Why there are no frames. */
interface Lost {
    readonly code: "NOT_CONNECTED" | "FRAME_TIMEOUT" | "BAD_REPLY";
    readonly detail: string;
}

export type CameraState = { readonly state: "well" } | ({ readonly state: "failed" } & Lost);

type VideoCapture = InstanceType<typeof cv.VideoCapture>;

const RETRY_MS_FIRST = 500;
const RETRY_MS_LAST = 10_000;
/** A connection that lived this long starts the back-off afresh. */
const STEADY_MS = 10_000;
/** FFmpeg gives an empty frame for a broken packet and at the end of the stream; only the end gives them in a row. */
const EMPTY_IN_A_ROW_MAX = 8;
/** So many broken pictures without a good one are a broken camera. */
const BROKEN_IN_A_ROW_MAX = 10;
/** An older frame is not handed out any more: whoever asks wants to see what is there now. */
const STALE_MS = 1_000;
/** A frame that did not have to be waited for was in the backlog: it is older than it looks. */
const WAITED_MS_MIN = 4;
/** FFmpeg's own limit and ours are the same; its clock is not. */
const ALMOST = 0.9;
/** How much later than its limit a native call may come back before it counts as hung. */
const HANG_GRACE_MS = 2_000;

export class FrameCapture {
    readonly #plan: CameraPlan;
    readonly #clock: Clock;
    readonly #onState: (state: CameraState) => void;
    #newest: Frame | undefined;
    #newestAtMs: number | undefined;
    #waiting: ((frame: Frame) => void)[] = [];
    #arrivals: number[] = [];
    #brokenFrames = 0;
    #brokenInARow = 0;
    #isWell = false;

    constructor(plan: CameraPlan, clock: Clock, onState: (state: CameraState) => void) {
        this.#plan = plan;
        this.#clock = clock;
        this.#onState = onState;
    }

    /** Pictures that came broken: cut off, of no size, or of no use to FFmpeg. */
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

    /** The newest frame, once; the next one when it was taken before or is old. Waits as long as the camera is away. */
    async take(): Promise<Frame> {
        const frame = this.#newest;
        this.#newest = undefined;
        if (frame !== undefined && this.#clock.monotonicMs() - frame.atMs <= STALE_MS) return frame;
        if (frame !== undefined) releaseFrame(frame);
        return await new Promise((resolve) => this.#waiting.push(resolve));
    }

    /** Serves until aborted. Rejects with `FRAME_TIMEOUT` when a native call hangs: only a new process helps then. */
    async run(signal: AbortSignal): Promise<void> {
        let retryMs = RETRY_MS_FIRST;
        while (!signal.aborted) {
            const startedMs = this.#clock.monotonicMs();
            const lost = await this.#stream(signal);
            if (signal.aborted) return;
            this.#isWell = false;
            this.#onState({ state: "failed", ...lost });
            if (this.#clock.monotonicMs() - startedMs >= STEADY_MS) retryMs = RETRY_MS_FIRST;
            await this.#clock.sleep(retryMs, signal).catch(() => undefined);
            retryMs = Math.min(retryMs * 2, RETRY_MS_LAST);
        }
    }

    /** One connection, until it is lost; says why. */
    async #stream(signal: AbortSignal): Promise<Lost> {
        const limitMs = this.#plan.frameMsMax;
        const startedMs = this.#clock.monotonicMs();
        const capture = openCapture(this.#plan.url);
        if (capture === undefined) {
            const isSilent = this.#clock.monotonicMs() - startedMs >= limitMs * ALMOST;
            if (isSilent)
                return { code: "FRAME_TIMEOUT", detail: `no answer within ${limitMs} ms; check camera and cable` };
            return { code: "NOT_CONNECTED", detail: "connection refused or no video there; check address and camera" };
        }
        try {
            return await this.#drain(capture, signal);
        } finally {
            capture.release();
        }
    }

    /** Takes frame after frame; says why it ended. */
    async #drain(capture: VideoCapture, signal: AbortSignal): Promise<Lost> {
        const limitMs = this.#plan.frameMsMax;
        // Packets as they came: decoding is ours, so that a new size or a broken picture in mid-stream is noticed.
        const isRaw = isMotionJpeg(capture) && capture.set(cv.CAP_PROP_FORMAT, -1);
        let emptyInARow = 0;
        while (!signal.aborted) {
            const askedMs = this.#clock.monotonicMs();
            const frame = await this.#read(capture, isRaw);
            const waitedMs = this.#clock.monotonicMs() - askedMs;
            if (frame === undefined) {
                emptyInARow++;
                if (waitedMs >= limitMs * ALMOST) {
                    return { code: "FRAME_TIMEOUT", detail: `no frame for ${limitMs} ms; check camera and cable` };
                }
                if (emptyInARow > EMPTY_IN_A_ROW_MAX) break;
                continue;
            }
            for (; emptyInARow > 0; emptyInARow--) this.#countBroken();
            if (frame.kind === "jpeg" && jpegSize(frame.bytes) === undefined) this.#countBroken();
            else if (waitedMs < WAITED_MS_MIN) releaseFrame(frame);
            else this.#publish(frame);
        }
        return { code: "NOT_CONNECTED", detail: "the camera ended the stream; waiting for it to come back" };
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

    async #read(capture: VideoCapture, isRaw: boolean): Promise<Frame | undefined> {
        const limitMs = this.#plan.frameMsMax + HANG_GRACE_MS;
        let cancel: Cancel = () => {};
        const hang = new Promise<never>((_resolve, reject) => {
            const fault = new DeviceFault(
                this.#plan.camera,
                "FRAME_TIMEOUT",
                `a frame did not come back within ${limitMs} ms`,
            );
            cancel = this.#clock.after(limitMs, () => reject(fault));
        });
        const mat = await Promise.race([capture.readAsync(), hang]).finally(cancel);
        if (mat.empty) return undefined;
        const atMs = this.#clock.monotonicMs();
        if (!isRaw) return { atMs, kind: "picture", bgr: mat };
        const bytes = mat.getData();
        mat.release();
        return { atMs, kind: "jpeg", bytes };
    }

    #publish(frame: Frame): void {
        this.#brokenInARow = 0;
        if (!this.#isWell) this.#onState({ state: "well" });
        this.#isWell = true;
        this.#newestAtMs = frame.atMs;
        this.#arrivals.push(frame.atMs);
        const taker = this.#waiting.shift();
        if (taker !== undefined) {
            taker(frame);
            return;
        }
        if (this.#newest !== undefined) releaseFrame(this.#newest);
        this.#newest = frame;
    }
}

/** Opening blocks the process, bounded by FFmpeg's `timeout`: this is why the supervisor's patience is longer than it. */
function openCapture(url: string): VideoCapture | undefined {
    try {
        return new cv.VideoCapture(url, cv.CAP_FFMPEG);
    } catch {
        return undefined;
    }
}

/** FFmpeg calls it `mjpe` or `MJPG`, by the container. */
function isMotionJpeg(capture: VideoCapture): boolean {
    const code = capture.get(cv.CAP_PROP_FOURCC);
    const text = String.fromCharCode(code & 255, (code >> 8) & 255, (code >> 16) & 255, (code >> 24) & 255);
    return /^(?:mjpe|mjpg)$/i.test(text);
}
