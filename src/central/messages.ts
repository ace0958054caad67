/**
 * What the central system may say, checked on arrival. Fields beside these are refused in commands, where a
 * misspelt limit could open a gate, and ignored elsewhere. The same shapes stand in `docs/asyncapi.yaml`.
 */
import { z } from "zod";
import { parseUtcInstant } from "../core/booking/utc-instant.ts";

const Version = z.int().min(1);
const Hash = z.string().regex(/^[0-9a-f]{64}$/);

export const Ack = z.object({
    /** Everything up to this sequence is stored. */
    upTo: z.int().min(1),
    /** The `hash` of the event with that sequence: proof that the central system means this journal. */
    hash: Hash,
});

/** Says which list is in force; `ref` repeats the request it answers, so that an old answer proves nothing. */
export const VersionAnswer = z.object({ version: z.int().min(0), hash: Hash, ref: z.string().min(1).max(64) });
export type VersionAnswer = z.infer<typeof VersionAnswer>;

/** Bookings stay unread here: the store checks them one by one when it takes the list over. */
export const SnapshotPart = z.object({
    version: Version,
    hash: Hash,
    part: z.int().min(1),
    parts: z.int().min(1).max(10_000),
    bookings: z.array(z.unknown()),
});
export type SnapshotPart = z.infer<typeof SnapshotPart>;

export const Delta = z.object({
    from: Version,
    to: Version,
    hash: Hash,
    upsert: z.array(z.unknown()),
    remove: z.array(z.string().min(1).max(64)),
});
export type Delta = z.infer<typeof Delta>;

const Lane = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);
const Instant = z.iso.datetime().refine((text) => parseUtcInstant(text) !== undefined, "no such time");

const envelope = {
    /** Never used twice. */
    nonce: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
    issued: Instant,
    expires: Instant,
    /** Account of the person who asks: an id, not a name. */
    who: z.string().min(1).max(64),
    why: z.string().min(1).max(200),
};

export const Command = z.discriminatedUnion("order", [
    z.strictObject({ ...envelope, order: z.literal("open"), lane: Lane }),
    z.strictObject({ ...envelope, order: z.literal("close"), lane: Lane }),
    z.strictObject({
        ...envelope,
        order: z.literal("message"),
        /** A lane, for all its boards, or one board. */
        lane: Lane,
        text: z.string().min(1).max(200),
        showS: z.int().min(1).max(3_600),
    }),
    z.strictObject({
        ...envelope,
        order: z.literal("mode"),
        lane: Lane,
        mode: z.enum(["in-service", "out-of-service"]),
    }),
    z.strictObject({
        ...envelope,
        order: z.literal("sync"),
        /** Take the central system's list whatever its version: it was restored from an older copy. */
        anew: z.literal(true).optional(),
    }),
]);
export type Command = z.infer<typeof Command>;

/** Reads one payload; `text` is all of it. A refusal says what is wrong and where, never what the payload held. */
export function readMessage<T>(
    schema: z.ZodType<T>,
    payload: Uint8Array,
): { readonly message: T; readonly text: string } | { readonly reason: string } {
    let text: string;
    let json: unknown;
    try {
        text = utf8.decode(payload);
        json = JSON.parse(text);
    } catch {
        return { reason: "not JSON in UTF-8" };
    }
    const result = schema.safeParse(json);
    if (result.success) return { message: result.data, text };
    const [issue] = result.error.issues;
    return { reason: `${["$", ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "malformed"}` };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
