/** Small runs written by hand: a lane or two, a few lorries with booked plates, and the incidents that the test is about. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Incident } from "../../simulation/chaos/incident.ts";
import type { Invariant } from "../../simulation/oracle/violation.ts";
import type { SeedOutcome } from "../../simulation/run-seed.ts";
import type { Run } from "../../simulation/scenarios/scenario.ts";
import { builtInSite } from "../../simulation/site-plan.ts";
import { SiteSimulation } from "../../simulation/site-simulation.ts";
import type { Lorry } from "../../simulators/scenarios/lorry.ts";
import { REGISTRY_STATUS, type WireBooking } from "../../simulators/scenarios/wire-booking.ts";
import type { PasserBy } from "../../simulators/world/passer-by.ts";

export const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const START_UTC_MS = Date.UTC(2026, 10, 22, 5);

export interface Script {
    readonly lanes?: number;
    readonly hasLock?: boolean;
    /** What is not said: booked, normal, coming at once. */
    readonly lorries?: readonly Partial<Lorry>[];
    readonly passersBy?: readonly PasserBy[];
    readonly incidents?: readonly Incident[];
    /** Time an officer takes to look; default: long, so that nobody helps. */
    readonly officersAfterMs?: number;
    readonly minutes: number;
    /** Decides how the plates are read. */
    readonly seed?: number;
    readonly isLeaping?: boolean;
}

function runOf({ lanes = 1, hasLock = false, lorries = [], officersAfterMs = 1e9, ...rest }: Script): Run {
    const made = lorries.map((lorry, index) => lorryOf(lorry, index + 1));
    return {
        plan: builtInSite({ checkpoint: "nur-zholy", lanes, hasLock }),
        startUtcMs: START_UTC_MS,
        day: { lorries: made, bookings: made.flatMap((lorry) => bookingOf(lorry) ?? []) },
        passersBy: rest.passersBy ?? [],
        officers: { reactionMs: [officersAfterMs, officersAfterMs], wrongLaneShare: 0, lateShare: 0 },
        incidents: rest.incidents ?? [],
        ambushes: [],
        lengthMs: rest.minutes * MINUTE_MS,
        overtimeMs: 0,
    };
}

/** Runs the script to its end and gives the simulation, its trace and what the oracle noted. */
export async function play(
    script: Script,
    meddle: (simulation: SiteSimulation, folder: string) => void = () => undefined,
): Promise<{ invariants: readonly Invariant[]; trace: string; facts: ReturnType<SiteSimulation["close"]> }> {
    const folder = mkdtempSync(join(tmpdir(), "kordon-scripted-"));
    const { seed = 1, isLeaping = true } = script;
    const simulation = new SiteSimulation({ run: runOf(script), seed, folder, isLeaping, keepsTrace: true });
    try {
        meddle(simulation, folder);
        await simulation.run();
        const facts = simulation.close();
        const invariants = simulation.oracle.violations.list.map(({ invariant }) => invariant);
        return { invariants, trace: simulation.trace.lines?.join("\n") ?? "", facts };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** What a test compares when it compares whole runs. */
export function withoutTrace({ trace: _, ...outcome }: SeedOutcome): Omit<SeedOutcome, "trace"> {
    return outcome;
}

function lorryOf(lorry: Partial<Lorry>, number: number): Lorry {
    return {
        number,
        lane: 0,
        arrivesAtMs: 20 * SECOND_MS,
        plate: { text: `${100 + number}AB02`, country: "KZ", rows: 1 },
        trailerPlates: [],
        booked: "valid",
        ...(lorry.booked === undefined || lorry.booked === "valid" ? { bookingId: `bk-${number}` } : {}),
        shape: "low-semitrailer",
        driver: "normal",
        patienceMs: 1e9,
        stopErrorM: 0,
        look: { colour: "#ffffff", cab: 1, lateralM: 0, dirt: 0 },
        ...lorry,
    };
}

function bookingOf({ bookingId, plate }: Lorry): WireBooking | undefined {
    if (bookingId === undefined) return undefined;
    return {
        id: bookingId,
        queueNumber: 1,
        slotStart: new Date(START_UTC_MS).toISOString(),
        slotEnd: new Date(START_UTC_MS + 60 * MINUTE_MS).toISOString(),
        checkpoint: "nur-zholy",
        tractor: { plate: plate.text, country: plate.country },
        trailers: [],
        status: REGISTRY_STATUS.called,
        late: false,
        priority: "in-turn",
        version: 1,
    };
}
