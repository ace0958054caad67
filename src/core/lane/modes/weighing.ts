/** A vehicle stands on the scale before a closed boom and is weighed, once, before it is decided upon. */
import type { Weight, WeightProblem } from "../../decision/weight.ts";
import type { LaneMode, LaneState, Visit } from "../lane-state.ts";
import type { ScaleReading } from "../scale-reading.ts";
import { enter, type Turn } from "../turn.ts";
import { watchLeaving } from "./asking.ts";

type Weighing = Extract<LaneMode, { at: "weighing" }>;

/** Takes the first weight that stands still long enough with the vehicle wholly on the platform; after `weighMsMax` there is none. */
export function stepWeighing(turn: Turn, before: LaneState, was: Weighing): LaneState {
    const state = watchLeaving(turn, before, was);
    const { mode, visit } = state;
    if (mode.at !== "weighing" || mode.goneSinceMs !== undefined || visit === undefined) return state;
    const { limits } = turn.plan;
    const reading = readingOf(turn);
    const problem = problemOf(turn, reading);
    const steady = problem === undefined ? steadyOf(turn, reading, mode.steady) : undefined;
    if (reading !== undefined && steady !== undefined && turn.sinceMs(steady.sinceMs) >= limits.weightHoldMsMin) {
        const { grossKg, raw } = reading;
        return weighed(turn, state, visit, mode.wasScaleZero ? { grossKg, raw } : { problem: "ZERO_NOT_SEEN" });
    }
    if (turn.sinceMs(mode.sinceMs) >= limits.weighMsMax) {
        return weighed(turn, state, visit, { problem: problem ?? "UNSTABLE" });
    }
    const { sinceMs, wasScaleZero } = mode;
    return enter(state, { at: "weighing", sinceMs, wasScaleZero, ...(steady === undefined ? {} : { steady }) });
}

/** The weight that stands still, and since when; a change of more than `weightSwayKgMax` begins anew. */
function steadyOf(turn: Turn, reading: ScaleReading | undefined, before: Weighing["steady"]): Weighing["steady"] {
    if (reading === undefined) return undefined;
    const isSame = before && Math.abs(reading.grossKg - before.grossKg) <= turn.plan.limits.weightSwayKgMax;
    return isSame ? before : { grossKg: reading.grossKg, sinceMs: turn.nowMs };
}

function weighed(turn: Turn, state: LaneState, visit: Visit, weight: Weight): LaneState {
    const reading = readingOf(turn);
    turn.fact("weighing.completed", visit, {
        grossKg: reading?.isInRange ? reading.grossKg : null,
        problem: "problem" in weight ? weight.problem : null,
        raw: reading?.raw ?? null,
    });
    return enter({ ...state, visit: { ...visit, weight } }, { at: "deciding", sinceMs: turn.nowMs });
}

function readingOf({ image, plan }: Turn): ScaleReading | undefined {
    const { weighing } = image;
    const isFresh = weighing !== undefined && weighing.ageMs >= 0 && weighing.ageMs <= plan.limits.weightAgeMsMax;
    return isFresh ? weighing : undefined;
}

function problemOf(turn: Turn, reading: ScaleReading | undefined): WeightProblem | undefined {
    if (reading === undefined) return "NO_READING";
    if (!reading.isInRange || !Number.isFinite(reading.grossKg)) return "OUT_OF_RANGE";
    if (!turn.scene.isWhollyOnScale) return "NOT_WHOLLY_ON";
    return reading.isStable ? undefined : "UNSTABLE";
}
