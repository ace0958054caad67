/** The figures of the link bench and what they ought to be: one JSON object, or a table with the goals beside. */
import { tableText } from "../outcome.ts";
import type { LinkBenchFindings } from "./link-bench.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { hundredths, type Spread, spreadOf } from "./spread.ts";

export interface LinkBenchResult {
    /** Queued before the start. */
    readonly facts: number;
    /** Facts of the journal that the central system has not stored. */
    readonly lost: number;
    /** Facts that it stored twice. */
    readonly duplicated: number;
    /** Facts that went over the wire again; they are dropped there by their id. */
    readonly repeated: number;
    readonly brokenHashes: number;
    readonly readyMs: number;
    readonly drainPerS: number;
    readonly bareClientPerS: number;
    /** `drainPerS` by `bareClientPerS`. */
    readonly ratio: number;
    readonly liveFacts: number;
    /** From a fact's making to its arrival at the central system, while the backlog drains. */
    readonly liveP99Ms: number;
    readonly liveMaxMs: number;
    readonly tickJitterMs: Spread;
    readonly rssGrowthMb: number;
    readonly eventBytes: number;
    readonly machine: Machine;
}

export function linkBenchResult(facts: number, found: LinkBenchFindings): LinkBenchResult {
    const { central, written, waiting } = found;
    const drainPerS = Math.round((facts * 1_000) / found.drainMs);
    return {
        facts,
        lost: written - waiting - central.stored,
        duplicated: Math.max(0, central.stored - written),
        repeated: central.repeated,
        brokenHashes: central.brokenHashes + central.malformed,
        readyMs: Math.round(found.readyMs),
        drainPerS,
        bareClientPerS: Math.round(found.bareClientPerS),
        ratio: hundredths(drainPerS / found.bareClientPerS),
        liveFacts: central.latency.count,
        liveP99Ms: central.latency.p99Ms,
        liveMaxMs: central.latency.maxMs,
        tickJitterMs: spreadOf(found.tickJitterMs),
        rssGrowthMb: Math.round(found.rssMbMost - found.rssMbBefore),
        eventBytes: found.eventBytes,
        machine: thisMachine(),
    };
}

export function linkBenchText(result: LinkBenchResult): string {
    const { tickJitterMs, machine } = result;
    const rows = [
        ["", "measured", "goal"],
        ["facts queued", String(result.facts), ""],
        ["lost, stored twice", `${result.lost}, ${result.duplicated}`, "0, 0"],
        ["ready for lanes, ms", String(result.readyMs), "<= 3000"],
        ["drained with acknowledgement, facts/s", String(result.drainPerS), ">= 15000"],
        ["bare mqtt.js client, messages/s", String(result.bareClientPerS), ""],
        ["ratio", String(result.ratio), ""],
        [`live facts (${result.liveFacts}), p99 / max ms`, `${result.liveP99Ms} / ${result.liveMaxMs}`, "<= 1000"],
        [
            "tick off its beat, p50 / p99 / max ms",
            `${tickJitterMs.p50} / ${tickJitterMs.p99} / ${tickJitterMs.max}`,
            "<= 20",
        ],
        ["memory growth, MB", String(result.rssGrowthMb), "<= 64"],
        ["sent again, broken hashes", `${result.repeated}, ${result.brokenHashes}`, ""],
    ];
    return `${tableText(rows)}\n\n${machine.cores} cores, load ${machine.load}, Node.js ${machine.node}`;
}
