/** One thread of a simulation: runs the seeds it is handed, one after the other, and hands back their outcomes. */
import { parentPort, workerData } from "node:worker_threads";
import { runSeed, type SeedOutcome } from "./run-seed.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios/scenarios.ts";
import type { SitePlan } from "./site-plan.ts";

/** What every seed of a run has in common. */
export interface WorkerPlan {
    readonly scenario: ScenarioName;
    readonly site?: SitePlan;
    readonly lanes?: number;
    readonly keepsTrace: boolean;
    /** Every seed has a folder of its own in it. */
    readonly folder: string;
}

/** A seed to run next; none: there are no more. */
export interface SeedOrder {
    readonly seed: number | undefined;
}

/** What became of a seed; an error is the simulation's own and ends everything. */
export type SeedAnswer = { readonly outcome: SeedOutcome } | { readonly seed: number; readonly error: string };

const port = parentPort;
if (port === null) throw new Error("seed-worker.ts is a worker thread's file; main.ts starts it");

const { scenario, ...wishes } = workerData as WorkerPlan;

port.on("message", ({ seed }: SeedOrder) => {
    if (seed === undefined) port.close();
    else void answer(seed).then((said) => port.postMessage(said));
});

async function answer(seed: number): Promise<SeedAnswer> {
    try {
        return { outcome: await runSeed(SCENARIOS[scenario], { ...wishes, seed }) };
    } catch (error) {
        return { seed, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
}
