/** What a simulated camera that reads plates has seen, before any maker's words for it. */
import { randomUUID } from "node:crypto";

export interface Sighting {
    readonly plate: string;
    /** 0..1. */
    readonly confidence: number;
    readonly id: string;
    readonly object: string;
    readonly line: number;
    readonly direction: "approaching" | "leaving" | "unknown";
    /** What the camera's clock shows, milliseconds since 1970. */
    readonly clockMs: number;
    /** The camera says that it kept this and sends it late. */
    readonly isLate: boolean;
    /** The vehicle has left the picture. */
    readonly isGone: boolean;
    /** How often the camera has spoken so far. */
    readonly count: number;
}

let count = 0;

export function sightingOf(plate: string, clockMs: number, change: Partial<Sighting> = {}): Sighting {
    const id = randomUUID();
    return {
        plate,
        confidence: 0.97,
        id,
        object: id,
        line: 1,
        direction: "approaching",
        clockMs,
        isLate: false,
        isGone: false,
        count: ++count,
        ...change,
    };
}

/** A JPEG as far as its first and last bytes go, with a text in it, so that no two are the same. */
export function jpegOf(text: string): Buffer {
    const comment = Buffer.from(text);
    const head = Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 0]);
    head.writeUInt16BE(comment.length + 2, 4);
    return Buffer.concat([head, comment, Buffer.from([0xff, 0xd9])]);
}
