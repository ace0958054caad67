/**
 * Frames through OpenCV's VideoCapture: RTSP and MJPEG through FFmpeg, cameras on the machine itself through V4L2. Its native
 * calls can hang, so each has a limit of ours beside the library's own.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import { DeviceFault } from "../ports/device-health.ts";
import type { DevicePlan, StreamPlan } from "./camera-plan.ts";
import type { Frame, FrameFeed, FrameSink, Lost } from "./frame.ts";
import { jpegSize } from "./jpeg-frame.ts";
import { cv } from "./opencv.ts";

type VideoCapture = InstanceType<typeof cv.VideoCapture>;

/** FFmpeg gives an empty frame for a broken packet and at the end of the stream; only the end gives them in a row. */
const EMPTY_IN_A_ROW_MAX = 8;
/** A frame that did not have to be waited for was in the backlog: it is older than it looks. */
const WAITED_MS_MIN = 4;
/** FFmpeg's own limit and ours are the same; its clock is not. */
const ALMOST = 0.9;
/** How much later than its limit a native call may come back before it counts as hung. */
const HANG_GRACE_MS = 2_000;

export class VideoFeed implements FrameFeed {
    readonly keepsAll = false;
    readonly #plan: StreamPlan | DevicePlan;
    readonly #clock: Clock;

    constructor(plan: StreamPlan | DevicePlan, clock: Clock) {
        this.#plan = plan;
        this.#clock = clock;
    }

    async serve(sink: FrameSink, signal: AbortSignal): Promise<Lost> {
        const limitMs = this.#plan.frameMsMax;
        const startedMs = this.#clock.monotonicMs();
        const capture = openCapture(this.#plan);
        if (capture === undefined) {
            const isSilent = this.#clock.monotonicMs() - startedMs >= limitMs * ALMOST;
            if (isSilent)
                return { code: "FRAME_TIMEOUT", detail: `no answer within ${limitMs} ms; check camera and cable` };
            return { code: "NOT_CONNECTED", detail: notThere(this.#plan) };
        }
        try {
            return wrongSize(capture, this.#plan) ?? (await this.#drain(capture, sink, signal));
        } finally {
            capture.release();
        }
    }

    /** Takes frame after frame; says why it ended. */
    async #drain(capture: VideoCapture, sink: FrameSink, signal: AbortSignal): Promise<Lost> {
        const limitMs = this.#plan.frameMsMax;
        // Packets as they came: decoding is ours, so that a new size or a broken picture in mid-stream is noticed.
        const isRaw = this.#plan.kind !== "v4l2" && isMotionJpeg(capture) && capture.set(cv.CAP_PROP_FORMAT, -1);
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
            for (; emptyInARow > 0; emptyInARow--) sink.broken();
            if (frame.kind === "jpeg" && jpegSize(frame.bytes) === undefined) sink.broken();
            else if (waitedMs >= WAITED_MS_MIN) sink.frame(frame);
            else if (frame.kind === "picture") frame.bgr.release();
        }
        return { code: "NOT_CONNECTED", detail: gone(this.#plan) };
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
}

/** Opening blocks the process, bounded by the library's own limit: this is why the supervisor's patience is longer than it. */
function openCapture(plan: StreamPlan | DevicePlan): VideoCapture | undefined {
    try {
        if (plan.kind !== "v4l2") return new cv.VideoCapture(plan.url, cv.CAP_FFMPEG);
        const capture = new cv.VideoCapture(plan.path, cv.CAP_V4L2);
        // Raw pictures in full HD do not fit through USB 2 at more than a few a second.
        capture.set(cv.CAP_PROP_FOURCC, cv.VideoWriter.fourcc("MJPG"));
        capture.set(cv.CAP_PROP_FRAME_WIDTH, plan.width);
        capture.set(cv.CAP_PROP_FRAME_HEIGHT, plan.height);
        return capture;
    } catch {
        return undefined;
    }
}

/** A driver takes the nearest size that it has, and says so only when asked. */
function wrongSize(capture: VideoCapture, plan: StreamPlan | DevicePlan): Lost | undefined {
    if (plan.kind !== "v4l2") return undefined;
    const { path, width, height } = plan;
    const [across, down] = [capture.get(cv.CAP_PROP_FRAME_WIDTH), capture.get(cv.CAP_PROP_FRAME_HEIGHT)];
    if (across === width && down === height) return undefined;
    if (!(across > 0)) return { code: "NOT_CONNECTED", detail: notThere(plan) };
    const detail = `${path} has no pictures of ${width}×${height}, the nearest are ${across}×${down}; set width and height to a size of the camera`;
    return { code: "REFUSED", detail };
}

function gone(plan: StreamPlan | DevicePlan): string {
    return plan.kind === "v4l2"
        ? `${plan.path} has gone; check the camera's cable`
        : "the camera ended the stream; waiting for it to come back";
}

function notThere(plan: StreamPlan | DevicePlan): string {
    return plan.kind === "v4l2"
        ? `${plan.path} cannot be opened or is no camera; check cable and name, that no other program has it, and that this user is in group video`
        : "connection refused or no video there; check address and camera";
}

/** FFmpeg calls it `mjpe` or `MJPG`, by the container. */
function isMotionJpeg(capture: VideoCapture): boolean {
    const code = capture.get(cv.CAP_PROP_FOURCC);
    const text = String.fromCharCode(code & 255, (code >> 8) & 255, (code >> 16) & 255, (code >> 24) & 255);
    return /^(?:mjpe|mjpg)$/i.test(text);
}
