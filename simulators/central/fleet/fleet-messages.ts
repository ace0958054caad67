/** What the simulated central system of many sites and its parent say to each other over the IPC channel, one JSON object a message. */
import { z } from "zod";

/** From the parent. */
export const ToFleetCentral = z.discriminatedUnion("do", [
    /** Tells `reached` once it has acknowledged that much of the site's facts. */
    z.strictObject({ do: z.literal("watch"), site: z.string(), upTo: z.int().min(1) }),
    /** From here on the site's facts are told without waiting: the time from their making to their arrival is measured. */
    z.strictObject({ do: z.literal("live-after"), site: z.string(), sequence: z.int().min(0) }),
    z.strictObject({ do: z.literal("report") }),
]);
export type ToFleetCentral = z.output<typeof ToFleetCentral>;

export interface FleetReport {
    readonly sites: number;
    /** Distinct facts in their place of an unbroken chain, on disk. */
    readonly stored: number;
    /** Facts that arrived before one that comes before them; they wait in memory and are not stored. */
    readonly ahead: number;
    /** Arrivals on `events` of facts that had arrived there already. */
    readonly repeated: number;
    /** Arrivals on `live`. */
    readonly headStarts: number;
    /** Facts whose hash is not that of their content, or whose predecessor has another hash than they say. */
    readonly brokenHashes: number;
    readonly malformed: number;
    /** From the making of a fact to its first arrival by either way, for the facts after `live-after`; milliseconds. */
    readonly latency: {
        readonly count: number;
        readonly p50Ms: number;
        readonly p99Ms: number;
        readonly maxMs: number;
    };
}

/** To the parent. `atMs` is CLOCK_MONOTONIC, the same in every process of the machine. */
export type FromFleetCentral =
    | { readonly is: "ready" }
    /** The first event of all has arrived. */
    | { readonly is: "first"; readonly atMs: number }
    | { readonly is: "reached"; readonly site: string; readonly upTo: number; readonly atMs: number }
    | ({ readonly is: "report" } & FleetReport)
    | { readonly is: "refused"; readonly reason: string };
