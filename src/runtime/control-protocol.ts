/** What goes over the local control socket: one JSON object a line, a question up, answers down. Checked on both sides. */
import { z } from "zod";
import { REQUESTS } from "../core/lane/lane-image.ts";

const Text = z.string().trim().min(1).max(500);

export const Question = z.discriminatedUnion("ask", [
    /** All lanes as they stand, once. */
    z.strictObject({ ask: z.literal("lanes") }),
    /** All lanes as they stand, and again within half a second of every change. */
    z.strictObject({ ask: z.literal("watch") }),
    /** Every fact from now on, as it is committed. */
    z.strictObject({ ask: z.literal("facts") }),
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
    lanes: z.array(LaneView),
});

export type SiteView = z.infer<typeof SiteView>;

export const Answer = z.discriminatedUnion("is", [
    z.strictObject({ is: z.literal("lanes"), view: SiteView }),
    z.strictObject({ is: z.literal("fact"), fact: z.looseObject({ kind: z.string(), sequence: z.number() }) }),
    z.strictObject({ is: z.literal("done") }),
    z.strictObject({ is: z.literal("refused"), code: z.string(), message: z.string() }),
]);

export type Answer = z.infer<typeof Answer>;
