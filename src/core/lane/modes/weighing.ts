/** A vehicle stands on the scale before a closed boom and is weighed, once, before it is decided upon. */
import { grossLimitAt } from "../../decision/gross-limit.ts";
import type { Weight, WeightProblem } from "../../decision/weight.ts";
import type { LaneMode, LaneState, Steady, Visit } from "../lane-state.ts";
import { type Platform, readingOf } from "../platform.ts";
import type { ScaleReading } from "../scale-reading.ts";
import { enter, type Turn } from "../turn.ts";
import { watchLeaving } from "./asking.ts";

type Weighing = Extract<LaneMode, { at: "weighing" }>;

/** Two readings of one scale never come closer together; ages are rounded to whole milliseconds. */
const READING_APART_MS = 3;

/** Takes the first weight that stands still long enough with the vehicle wholly on the platform; after `weighMsMax` there is none. */
export function stepWeighing(turn: Turn, before: LaneState, was: Weighing): LaneState {
    const state = watchLeaving(turn, before, was);
    const { mode, visit } = state;
    if (mode.at !== "weighing" || mode.goneSinceMs !== undefined || visit === undefined) return state;
    const { limits } = turn.plan;
    const reading = readingOf(turn);
    const problem = problemOf(turn, reading);
    const steady = problem === undefined ? steadyOf(turn, reading, mode.steady) : undefined;
    if (reading !== undefined && steady !== undefined && isProof(turn, steady)) {
        return weighed(turn, state, visit, weightOn(state.platform, reading));
    }
    if (turn.sinceMs(mode.sinceMs) >= limits.weighMsMax) {
        return weighed(turn, state, visit, { problem: problem ?? "UNSTABLE" });
    }
    const { steady: _before, ...rest } = mode;
    return enter(state, { ...rest, ...(steady === undefined ? {} : { steady }) });
}

/** The weight that stands still; a change of more than `weightSwayKgMax` begins anew. A reading counts once, however often it is looked at. */
function steadyOf(turn: Turn, reading: ScaleReading | undefined, before: Steady | undefined): Steady | undefined {
    if (reading === undefined) return undefined;
    const { grossKg, ageMs } = reading;
    const heardMs = turn.nowMs - ageMs;
    const { weightSwayKgMax, weightReadingsMin } = turn.plan.limits;
    if (before === undefined || Math.abs(grossKg - before.grossKg) > weightSwayKgMax)
        return { grossKg, sinceMs: turn.nowMs, readings: 1, heardMs };
    if (heardMs - before.heardMs < READING_APART_MS) return before;
    return { ...before, readings: Math.min(before.readings + 1, weightReadingsMin), heardMs };
}

function isProof(turn: Turn, { sinceMs, readings }: Steady): boolean {
    const { weightHoldMsMin, weightReadingsMin } = turn.plan.limits;
    return turn.sinceMs(sinceMs) >= weightHoldMsMin && readings >= weightReadingsMin;
}

function weightOn(platform: Platform | undefined, { grossKg, raw }: ScaleReading): Weight {
    if (platform === undefined) return { problem: "ZERO_NOT_SEEN" };
    return platform.holds === "several" ? { problem: "SEVERAL_VEHICLES" } : { grossKg, raw };
}

/** The fact carries the frame behind the number, and the configured limit it was held against: software finds no violations. */
function weighed(turn: Turn, state: LaneState, visit: Visit, weight: Weight): LaneState {
    const reading = readingOf(turn);
    const { utcMs, isClockTrusted } = turn.image;
    const limit = grossLimitAt(turn.plan.policy, isClockTrusted ? utcMs : undefined);
    turn.fact("weighing.completed", visit, {
        grossKg: reading?.isInRange ? reading.grossKg : null,
        problem: "problem" in weight ? weight.problem : null,
        raw: reading?.raw ?? null,
        limitKg: limit.kg,
        limitSource: limit.source,
        exceedsLimit: "grossKg" in weight ? weight.grossKg > limit.kg : null,
    });
    return enter({ ...state, visit: { ...visit, weight } }, { at: "deciding", sinceMs: turn.nowMs });
}

function problemOf(turn: Turn, reading: ScaleReading | undefined): WeightProblem | undefined {
    if (reading === undefined) return "NO_READING";
    if (!reading.isInRange || !Number.isFinite(reading.grossKg)) return "OUT_OF_RANGE";
    if (!turn.scene.isWhollyOnScale) return "NOT_WHOLLY_ON";
    return reading.isStable ? undefined : "UNSTABLE";
}
