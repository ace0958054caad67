/** One seed of one scenario from an empty folder to its outcome. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Decisions, FactBalance } from "./oracle/books.ts";
import type { Violation } from "./oracle/violation.ts";
import type { RunWishes, Scenario } from "./scenarios/scenario.ts";
import { type SimulationOptions, SiteSimulation } from "./site-simulation.ts";

export interface SeedOutcome extends Decisions {
    readonly seed: number;
    readonly passages: number;
    readonly wrongOpens: number;
    readonly deceived: number;
    readonly violations: readonly Violation[];
    readonly facts: FactBalance;
    readonly honestDelayed: number;
    readonly traceHash: string;
    readonly simulatedMs: number;
    /** Only when asked for. */
    readonly trace?: readonly string[];
}

export interface SeedOptions extends RunWishes, Pick<SimulationOptions, "isLeaping" | "keepsTrace"> {
    /** Where the run makes its own folder, which is gone afterwards; default: where the machine keeps temporary files. */
    readonly folder?: string;
}

/** Memory, where the machine has a disk of it: the faults of disks are simulated, their slowness need not be suffered. */
const MEMORY_DISK = "/dev/shm";
const PREFIX = "kordon-simulation-";

export async function runSeed(scenario: Scenario, options: SeedOptions): Promise<SeedOutcome> {
    const { seed, isLeaping, keepsTrace, folder: parent = temporaryFolder() } = options;
    const folder = mkdtempSync(join(parent, PREFIX));
    try {
        const simulation = new SiteSimulation({
            run: scenario(options),
            seed,
            folder,
            ...(isLeaping === undefined ? {} : { isLeaping }),
            ...(keepsTrace === undefined ? {} : { keepsTrace }),
        });
        await simulation.run();
        return outcomeOf(simulation, seed);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** A folder for all seeds of a run; whoever makes it takes it away. */
export function makeRunFolder(): string {
    return mkdtempSync(join(temporaryFolder(), `${PREFIX}${process.pid}-`));
}

function temporaryFolder(): string {
    return existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir();
}

function outcomeOf(simulation: SiteSimulation, seed: number): SeedOutcome {
    const { oracle, books, honest, world, trace } = simulation;
    const facts = simulation.close();
    return {
        seed,
        passages: world.truth().passages,
        ...books.decisions(),
        wrongOpens: oracle.wrongOpens,
        deceived: oracle.deceived,
        violations: oracle.violations.list,
        facts,
        honestDelayed: honest.delayed,
        traceHash: trace.digest(),
        simulatedMs: world.nowMs,
        ...(trace.lines === undefined ? {} : { trace: trace.lines }),
    };
}
