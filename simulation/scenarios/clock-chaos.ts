/** Three hours in which the wall clock steps by an hour, by ten years and back to 1970, with restarts in between. */
import { makeDay } from "../../simulators/scenarios/day.ts";
import { Random } from "../../simulators/world/random.ts";
import type { Incident } from "../chaos/incident.ts";
import {
    CALM_OFFICERS,
    fitToRoles,
    HOUR_MS,
    MINUTE_MS,
    MORNING_UTC_MS,
    OVERTIME_MS,
    PATIENCE_MS,
    type Run,
    type RunWishes,
    siteFor,
} from "./scenario.ts";

const LENGTH_MS = 3 * HOUR_MS;
const LORRIES = 60;
const STEPS = 10;
const TEN_YEARS_MS = 10 * 365.25 * 24 * HOUR_MS;

export function clockChaos(wishes: RunWishes): Run {
    const { seed } = wishes;
    const plan = siteFor(wishes, { checkpoint: "kalzhat", lanes: 2 });
    const day = makeDay({
        seed,
        passages: LORRIES,
        checkpoint: plan.checkpoint,
        startUtcMs: MORNING_UTC_MS,
        lanes: plan.lanes.length,
        gapMsMin: 5_000,
        gapMsMean: LENGTH_MS / LORRIES,
        patienceMs: PATIENCE_MS,
        otherBookings: 100,
    });
    return {
        plan,
        startUtcMs: MORNING_UTC_MS,
        day: fitToRoles(day, plan),
        passersBy: [],
        officers: CALM_OFFICERS,
        incidents: steps(new Random(seed, "steps")),
        ambushes: [],
        lengthMs: LENGTH_MS,
        overtimeMs: OVERTIME_MS,
    };
}

/** One after the other, each taken back some minutes later; the daemon dies and starts anew in the middle of some of them. */
function steps(random: Random): readonly Incident[] {
    const slotMs = LENGTH_MS / STEPS;
    return Array.from({ length: STEPS }, (_, n): readonly Incident[] => {
        const stepMs = random.pick([HOUR_MS, -HOUR_MS, TEN_YEARS_MS, -TEN_YEARS_MS, -MORNING_UTC_MS]);
        const atMs = n * slotMs + random.between(0, 2 * MINUTE_MS);
        const forMs = random.between(MINUTE_MS, slotMs - 4 * MINUTE_MS);
        const step: Incident = { atMs, forMs, mishap: { kind: "clock", stepMs, isKept: false } };
        const death: Incident = { atMs: atMs + forMs / 2, forMs: 5_000, mishap: { kind: "death" } };
        return random.chance(0.5) ? [step, death] : [step];
    }).flat();
}
