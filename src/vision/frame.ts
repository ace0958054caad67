/** A frame as it came from a camera, and what brings frames: one feed per kind of camera, all drained by `FrameCapture`. */
import type { Mat } from "./opencv.ts";

/** `atMs` is monotonic and ours: cameras' own clocks are not trusted. */
export type Frame = { readonly atMs: number } & (
    | { readonly kind: "jpeg"; readonly bytes: Buffer }
    | { readonly kind: "picture"; readonly bgr: Mat }
);

/** Frees what the garbage collector does not see. Whoever takes a frame does this when it is done with it. */
export function releaseFrame(frame: Frame): void {
    if (frame.kind === "picture") frame.bgr.release();
}

/** Why there are no frames, or none worth having. */
export interface Lost {
    readonly code: "NOT_CONNECTED" | "FRAME_TIMEOUT" | "BAD_REPLY" | "REFUSED";
    readonly detail: string;
}

/** Where a feed leaves what it gets. */
export interface FrameSink {
    frame(frame: Frame): void;
    /** A picture came that cannot be one. */
    broken(): void;
    /** The camera answers, whether or not it has a picture at present. */
    answers(): void;
}

/** One kind of camera. */
export interface FrameFeed {
    /** True where each picture counts and waits for its turn; elsewhere only the newest does. */
    readonly keepsAll: boolean;
    /** One connection until it is lost or aborted; says why. Rejects with `FRAME_TIMEOUT` when only a new process helps. */
    serve(sink: FrameSink, signal: AbortSignal): Promise<Lost>;
}
