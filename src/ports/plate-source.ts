/** Where plate reads come from: our own vision child, and cameras that read by themselves. */
import type { ReadDoubt, Travel } from "../core/decision/read-doubt.ts";
import type { DeviceHealth } from "./device-health.ts";

/** A picture kept as evidence; it stays on the box, events carry its hash. */
export interface Evidence {
    /** JPEG bytes. */
    readonly jpeg: Uint8Array;
    readonly kind: "frame" | "plate";
}

/** What one camera says about one plate followed over frames: the vote so far. Times are monotonic milliseconds of capture. */
export interface PlateRead {
    readonly camera: string;
    /** Stable while the same plate is followed; a new plate gets a new one. */
    readonly track: string;
    /** The voted text as read, before any canonical form. */
    readonly text: string;
    /** 0..1, not yet a calibrated probability for every recogniser; the site's threshold is set per recogniser. */
    readonly confidence: number;
    /** The reader said nothing of its confidence that could be used; `confidence` is 0 then. */
    readonly isUnrated?: boolean;
    /** Frames that gave a read of this track, and how many of them agree with `text`. */
    readonly frames: number;
    readonly agreeing: number;
    readonly firstSeenMs: number;
    readonly lastSeenMs: number;
    /** Which reader, e.g. `tesseract 7.0.0 eng`. */
    readonly recogniser: string;
    /** Corners of the plate in the newest frame, clockwise from top left, as fractions of width and height (0..1). */
    readonly corners: readonly (readonly [number, number])[];
    /** Direction of the plate's last clear movement; absent: it was not seen to move, or the source cannot tell. */
    readonly travel?: Travel;
    /** Why the plate may belong to no vehicle before the camera; empty: none found; absent: the source cannot tell. */
    readonly doubts?: readonly ReadDoubt[];
    /** Best pictures so far; sent once a track, again when a better one replaces it. */
    readonly evidence: readonly Evidence[];
    /** What a camera that reads by itself said beside the text: kept with the read, never decided by. */
    readonly told?: ToldByCamera;
}

/** In the camera's own words; its clock and its idea of countries are not to be trusted. */
export interface ToldByCamera {
    readonly time?: string;
    readonly line?: string;
    readonly direction?: string;
    readonly region?: string;
    /** The plate in its national script. */
    readonly original?: string;
}

/** One camera as a source of voted reads. */
export interface PlateSource {
    readonly camera: string;
    /** Asks for reads while a vehicle is present; frames outside of it may be dropped to save the processor. */
    watch(isWanted: boolean): void;
    /** All current tracks, newest read of each. Never throws, never waits. */
    reads(): readonly PlateRead[];
    health(): DeviceHealth;
}
