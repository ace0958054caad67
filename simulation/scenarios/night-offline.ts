/** Ten hours of a winter night in which the central system is away for most of it, and the broker for a part. */
import { makeDay } from "../../simulators/scenarios/day.ts";
import { Random } from "../../simulators/world/random.ts";
import {
    CALM_OFFICERS,
    fitToRoles,
    HOUR_MS,
    MINUTE_MS,
    OVERTIME_MS,
    PATIENCE_MS,
    type Run,
    type RunWishes,
    siteFor,
} from "./scenario.ts";

/** 2026-11-22, 20:00 at the checkpoints (UTC+5). */
const EVENING_UTC_MS = Date.UTC(2026, 10, 22, 15);
const LENGTH_MS = 10 * HOUR_MS;
const LORRIES = 90;

export function nightOffline(wishes: RunWishes): Run {
    const { seed } = wishes;
    const random = new Random(seed, "night");
    // Sites differ in what they signed for: to go on admitting by an old list, or to ask an officer.
    const listedOnOldList = random.chance(0.5) ? "admit" : "refer";
    const plan = siteFor(wishes, { checkpoint: "dostyk", lanes: 2, listedOnOldList });
    const day = makeDay({
        seed,
        passages: LORRIES,
        checkpoint: plan.checkpoint,
        startUtcMs: EVENING_UTC_MS,
        lanes: plan.lanes.length,
        gapMsMin: 5_000,
        gapMsMean: LENGTH_MS / LORRIES,
        patienceMs: PATIENCE_MS,
        otherBookings: 300,
    });
    const awayMs = random.between(30 * MINUTE_MS, 2 * HOUR_MS);
    return {
        plan,
        startUtcMs: EVENING_UTC_MS,
        day: fitToRoles(day, plan),
        passersBy: [],
        officers: { ...CALM_OFFICERS, reactionMs: [10_000, 90_000] },
        incidents: [
            { atMs: awayMs, forMs: random.between(4 * HOUR_MS, 6 * HOUR_MS), mishap: { kind: "central-away" } },
            {
                atMs: awayMs + random.between(0, 2 * HOUR_MS),
                forMs: random.between(20 * MINUTE_MS, 2 * HOUR_MS),
                mishap: { kind: "broker", how: random.pick(["down", "forgets"]) },
            },
        ],
        ambushes: [],
        lengthMs: LENGTH_MS,
        overtimeMs: OVERTIME_MS,
    };
}
