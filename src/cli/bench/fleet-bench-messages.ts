/** What the benches of the link hear from the simulated central system (simulators/central/fleet/fleet-messages.ts). */
import { z } from "zod";

export const FromCentral = z.discriminatedUnion("is", [
    z.looseObject({ is: z.literal("ready") }),
    z.looseObject({ is: z.literal("first"), atMs: z.number() }),
    z.looseObject({ is: z.literal("reached"), site: z.string(), upTo: z.number(), atMs: z.number() }),
    z.looseObject({
        is: z.literal("report"),
        sites: z.number(),
        stored: z.number(),
        ahead: z.number(),
        repeated: z.number(),
        headStarts: z.number(),
        brokenHashes: z.number(),
        malformed: z.number(),
        latency: z.object({ count: z.number(), p50Ms: z.number(), p99Ms: z.number(), maxMs: z.number() }),
    }),
    z.looseObject({ is: z.literal("refused"), reason: z.string() }),
]);

export type FromCentral = z.infer<typeof FromCentral>;
export type CentralReport = Extract<FromCentral, { is: "report" }>;

/** What the process of many boxes says (fleet-bench-process.ts). */
export const FromBoxes = z.discriminatedUnion("is", [
    z.strictObject({ is: z.literal("online") }),
    z.strictObject({ is: z.literal("made") }),
    /** Every fact is acknowledged; how many all journals hold. */
    z.strictObject({ is: z.literal("drained"), facts: z.number() }),
]);

export type FromBoxes = z.infer<typeof FromBoxes>;
