/** What can go wrong between a daemon and a device on the wire. Set at run time; `none` heals it. */
import { z } from "zod";

export const WireFault = z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    /** Carried out at once, answered late. */
    z.strictObject({ kind: z.literal("delay"), ms: z.number().min(0) }),
    /** Requests are swallowed: nothing is carried out, nothing is answered. */
    z.strictObject({ kind: z.literal("silence") }),
    /** Carried out, but the answer never arrives. */
    z.strictObject({ kind: z.literal("lost-reply") }),
    /** Carried out, answered with as many random bytes. */
    z.strictObject({ kind: z.literal("garbage") }),
    /** Carried out, but the end of the answer never arrives. */
    z.strictObject({ kind: z.literal("partial") }),
    /** Open connections are cut and new ones are cut at once. */
    z.strictObject({ kind: z.literal("disconnect") }),
    /** Carried out, answered in the name of another unit. */
    z.strictObject({ kind: z.literal("wrong-unit") }),
    /** Not carried out, answered with this exception code. */
    z.strictObject({ kind: z.literal("exception"), code: z.number().int().min(1).max(11) }),
]);

export type WireFault = z.output<typeof WireFault>;
