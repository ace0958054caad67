/**
 * Entry of the simulation, a process of its own: runs a scenario over a range of seeds on all cores. The result goes to stdout,
 * progress to stderr. Exit code 1 when any promise was broken, 2 for wrong usage.
 */
import { rmSync, writeFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { loadSite, SiteFileError } from "../src/config/load-site.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { runSeeds } from "./crew.ts";
import { makeRunFolder, type SeedOutcome } from "./run-seed.ts";
import { isScenario, SCENARIOS, type ScenarioName } from "./scenarios/scenarios.ts";
import { planFrom, type SitePlan } from "./site-plan.ts";
import { totalsOf, totalsText } from "./totals.ts";

interface Options {
    readonly site?: SitePlan;
    readonly scenario: ScenarioName;
    readonly seeds: readonly number[];
    readonly lanes?: number;
    readonly trace?: string;
    readonly json?: boolean;
}

const EXIT = { fine: 0, failed: 1, usage: 2 } as const;
const SEEDS_MAX = 1_000_000;

const program = new Command("kordon simulate")
    .option("--site <file>", "site file whose lanes are simulated; otherwise the scenario has its own", siteOf)
    .requiredOption("--scenario <name>", Object.keys(SCENARIOS).join(", "), scenarioOf)
    .requiredOption("--seeds <a..b>", "first and last seed, or one", seedsOf)
    .option("--lanes <n>", "number of lanes of a scenario's own site", lanesOf)
    .option("--trace <file>", "everything that happened, one line each")
    .option("--json", "one JSON object on stdout")
    .exitOverride();

process.exitCode = await main();

async function main(): Promise<number> {
    try {
        return await simulate(program.parse().opts<Options>());
    } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
        process.stderr.write(`kordon simulate: ${error instanceof Error ? error.message : String(error)}\n`);
        return EXIT.failed;
    }
}

async function simulate({ scenario, seeds, trace, json, ...wishes }: Options): Promise<number> {
    const stop = new AbortController();
    // Not once: a terminal's Ctrl-C comes here by itself and again from the command that started this process.
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.on(signal, () => stop.abort(new Error(`ended by ${signal} before the last seed`)));
    }
    const startedMs = systemClock.monotonicMs();
    const folder = makeRunFolder();
    try {
        const plan = { scenario, ...wishes, folder, keepsTrace: trace !== undefined };
        const outcomes = await runSeeds(seeds, plan, progress(seeds.length), stop.signal);
        const totals = totalsOf(outcomes, (systemClock.monotonicMs() - startedMs) / 1000);
        if (trace !== undefined) writeFileSync(trace, outcomes.map((outcome) => traceText(outcome)).join(""));
        process.stdout.write(`${json === true ? JSON.stringify(totals) : totalsText(totals)}\n`);
        return totals.violations.length > 0 ? EXIT.failed : EXIT.fine;
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function traceText({ seed, trace = [] }: SeedOutcome): string {
    return [`seed ${seed}`, ...trace, ""].join("\n");
}

/** A line per violation as it comes; a counter in between, rewritten on a terminal. */
function progress(runs: number): (outcome: SeedOutcome) => void {
    let done = 0;
    const isTerminal = process.stderr.isTTY === true;
    return ({ seed, violations }) => {
        done += 1;
        for (const { invariant, atMs } of violations) {
            process.stderr.write(
                `${isTerminal ? "\r\u001b[2K" : ""}seed ${seed}: ${invariant} at ${Math.round(atMs)} ms\n`,
            );
        }
        if (isTerminal) process.stderr.write(`\r${done}/${runs}${done === runs ? "\n" : ""}`);
        else if (done % 10 === 0 || done === runs) process.stderr.write(`${done}/${runs}\n`);
    };
}

function siteOf(file: string): SitePlan {
    try {
        return planFrom(loadSite(file));
    } catch (error) {
        if (error instanceof SiteFileError) throw new InvalidArgumentError(error.message);
        throw error;
    }
}

function scenarioOf(name: string): ScenarioName {
    if (isScenario(name)) return name;
    throw new InvalidArgumentError(`one of ${Object.keys(SCENARIOS).join(", ")}`);
}

function seedsOf(text: string): readonly number[] {
    const [, from, to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (!(first <= last && last - first < SEEDS_MAX)) throw new InvalidArgumentError("such as 7 or 1..200");
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}

function lanesOf(text: string): number {
    const lanes = Number(text);
    if (!(Number.isInteger(lanes) && lanes >= 1 && lanes <= 32)) throw new InvalidArgumentError("1 to 32");
    return lanes;
}
