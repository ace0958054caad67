/**
 * The lane controller: one frozen image in, the next state, barrier orders, lamp and facts out. Pure.
 * Safety is judged afresh every tick from readings and their ages; time enters only as `image.nowMs`.
 */
import type { FactDraft } from "../fact/fact.ts";
import { alarmsOf } from "./alarms.ts";
import type { LaneImage } from "./lane-image.ts";
import type { LanePlan } from "./lane-plan.ts";
import type { LaneMode, LaneState } from "./lane-state.ts";
import { stepArriving, stepDeciding, stepReferred, stepRefused } from "./modes/asking.ts";
import { stepClosing } from "./modes/closing.ts";
import { stepEmergencyOpen } from "./modes/emergency-open.ts";
import { stepManual, stepOutOfService } from "./modes/hands-off.ts";
import { stepOpenWaiting } from "./modes/open-waiting.ts";
import { stepOpening } from "./modes/opening.ts";
import { stepPassing } from "./modes/passing.ts";
import { stepIdle, stepStarting } from "./modes/resting.ts";
import { perceive } from "./perceive.ts";
import { obeyRequest } from "./requests.ts";
import { enter, type LaneOrder, Turn } from "./turn.ts";

/** What one tick comes to. Orders are requests to the barrier, never claims about it. */
export interface Step {
    readonly next: LaneState;
    /** At most one of each kind; carried out in order. */
    readonly orders: readonly LaneOrder[];
    /** Level, not edge: what the lamp shall show now. */
    readonly light: "red" | "green";
    readonly facts: readonly FactDraft[];
}

/** Computes one tick. Emergency comes first, then people's requests, then what the arm itself says, then the mode. */
export function step(state: LaneState, image: LaneImage, plan: LanePlan): Step {
    const turn = new Turn(image, plan, perceive(image.contacts, plan));
    let next = noteArm(turn, state);
    next = noteEmergency(turn, next);
    for (const request of image.requests) next = obeyRequest(turn, next, request);
    if (next.mode.at !== "emergency-open") {
        next = doubtArm(turn, next);
        if (turn.scene.isKeyTurned && !HANDS_OFF.has(next.mode.at)) next = turnKey(turn, next);
    }
    next = dispatch(turn, next);
    next = noteAlarms(turn, next);
    return { next, orders: turn.orders, light: lightOf(next, turn), facts: turn.facts };
}

const HANDS_OFF: ReadonlySet<LaneMode["at"]> = new Set([
    "manual",
    "out-of-service",
    "fault",
    "emergency-open",
    "starting",
]);

function dispatch(turn: Turn, state: LaneState): LaneState {
    const { mode } = state;
    switch (mode.at) {
        case "starting":
            return stepStarting(turn, state);
        case "idle":
            return stepIdle(turn, state);
        case "arriving":
            return stepArriving(turn, state, mode);
        case "deciding":
            return stepDeciding(turn, state);
        case "referred":
            return stepReferred(turn, state, mode);
        case "refused":
            return stepRefused(turn, state, mode);
        case "opening":
            return stepOpening(turn, state, mode);
        case "open-waiting":
            return stepOpenWaiting(turn, state, mode);
        case "passing":
            return stepPassing(turn, state, mode);
        case "closing":
            return stepClosing(turn, state, mode);
        case "emergency-open":
            return stepEmergencyOpen(turn, state, mode);
        case "manual":
            return stepManual(turn, state, mode);
        case "out-of-service":
            return stepOutOfService(state);
        case "fault":
            return state;
    }
}

/** What the limit switches say for certain becomes a fact when it changes; "moving" and silence do not. */
function noteArm(turn: Turn, state: LaneState): LaneState {
    const { arm } = turn.scene;
    if ((arm !== "open" && arm !== "closed") || arm === state.arm) return state;
    if (state.arm !== "unknown")
        turn.fact(arm === "open" ? "boom.opened" : "boom.closed", state.visit, { mode: state.mode.at });
    return { ...state, arm };
}

function noteEmergency(turn: Turn, state: LaneState): LaneState {
    if (!turn.scene.isEmergency || state.mode.at === "emergency-open") return state;
    turn.fact("emergency.raised", state.visit, { mode: state.mode.at });
    return enter(turn.interrupt(state, "emergency"), { at: "emergency-open", sinceMs: turn.nowMs });
}

const BOOM_SHOULD_BE_DOWN: ReadonlySet<LaneMode["at"]> = new Set([
    "idle",
    "arriving",
    "deciding",
    "referred",
    "refused",
]);
const ARM_IS_OURS: ReadonlySet<LaneMode["at"]> = new Set([
    ...BOOM_SHOULD_BE_DOWN,
    "opening",
    "open-waiting",
    "passing",
    "closing",
]);

/** Broken arm, contradicting switches and movements nobody here ordered. Bounce is given `contradictionMsMax`. */
function doubtArm(turn: Turn, state: LaneState): LaneState {
    const { arm, isArmBroken } = turn.scene;
    if (!ARM_IS_OURS.has(state.mode.at)) return settled(state);
    if (isArmBroken) return turn.fail(settled(state), "ARM_BROKEN");
    const isUnasked = BOOM_SHOULD_BE_DOWN.has(state.mode.at) && (arm === "open" || arm === "moving");
    if (arm !== "impossible" && !isUnasked) return settled(state);
    const sinceMs = state.armDoubtSinceMs ?? turn.nowMs;
    if (turn.nowMs - sinceMs < turn.plan.limits.contradictionMsMax) return { ...state, armDoubtSinceMs: sinceMs };
    if (arm === "impossible") return turn.fail(settled(state), "LIMITS_CONTRADICT");
    turn.fact("boom.moved-unasked", state.visit, { arm, mode: state.mode.at });
    return enter(settled(state), { at: "manual", sinceMs: turn.nowMs, why: "moved-unasked" });
}

function settled(state: LaneState): LaneState {
    const { armDoubtSinceMs: _over, ...rest } = state;
    return rest;
}

function turnKey(turn: Turn, state: LaneState): LaneState {
    turn.fact("lane.mode", state.visit, { mode: "manual", why: "key" });
    return enter(turn.interrupt(state, "key"), { at: "manual", sinceMs: turn.nowMs, why: "key" });
}

function noteAlarms(turn: Turn, state: LaneState): LaneState {
    const alarms = alarmsOf(turn, state);
    for (const code of alarms) if (!state.alarms.includes(code)) turn.fact("alarm.raised", undefined, { code });
    for (const code of state.alarms) if (!alarms.includes(code)) turn.fact("alarm.cleared", undefined, { code });
    return { ...state, alarms };
}

/** Green only for a vehicle that was let in, and only with the boom up as far as anybody can tell. */
function lightOf(state: LaneState, turn: Turn): "red" | "green" {
    const mayGo = state.mode.at === "passing" || (state.mode.at === "open-waiting" && !state.mode.isWithdrawn);
    return mayGo && (turn.scene.arm === "open" || turn.scene.arm === "unseen") ? "green" : "red";
}
