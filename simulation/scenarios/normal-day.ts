/** A day without accidents at the site's own checkpoint or else at one of the forty, with as many lorries as it can pass. */
import { makeDay } from "../../simulators/scenarios/day.ts";
import { Random } from "../../simulators/world/random.ts";
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

/** Lorries that one lane can be expected to pass in a day. */
const PER_LANE = 350;

export function normalDay(wishes: RunWishes): Run {
    const { seed } = wishes;
    const checkpoints = loadCheckpoints();
    const drawn = new Random(seed, "checkpoint").pick(checkpoints);
    const { id, lorriesPerDay } = checkpoints.find((each) => each.id === wishes.site?.checkpoint) ?? drawn;
    const plan = siteFor(wishes, { checkpoint: id, lanes: Math.ceil(lorriesPerDay / PER_LANE) });
    const day = makeDay({
        seed,
        passages: lorriesPerDay,
        checkpoint: plan.checkpoint,
        startUtcMs: MORNING_UTC_MS,
        lanes: plan.lanes.length,
        gapMsMin: 5_000,
        gapMsMean: (24 * HOUR_MS) / lorriesPerDay,
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
        lengthMs: 24 * HOUR_MS,
        overtimeMs: OVERTIME_MS,
    };
}
