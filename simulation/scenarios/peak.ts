/** The busiest checkpoint, B. Konysbayeva with 700 lorries a day, on a day when they all come within ten hours. */
import { makeDay } from "../../simulators/scenarios/day.ts";
import { loadCheckpoints } from "../checkpoints.ts";
import {
    CALM_OFFICERS,
    fitToRoles,
    HOUR_MS,
    MORNING_UTC_MS,
    OVERTIME_MS,
    PATIENCE_MS,
    type Run,
    type RunWishes,
    siteFor,
} from "./scenario.ts";

const BUSY_MS = 10 * HOUR_MS;

export function peak(wishes: RunWishes): Run {
    const { id, lorriesPerDay } = loadCheckpoints().reduce((most, each) =>
        !each.isShareOfSum && each.lorriesPerDay > most.lorriesPerDay ? each : most,
    );
    const plan = siteFor(wishes, { checkpoint: id, lanes: 2 });
    const day = makeDay({
        seed: wishes.seed,
        passages: lorriesPerDay,
        checkpoint: plan.checkpoint,
        startUtcMs: MORNING_UTC_MS,
        lanes: plan.lanes.length,
        gapMsMin: 3_000,
        gapMsMean: BUSY_MS / lorriesPerDay,
        patienceMs: PATIENCE_MS,
    });
    return {
        plan,
        startUtcMs: MORNING_UTC_MS,
        day: fitToRoles(day, plan),
        passersBy: [],
        officers: CALM_OFFICERS,
        incidents: [],
        ambushes: [],
        lengthMs: BUSY_MS,
        overtimeMs: OVERTIME_MS,
    };
}
