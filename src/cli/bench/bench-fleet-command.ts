/** `kordon bench fleet`: what one broker and one central system do with the links of a whole country's checkpoints. */
import { Command } from "commander";
import { systemClock } from "../../runtime/clock.ts";
import { whole } from "../number-option.ts";
import { printResult, tableText } from "../outcome.ts";
import { interruption } from "./bench-folder.ts";
import { type FleetBenchFindings, runFleetBench } from "./fleet-bench.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { hundredths } from "./spread.ts";

interface FleetBenchOptions {
    readonly sites: number;
    readonly lanes: number;
    readonly passages: number;
    readonly seconds: number;
    readonly readers: number;
    readonly json?: boolean;
}

interface FleetBenchResult {
    readonly sites: number;
    readonly lanes: number;
    readonly passages: number;
    readonly facts: number;
    readonly lost: number;
    readonly duplicated: number;
    readonly repeated: number;
    readonly brokenHashes: number;
    readonly onlineMs: number;
    readonly factsPerS: number;
    readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
    /** Of one core; null where the system does not tell. */
    readonly brokerCpuShare: number | null;
    readonly brokerCpuUsPerFact: number | null;
    readonly machine: Machine;
}

/** Lorries a day over the country's 40 road checkpoints (11,140), times ten. */
const PASSAGES = 111_400;

export function benchFleetCommand(): Command {
    return new Command("fleet")
        .description("the links of many sites against one real Mosquitto, with readers that share their events")
        .option("--sites <n>", "how many boxes", whole(1, 1_000), 200)
        .option("--lanes <n>", "lanes of each", whole(1, 32), 4)
        .option("--passages <n>", "lorries over all sites; ten facts each", whole(1, 10_000_000), PASSAGES)
        .option("--seconds <n>", "how long they take to come, if the machine keeps up", whole(1, 86_400), 300)
        .option("--readers <n>", "readers of the central system's shared subscription", whole(1, 64), 4)
        .option("--json", "one JSON object on stdout")
        .addHelpText("after", "\nWhat is measured and what to expect: docs/explanation/link.md")
        .action(async ({ json, ...plan }: FleetBenchOptions) => {
            const found = await runFleetBench({ ...plan, clock: systemClock }, interruption());
            const result = fleetBenchResult(plan, found);
            printResult(json === true, result, fleetBenchText(result));
        });
}

function fleetBenchResult(
    { sites, lanes, passages }: Omit<FleetBenchOptions, "json">,
    { written, central, onlineMs, makingMs, drainMs, brokerCpuMs }: FleetBenchFindings,
): FleetBenchResult {
    const wholeMs = makingMs + drainMs;
    const { p50Ms, p99Ms, maxMs } = central.latency;
    return {
        sites,
        lanes,
        passages,
        facts: written,
        lost: Math.max(0, written - central.stored),
        duplicated: Math.max(0, central.stored - written),
        repeated: central.repeated,
        brokenHashes: central.brokenHashes + central.malformed,
        onlineMs: Math.round(onlineMs),
        factsPerS: Math.round((written * 1_000) / wholeMs),
        latencyMs: { p50: p50Ms, p99: p99Ms, max: maxMs },
        brokerCpuShare: brokerCpuMs === undefined ? null : hundredths(brokerCpuMs / wholeMs),
        brokerCpuUsPerFact: brokerCpuMs === undefined ? null : hundredths((brokerCpuMs * 1_000) / written),
        machine: thisMachine(),
    };
}

function fleetBenchText(result: FleetBenchResult): string {
    const { latencyMs, machine } = result;
    const rows = [
        ["", "measured"],
        ["sites, lanes each, passages", `${result.sites}, ${result.lanes}, ${result.passages}`],
        ["facts", String(result.facts)],
        ["lost, stored twice", `${result.lost}, ${result.duplicated}`],
        ["sent again, broken hashes", `${result.repeated}, ${result.brokenHashes}`],
        ["all links online after, ms", String(result.onlineMs)],
        ["made, sent, stored and acknowledged, facts/s", String(result.factsPerS)],
        ["from made to stored, p50 / p99 / max ms", `${latencyMs.p50} / ${latencyMs.p99} / ${latencyMs.max}`],
        ["broker, share of one core", String(result.brokerCpuShare ?? "unknown")],
        ["broker, µs of processor per fact", String(result.brokerCpuUsPerFact ?? "unknown")],
    ];
    return `${tableText(rows)}\n\n${machine.cores} cores, load ${machine.load}, Node.js ${machine.node}`;
}
