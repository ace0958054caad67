/** What the bench of passages and the process that reads their films say to each other over IPC. */
import { z } from "zod";
import { READ_DOUBTS } from "../core/decision/read-doubt.ts";

export const PassageOrder = z.strictObject({
    /** Holds pictures named by their milliseconds from the start, such as `000200.jpg`. */
    folder: z.string(),
    /** From then on a vehicle is on the loop, in the same milliseconds. */
    loopFromMs: z.number().min(0),
});

export type PassageOrder = z.infer<typeof PassageOrder>;

/** What a lane would have heard of one track at one moment; the same fields as in `PlateRead`. */
const HeardRead = z.strictObject({
    atMs: z.number(),
    track: z.string(),
    text: z.string(),
    confidence: z.number().min(0).max(1),
    frames: z.int(),
    agreeing: z.int(),
    doubts: z.array(z.enum(READ_DOUBTS)).readonly(),
});

export type HeardRead = z.infer<typeof HeardRead>;

export const PassageAnswer = z.strictObject({
    folder: z.string(),
    /** In the order of time. */
    reads: z.array(HeardRead).readonly(),
    /** Of each frame that was read, from JPEG to told reads: by the clock, and of the processor. */
    frameMs: z.array(z.number()).readonly(),
    cpuMs: z.array(z.number()).readonly(),
    /** Why the film gave nothing; the process goes on with the next. */
    error: z.string().optional(),
});

export type PassageAnswer = z.infer<typeof PassageAnswer>;
