/** Frames of a camera that gives single pictures over HTTP: asked for one after the other, each within its time limit. */
import type { Clock } from "../ports/clock.ts";
import { DeviceFault } from "../ports/device-health.ts";
import type { FrameFeed, FrameSink, Lost } from "./frame.ts";
import { jpegSize } from "./jpeg-frame.ts";

/** Asks the camera for one picture. Rejects with `DeviceFault`. */
export type TakePicture = (signal: AbortSignal) => Promise<{ readonly status: number; readonly bytes: Uint8Array }>;

export class SnapshotFeed implements FrameFeed {
    readonly keepsAll = false;
    readonly #everyMs: number;
    readonly #take: TakePicture;
    readonly #clock: Clock;

    constructor(everyMs: number, take: TakePicture, clock: Clock) {
        this.#everyMs = everyMs;
        this.#take = take;
        this.#clock = clock;
    }

    async serve(sink: FrameSink, signal: AbortSignal): Promise<Lost> {
        for (;;) {
            // Cameras may answer with the picture before the asking; it is never younger than this.
            const atMs = this.#clock.monotonicMs();
            try {
                const { status, bytes } = await this.#take(signal);
                if (status !== 200) return { code: "BAD_REPLY", detail: `${answerOf(status)}; check the address` };
                if (jpegSize(bytes) === undefined) sink.broken();
                else sink.frame({ atMs, kind: "jpeg", bytes: Buffer.from(bytes) });
            } catch (error) {
                return lostBy(error);
            }
            const restMs = Math.max(0, atMs + this.#everyMs - this.#clock.monotonicMs());
            await this.#clock.sleep(restMs, signal).catch(() => undefined);
            if (signal.aborted) return { code: "NOT_CONNECTED", detail: "stopped" };
        }
    }
}

function answerOf(status: number): string {
    return status === 403 ? "the camera forbids it to this user (403)" : `the camera answers ${status}`;
}

function lostBy(error: unknown): Lost {
    if (!(error instanceof DeviceFault)) throw error;
    const detail = error.message.slice(error.device.length + 2);
    if (error.code === "NO_REPLY") return { code: "FRAME_TIMEOUT", detail };
    return { code: error.code === "BAD_REPLY" ? "BAD_REPLY" : "NOT_CONNECTED", detail };
}
