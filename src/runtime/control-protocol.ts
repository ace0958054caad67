/** What goes over the local control socket: one JSON object a line, a question up, answers down. Checked on both sides. */
import { z } from "zod";
import { TONES } from "../core/board/board-face.ts";
import { SHOW_S_MAX } from "../core/board/board-message.ts";
import { PRIORITY_CATEGORIES } from "../core/booking/booking.ts";
import { REQUESTS } from "../core/lane/lane-image.ts";

const Text = z.string().trim().min(1).max(500);
const Instant = z.string().max(24);
/** A day's lorries of the largest checkpoint are 700; a list is a few days of a twentieth of them. */
const ENTRIES_MAX = 2_000;

/** An officer's order about the queue as a whole. */
export const QueueOrder = z.discriminatedUnion("do", [
    /** A list from outside the queue, read and checked by the command. */
    z.strictObject({
        do: z.literal("load-list"),
        by: Text,
        category: z.enum(PRIORITY_CATEGORIES),
        validFrom: Instant,
        validUntil: Instant,
        quotaPerDay: z.number().int().min(1).max(10_000),
        file: Text,
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        entries: z
            .array(
                z.strictObject({
                    line: z.number().int().min(1),
                    plate: z.string().min(1).max(32),
                    country: z
                        .string()
                        .regex(/^[A-Z]{2}$/)
                        .optional(),
                    trailers: z.array(z.string().min(1).max(32)).max(2),
                    from: Instant,
                    until: Instant,
                }),
            )
            .min(1)
            .max(ENTRIES_MAX),
    }),
    z.strictObject({ do: z.literal("withdraw-list"), list: Text, by: Text, reason: Text }),
    /** With `until` the site may call lorries itself until then, without it no longer. */
    z.strictObject({ do: z.literal("continuity"), by: Text, reason: Text, until: Instant.optional() }),
]);

export type QueueOrder = z.infer<typeof QueueOrder>;

export const Question = z.discriminatedUnion("ask", [
    /** All lanes as they stand, once. */
    z.strictObject({ ask: z.literal("lanes") }),
    /** All lanes as they stand, and again within half a second of every change. */
    z.strictObject({ ask: z.literal("watch") }),
    /** Every fact from now on, as it is committed. */
    z.strictObject({ ask: z.literal("facts") }),
    /** How the queue stands here: lists from outside it, own calls, quotas. */
    z.strictObject({ ask: z.literal("queue") }),
    /** One order about the queue. */
    z.strictObject({ ask: z.literal("order-queue"), order: QueueOrder }),
    /** One request to one lane; the answer comes when the lane has taken or refused it. */
    z.strictObject({
        ask: z.literal("lane"),
        lane: Text,
        asks: z.enum(REQUESTS),
        by: Text,
        reason: Text,
        passage: Text.optional(),
        bookingId: Text.optional(),
    }),
    /** How every device stands, and how the units on each Modbus wire answer. */
    z.strictObject({ ask: z.literal("devices") }),
    /** What each board says now, and whether it is on the board. */
    z.strictObject({ ask: z.literal("boards") }),
    /** A text onto a board, or onto all boards of a lane; null takes away what stands there. */
    z.strictObject({
        ask: z.literal("message"),
        target: Text,
        text: Text.nullable(),
        showS: z.int().min(1).max(SHOW_S_MAX),
        by: Text,
        reason: Text,
    }),
    /** The central system has a withheld fact by another way. */
    z.strictObject({ ask: z.literal("settle"), sequence: z.int().min(1), by: Text, reason: Text }),
]);

export type Question = z.infer<typeof Question>;

/** How one lane stands, for people. Plates stand in full here: the socket is for officers only. */
export const LaneView = z.strictObject({
    lane: z.string(),
    role: z.string(),
    mode: z.string(),
    /** Reason of the latest decision, fault code, or why the boom is in other hands. */
    why: z.string().nullable(),
    passage: z.string().nullable(),
    arm: z.string(),
    plate: z.string().nullable(),
    confidence: z.number().nullable(),
    bookingId: z.string().nullable(),
    candidates: z.array(z.string()),
    /** Near candidates with the characters in which they differ from the plate that was read. */
    comparisons: z.array(
        z.strictObject({
            bookingId: z.string(),
            plate: z.string(),
            differences: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
        }),
    ),
    alarms: z.array(z.string()),
});

export type LaneView = z.infer<typeof LaneView>;

export const SiteView = z.strictObject({
    site: z.string(),
    isOnline: z.boolean(),
    listVersion: z.number(),
    listAgeS: z.number().nullable(),
    outbox: z.number(),
    /** Messages from the broker refused since the start; each is in quarantine with its reason. */
    refusedMessages: z.number(),
    isClockTrusted: z.boolean(),
    isStoreWell: z.boolean(),
    /** Names of devices that have failed; the link to the central system is one of them. */
    failedDevices: z.array(z.string()),
    /** Alarms of the whole site; each lane has its own. */
    alarms: z.array(z.string()),
    lanes: z.array(LaneView),
});

export type SiteView = z.infer<typeof SiteView>;

export const QueueView = z.strictObject({
    isCentralAway: z.boolean(),
    continuity: z.strictObject({ by: z.string(), why: z.string(), until: z.string() }).nullable(),
    /** By name; quotas that are not counted here are absent. */
    quotaLeft: z.record(z.string(), z.number()),
    lists: z.array(
        z.strictObject({
            list: z.string(),
            by: z.string(),
            category: z.string(),
            validFrom: z.string(),
            validUntil: z.string(),
            quotaPerDay: z.number(),
            entries: z.number(),
        }),
    ),
    calls: z.array(
        z.strictObject({
            bookingId: z.string(),
            called: z.string(),
            until: z.string(),
            state: z.enum(["open", "confirmed", "contradicted"]),
        }),
    ),
    /** Bookings of which the central system says what cannot be true after what was seen here. */
    contradicted: z.array(z.string()),
});

export type QueueView = z.infer<typeof QueueView>;

/** How the outside world answers, for people. */
export const DevicesView = z.strictObject({
    devices: z.array(
        z.strictObject({
            device: z.string(),
            state: z.enum(["starting", "well", "failed"]),
            code: z.string().optional(),
            detail: z.string().optional(),
            failures: z.number(),
        }),
    ),
    /** Modbus wires with the counts of their units since the start. */
    buses: z.array(
        z.strictObject({
            bus: z.string(),
            /** Bytes that came while no reply was awaited, late replies among them. */
            strayBytes: z.number(),
            units: z.array(
                z.strictObject({
                    unit: z.number(),
                    requests: z.number(),
                    replies: z.number(),
                    timeouts: z.number(),
                    exceptions: z.number(),
                    badReplies: z.number(),
                    lateReplies: z.number(),
                    lastRoundTripMs: z.number().optional(),
                    meanRoundTripMs: z.number().optional(),
                }),
            ),
        }),
    ),
});

export type DevicesView = z.infer<typeof DevicesView>;

/** How one board stands, for people. */
export const BoardView = z.strictObject({
    board: z.string(),
    /** `applied`: the device said itself that it shows it; `accepted`: it took it and can say no more. */
    state: z.enum(["applied", "accepted", "pending", "failed"]),
    says: z.enum(["lane", "called", "message"]),
    tone: z.enum(TONES),
    language: z.string(),
    isStale: z.boolean(),
    /** What it is to say. */
    lines: z.array(z.string()),
    /** What it was last known to say; empty when nobody knows. */
    shown: z.array(z.string()),
    /** Characters that it cannot show and that stand there as `?`. */
    replaced: z.number(),
    /** The text that a person ordered onto it, and for how long it still stands. */
    message: z.string().nullable(),
    messageLeftS: z.number().nullable(),
    /** Of `docs/errors.md`, when it has failed. */
    code: z.string().nullable(),
    detail: z.string().nullable(),
});

export type BoardView = z.infer<typeof BoardView>;

export const Answer = z.discriminatedUnion("is", [
    z.strictObject({ is: z.literal("lanes"), view: SiteView }),
    z.strictObject({ is: z.literal("fact"), fact: z.looseObject({ kind: z.string(), sequence: z.number() }) }),
    z.strictObject({ is: z.literal("queue"), queue: QueueView }),
    z.strictObject({ is: z.literal("devices"), view: DevicesView }),
    z.strictObject({ is: z.literal("boards"), boards: z.array(BoardView) }),
    z.strictObject({ is: z.literal("done") }),
    z.strictObject({ is: z.literal("refused"), code: z.string(), message: z.string() }),
]);

export type Answer = z.infer<typeof Answer>;
