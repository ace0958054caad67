/** One hour in which everything goes wrong that can: thirty lorries on four lanes, two of them a lock, and faults without end. */
import { makeDay } from "../../simulators/scenarios/day.ts";
import type { PasserBy } from "../../simulators/world/passer-by.ts";
import { Random } from "../../simulators/world/random.ts";
import { drawAmbushes, drawIncidents, type IncidentRates } from "../chaos/draw-incidents.ts";
import {
    fitToRoles,
    HOUR_MS,
    MORNING_UTC_MS,
    OVERTIME_MS,
    PATIENCE_MS,
    type Run,
    type RunWishes,
    siteFor,
} from "./scenario.ts";

const RATES: IncidentRates = {
    wire: 10,
    relay: 3,
    sensor: 8,
    arm: 5,
    "arm-break": 0.5,
    camera: 3,
    disk: 5,
    broker: 4,
    "central-away": 1,
    "lost-acks": 2,
    emergency: 3,
    key: 2,
    stall: 4,
    death: 2,
    clock: 3,
    command: 8,
};
const AMBUSHES = 4;
const LORRIES = 30;
const PEDESTRIANS = 4;

export function storm(wishes: RunWishes): Run {
    const { seed } = wishes;
    const plan = siteFor(wishes, { checkpoint: "nur-zholy", lanes: 4, hasLock: true });
    const lanes = plan.lanes.map(({ plan: { id } }) => id);
    const day = makeDay({
        seed,
        passages: LORRIES,
        checkpoint: plan.checkpoint,
        startUtcMs: MORNING_UTC_MS,
        lanes: lanes.length,
        gapMsMin: 5_000,
        gapMsMean: HOUR_MS / LORRIES,
        patienceMs: PATIENCE_MS,
        drivers: { normal: 58, slow: 10, "backs-out": 5, "stays-under-boom": 15, tailgater: 12 },
        shapes: { "low-semitrailer": 35, "high-semitrailer": 35, "drawbar-trailer": 18, "high-drawbar-trailer": 12 },
        otherBookings: 100,
    });
    const chaos = { fromMs: 5_000, toMs: HOUR_MS, lanes, rates: RATES, ambushes: AMBUSHES };
    return {
        plan,
        startUtcMs: MORNING_UTC_MS,
        day: fitToRoles(day, plan),
        passersBy: strollers(new Random(seed, "passers-by"), lanes.length),
        officers: { reactionMs: [3_000, 20_000], wrongLaneShare: 0.05, lateShare: 0.05 },
        incidents: drawIncidents(chaos, new Random(seed, "incidents")),
        ambushes: drawAmbushes(chaos, new Random(seed, "ambushes")),
        lengthMs: HOUR_MS,
        overtimeMs: OVERTIME_MS,
    };
}

function strollers(random: Random, lanes: number): readonly PasserBy[] {
    return Array.from({ length: PEDESTRIANS }, (): PasserBy => {
        return {
            kind: random.chance(0.6) ? "pedestrian" : "wrong-way-car",
            lane: random.int(lanes),
            arrivesAtMs: random.between(0, HOUR_MS),
            staysMs: random.between(1_000, 20_000),
        };
    }).toSorted((one, other) => one.arrivesAtMs - other.arrivesAtMs);
}
