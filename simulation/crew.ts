/** All seeds of a run on all cores: each thread gets the next seed when it has finished one. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { SeedOutcome } from "./run-seed.ts";
import type { SeedAnswer, SeedOrder, WorkerPlan } from "./seed-worker.ts";

const THREAD = new URL("./seed-worker.ts", import.meta.url);

/**
 * Outcomes in the order of the seeds; `onOutcome` hears of each as it comes. Rejects with the first error of the simulation
 * itself, or with the signal's reason; no thread is left then.
 */
export async function runSeeds(
    seeds: readonly number[],
    plan: WorkerPlan,
    onOutcome: (outcome: SeedOutcome) => void,
    signal: AbortSignal,
): Promise<readonly SeedOutcome[]> {
    const left = [...seeds];
    const outcomes: SeedOutcome[] = [];
    const threads = Math.min(availableParallelism(), seeds.length);
    const workers = Array.from({ length: threads }, () => new Worker(THREAD, { workerData: plan }));
    const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    const keep = (outcome: SeedOutcome): void => {
        outcomes.push(outcome);
        onOutcome(outcome);
    };
    try {
        await Promise.race([aborted, Promise.all(workers.map((worker) => work(worker, left, keep)))]);
        return outcomes.toSorted((one, other) => one.seed - other.seed);
    } finally {
        await Promise.all(workers.map((worker) => worker.terminate()));
    }
}

/** Resolves when the worker has nothing left to do. */
function work(worker: Worker, left: number[], onOutcome: (outcome: SeedOutcome) => void): Promise<void> {
    return new Promise((resolve, reject) => {
        const next = (): void => worker.postMessage({ seed: left.shift() } satisfies SeedOrder);
        worker.on("message", (answer: SeedAnswer) => {
            if ("error" in answer) {
                reject(new Error(`seed ${answer.seed}: ${answer.error}`));
                return;
            }
            onOutcome(answer.outcome);
            next();
        });
        worker.once("error", reject);
        worker.once("exit", () => resolve());
        next();
    });
}
