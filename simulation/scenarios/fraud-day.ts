/**
 * Eight hours of people who try it on: cloned plates, the trailer's plate on the tractor, fleets with consecutive numbers,
 * plates printed on paper and held up to the camera, tailgaters, cars from the wrong side; and on the scales axles off the
 * platform, a second vehicle on it, lorries kept swinging, and scales that do not start at zero.
 */
import { type Day, makeDay } from "../../simulators/scenarios/day.ts";
import type { Lorry } from "../../simulators/scenarios/lorry.ts";
import type { PasserBy } from "../../simulators/world/passer-by.ts";
import { Random } from "../../simulators/world/random.ts";
import { drawScaleTrick } from "../chaos/draw-incidents.ts";
import type { Incident } from "../chaos/incident.ts";
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

const LENGTH_MS = 8 * HOUR_MS;
const LORRIES = 160;
/** Of the lorries without a booking. */
const TRICKS = { clone: 35, "trailer-plate": 20, none: 45 };
const PRINTED_PLATES = 12;
const WRONG_WAY_CARS = 8;
const SCALE_TRICKS = 24;
/** Long enough for a lorry or two. */
const TRICK_MS = [60_000, 480_000] as const;

export function fraudDay(wishes: RunWishes): Run {
    const { seed } = wishes;
    const plan = siteFor(wishes, { checkpoint: "nur-zholy", lanes: 2, hasScales: true });
    const honest = makeDay({
        seed,
        passages: LORRIES,
        checkpoint: plan.checkpoint,
        startUtcMs: MORNING_UTC_MS,
        lanes: plan.lanes.length,
        bookedShare: 0.55,
        invalidShare: 0.1,
        nearShare: 0.7,
        gapMsMin: 5_000,
        gapMsMean: LENGTH_MS / LORRIES,
        patienceMs: PATIENCE_MS,
        drivers: { normal: 62, slow: 8, "backs-out": 5, "stays-under-boom": 5, tailgater: 15, overshoots: 5 },
        otherBookings: 500,
    });
    const random = new Random(seed, "fraud");
    const day = fitToRoles({ ...honest, lorries: withTricks(honest, random) }, plan);
    return {
        plan,
        startUtcMs: MORNING_UTC_MS,
        day,
        passersBy: intruders(day, plan.lanes.length, random),
        officers: CALM_OFFICERS,
        incidents: scaleTricks(plan.lanes.length, new Random(seed, "scale-tricks")),
        ambushes: [],
        lengthMs: LENGTH_MS,
        overtimeMs: OVERTIME_MS,
    };
}

function withTricks({ lorries }: Day, random: Random): readonly Lorry[] {
    const booked = lorries.filter((lorry) => lorry.booked === "valid");
    return lorries.map((lorry) => {
        if (lorry.booked !== "none" || booked.length === 0) return lorry;
        const victim = random.pick(booked);
        const trick = random.weighted(TRICKS);
        if (trick === "clone") return { ...lorry, plate: victim.plate };
        return trick === "none" ? lorry : { ...lorry, plate: victim.trailerPlates[0] ?? lorry.plate };
    });
}

function scaleTricks(lanes: number, random: Random): readonly Incident[] {
    return Array.from({ length: SCALE_TRICKS }, () => ({
        atMs: random.between(0, LENGTH_MS),
        forMs: random.between(...TRICK_MS),
        mishap: { kind: "scale", lane: random.int(lanes), trick: drawScaleTrick(random) } as const,
    })).toSorted((one, other) => one.atMs - other.atMs);
}

function intruders({ lorries }: Day, lanes: number, random: Random): readonly PasserBy[] {
    const booked = lorries.filter((lorry) => lorry.booked === "valid");
    const common = () => ({ lane: random.int(lanes), arrivesAtMs: random.between(0, LENGTH_MS) });
    const printed = Array.from({ length: PRINTED_PLATES }, (): PasserBy => {
        const plate = booked.length === 0 ? {} : { plate: random.pick(booked).plate };
        return { kind: "pedestrian", ...common(), staysMs: random.between(5_000, 40_000), ...plate };
    });
    const cars = Array.from({ length: WRONG_WAY_CARS }, (): PasserBy => {
        return { kind: "wrong-way-car", ...common(), staysMs: random.between(5_000, 60_000) };
    });
    return [...printed, ...cars].toSorted((one, other) => one.arrivesAtMs - other.arrivesAtMs);
}
