/** What one message of a camera that reads plates comes to, in words that all makes share, and who puts a make's words into them. */
import type { FeedPart } from "../../src/ports/camera-feed.ts";
import type { Evidence } from "../../src/ports/plate-source.ts";

export interface PlateEvent {
    /** The same when the camera says the same thing again. */
    readonly id: string;
    /** The same for all that the camera says of one vehicle. */
    readonly object: string;
    /** As on the wire. */
    readonly text: string;
    /** In the camera's own scale. */
    readonly confidence?: number;
    /** The camera itself says that this was kept and is sent late. */
    readonly isLate?: boolean;
    /** The vehicle has left the picture: nothing new was seen. */
    readonly isGone?: boolean;
    /** The camera's own clock: text for the record, milliseconds only to be held against its other times. */
    readonly time?: string;
    readonly timeMs?: number;
    readonly line?: string;
    readonly direction?: string;
    readonly region?: string;
    /** The plate in its national script, where `text` is in another. */
    readonly original?: string;
    readonly pictures?: readonly Evidence[];
}

export type Heard =
    | { readonly is: "plates"; readonly events: readonly PlateEvent[] }
    /** Belongs to the event before it. */
    | { readonly is: "picture"; readonly picture: Evidence }
    /** A heart-beat, or an event that is not about plates. */
    | { readonly is: "alive"; readonly timeMs?: number }
    | { readonly is: "refused"; readonly why: string };

/** One make's way of speaking. Never throws: what cannot be understood is refused. */
export type CameraDialect = (part: FeedPart) => Heard;

export const refused = (why: string): Heard => ({ is: "refused", why });
