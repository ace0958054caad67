/** Lets the simulator draw films of passages and a vision process read them, a batch being drawn while the one before is read. */
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Clock } from "../../ports/clock.ts";
import { PassageAnswer } from "../../vision/read-passages-messages.ts";
import { CommandFailure, EXIT } from "../outcome.ts";
import { inBenchFolder } from "./bench-folder.ts";
import { BenchProcess } from "./bench-process.ts";
import { type PassageResult, PassageTruth, scorePassage } from "./passage-score.ts";

const DRAW = fileURLToPath(new URL("../../../simulators/world/camera/passages/main.ts", import.meta.url));
const VISION = new URL("../../vision-main.ts", import.meta.url);
/** A film has some ten megabytes, and two batches lie on the disk. */
const BATCH = 6;
/** For one film on a machine that does much else. */
const PATIENCE_MS = 600_000;

export interface PassageBenchPlan {
    readonly count: number;
    readonly seed: number;
    /** Films found here are used and those drawn are kept; undefined: none is kept. */
    readonly films: string | undefined;
    readonly clock: Clock;
    readonly onPassage: (results: readonly PassageResult[]) => void;
}

export async function runPassageBench(plan: PassageBenchPlan, signal: AbortSignal): Promise<readonly PassageResult[]> {
    return await inBenchFolder(signal, async (folder) => {
        const vision = new BenchProcess({
            ...{ name: "vision", module: VISION, args: ["--passages"], messages: PassageAnswer },
            ...{ folder, clock: plan.clock },
        });
        const out = plan.films ?? folder;
        const results: PassageResult[] = [];
        try {
            let drawn = draw(out, 0, plan, signal);
            for (let first = 0; first < plan.count; first += BATCH) {
                const films = await drawn;
                drawn = draw(out, first + BATCH, plan, signal);
                // A failure counts when its batch's turn comes.
                drawn.catch(() => undefined);
                for (const film of films) {
                    signal.throwIfAborted();
                    results.push(await readFilm(film, vision));
                    if (plan.films === undefined) await rm(film, { recursive: true });
                    plan.onPassage(results);
                }
            }
        } finally {
            await vision.end();
        }
        return results;
    });
}

/** One batch of films; resolves with their folders. */
async function draw(out: string, first: number, plan: PassageBenchPlan, signal: AbortSignal): Promise<string[]> {
    const count = Math.min(BATCH, plan.count - first);
    const films = Array.from({ length: Math.max(0, count) }, (_, index) =>
        join(out, `passage-${String(first + index).padStart(5, "0")}`),
    );
    const there = await Promise.all(films.map((film) => truthOf(film).catch(() => undefined)));
    if (there.every((truth, index) => truth?.seed === plan.seed && truth.number === first + index)) return films;
    const numbers = ["--from", String(first), "--count", String(count), "--seed", String(plan.seed)];
    const args = ["--disable-warning=ExperimentalWarning", DRAW, "--out", out, ...numbers];
    await promisify(execFile)(process.execPath, args, { signal });
    return films;
}

async function truthOf(film: string): Promise<PassageTruth> {
    return PassageTruth.parse(JSON.parse(await readFile(join(film, "passage.json"), "utf8")));
}

async function readFilm(film: string, vision: BenchProcess<PassageAnswer>): Promise<PassageResult> {
    const truth = await truthOf(film);
    const answer = vision.said.next(
        (message) => (message.folder === film ? message : undefined),
        `the reads of ${film}`,
        PATIENCE_MS,
    );
    vision.tell({ folder: film, loopFromMs: truth.loopFromMs });
    const heard = await answer;
    if (heard.error !== undefined) throw new CommandFailure(EXIT.failed, heard.error);
    return scorePassage(truth, heard);
}
