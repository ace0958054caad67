/**
 * What daemon and vision child say to each other over IPC. Both sides check what they get: the other one may be an older
 * build, or dying. Unknown or malformed messages are counted and dropped.
 */
import { z } from "zod";
import { READ_DOUBTS, TRAVELS } from "../core/decision/read-doubt.ts";
import type { PlateRead } from "../ports/plate-source.ts";

const Fraction = z.number().min(0).max(1);
const Count = z.int().min(0);
const Milliseconds = z.number().min(0);
/** Corners may lie a little outside of the picture while a lorry drives in. */
const Corner = z.tuple([z.number().min(-0.5).max(1.5), z.number().min(-0.5).max(1.5)]).readonly();

export const ToChild = z.discriminatedUnion("do", [
    z.strictObject({ do: z.literal("watch"), isWanted: z.boolean() }),
    z.strictObject({ do: z.literal("stop") }),
]);

export type ToChild = z.infer<typeof ToChild>;

const Picture = z.strictObject({
    jpeg: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    kind: z.enum(["frame", "plate"]),
});

const Read = z.strictObject({
    camera: z.string(),
    track: z.string().min(1).max(64),
    text: z.string().min(1).max(32),
    confidence: Fraction,
    frames: Count,
    agreeing: Count,
    firstSeenMs: Milliseconds,
    lastSeenMs: Milliseconds,
    recogniser: z.string().max(64),
    corners: z.array(Corner).length(4).readonly(),
    travel: z.enum(TRAVELS).exactOptional(),
    doubts: z.array(z.enum(READ_DOUBTS)).readonly().exactOptional(),
    evidence: z.array(Picture).max(4).readonly(),
}) satisfies z.ZodType<PlateRead>;

const CameraHealth = z.discriminatedUnion("state", [
    z.strictObject({ is: z.literal("health"), state: z.literal("well") }),
    z.strictObject({
        is: z.literal("health"),
        state: z.literal("failed"),
        code: z.enum([
            ...["NOT_CONNECTED", "FRAME_TIMEOUT", "BAD_REPLY", "REFUSED"],
            ...["PICTURE_FROZEN", "PICTURE_DARK", "PICTURE_DAZZLED", "LENS_COVERED"],
        ] as const),
        detail: z.string(),
    }),
]);

export const ToParent = z.discriminatedUnion("is", [
    /** Models are loaded; frames can be read. */
    z.strictObject({ is: z.literal("ready"), recogniser: z.string() }),
    /** Sign of life, with figures for the metrics. */
    z.strictObject({
        is: z.literal("beat"),
        /** Age of the newest frame; null before the first. */
        frameAgeMs: Milliseconds.nullable(),
        /** Good frames received in the last second or so. */
        fps: z.number().min(0),
        /** Since the child's start: frames that were broken, frames that were read. */
        badFrames: Count,
        framesRead: Count,
        /** Time the newest read took, decoding included; null before the first. */
        readMs: Milliseconds.nullable(),
    }),
    z.strictObject({ is: z.literal("read"), read: Read }),
    /** The plate is no longer followed. */
    z.strictObject({ is: z.literal("gone"), track: z.string() }),
    /** The camera's state changed. */
    CameraHealth,
]);

export type ToParent = z.infer<typeof ToParent>;
