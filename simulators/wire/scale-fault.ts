/** What can go wrong between a daemon and a weighing indicator. Set at run time; `none` heals it. */
import { z } from "zod";

export const ScaleFault = z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    /** Everything is said so much later. */
    z.strictObject({ kind: z.literal("delay"), ms: z.number().min(0) }),
    /** Nothing is said and nothing is heard; the line stays open. */
    z.strictObject({ kind: z.literal("silence") }),
    /** As many random bytes in place of every frame. */
    z.strictObject({ kind: z.literal("garbage") }),
    /** Of every frame only a part arrives, cut off anywhere. */
    z.strictObject({ kind: z.literal("partial") }),
    /** The same frame over and over, whatever stands on the platform. */
    z.strictObject({ kind: z.literal("frozen") }),
    /** Lines are cut, and new ones are cut at once. */
    z.strictObject({ kind: z.literal("disconnect") }),
    /** Answers in the name of another indicator. */
    z.strictObject({ kind: z.literal("wrong-unit") }),
]);

export type ScaleFault = z.output<typeof ScaleFault>;
