/**
 * Everything of a tick that can move the boom. A few judgements stand above all modes: emergency first, then people's
 * requests, then what the arm itself says; then the mode has its turn.
 */
import type { LaneMode, LaneState } from "./lane-state.ts";
import { stepArriving, stepDeciding, stepReferred, stepRefused } from "./modes/asking.ts";
import { stepClosing } from "./modes/closing.ts";
import { stepEmergencyOpen } from "./modes/emergency-open.ts";
import { stepManual } from "./modes/hands-off.ts";
import { stepOpenWaiting } from "./modes/open-waiting.ts";
import { stepOpening } from "./modes/opening.ts";
import { stepPassing } from "./modes/passing.ts";
import { stepIdle, stepStarting } from "./modes/resting.ts";
import { stepWeighing } from "./modes/weighing.ts";
import type { Arm } from "./perceive.ts";
import { watchPlatform } from "./platform.ts";
import { noteRear } from "./rear.ts";
import { obeyRequest } from "./requests.ts";
import { noteBlindness } from "./sight.ts";
import { enter, type Turn } from "./turn.ts";

/** The state after this tick; orders and facts are left in `turn`. */
export function control(turn: Turn, state: LaneState): LaneState {
    let next = noteBlindness(turn, noteArm(turn, forgetRaise(turn, state)));
    next = noteEmergency(turn, next);
    for (const request of turn.image.requests) next = obeyRequest(turn, next, request);
    if (next.mode.at !== "emergency-open") {
        next = doubtArm(turn, next);
        if (turn.scene.isKeyTurned && !HANDS_OFF.has(next.mode.at)) next = turnKey(turn, next);
    }
    return dispatch(turn, watchPlatform(turn, noteRear(turn, next)));
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
        case "weighing":
            return stepWeighing(turn, state, mode);
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
        // Nothing is decided and nothing is moved; emergency and a named officer's word are heard before the modes.
        case "out-of-service":
        case "fault":
            return state;
    }
}

/** A RAISE is no longer on its way when the arm is up, or has had the time to be. */
function forgetRaise(turn: Turn, state: LaneState): LaneState {
    if (state.raisedMs === undefined) return state;
    if (turn.scene.arm !== "open" && turn.sinceMs(state.raisedMs) < turn.plan.limits.travelMsMax) return state;
    const { raisedMs: _past, ...rest } = state;
    return rest;
}

/** An end of the arm's way becomes a fact when it is reached; "moving" and silence do not. */
function noteArm(turn: Turn, state: LaneState): LaneState {
    const { arm } = turn.scene;
    if (arm === state.arm) return state;
    if (arm !== "open" && arm !== "closed") return { ...state, arm };
    if (state.armEnd !== undefined && state.armEnd !== arm)
        turn.fact(arm === "open" ? "boom.opened" : "boom.closed", state.visit, { mode: state.mode.at });
    return { ...state, arm, armEnd: arm };
}

function noteEmergency(turn: Turn, state: LaneState): LaneState {
    if (!turn.scene.isEmergency || state.mode.at === "emergency-open") return state;
    turn.fact("emergency.raised", state.visit, { mode: state.mode.at });
    return enter(turn.interrupt(state, "emergency"), { at: "emergency-open", sinceMs: turn.nowMs });
}

const UP: readonly Arm[] = ["open", "moving", "not-closed"];
const DOWN: readonly Arm[] = ["closed", "moving", "not-open"];

/** Where the arm can only be if somebody else moved it; undefined: in this mode it is not the lane's to judge. */
function unaskedPlaces(mode: LaneMode): readonly Arm[] | undefined {
    switch (mode.at) {
        case "idle":
        case "arriving":
        case "weighing":
        case "deciding":
        case "referred":
        case "refused":
            return UP;
        case "open-waiting":
            return DOWN;
        case "passing":
            return mode.cause.by === "found-open" ? [] : DOWN;
        case "opening":
        case "closing":
            return [];
        case "starting":
        case "manual":
        case "fault":
        case "emergency-open":
        case "out-of-service":
            return undefined;
    }
}

/** Broken arm, contradicting switches and movements nobody here ordered. Bounce is given `contradictionMsMax`. */
function doubtArm(turn: Turn, state: LaneState): LaneState {
    const { arm, isArmBroken } = turn.scene;
    const unasked = unaskedPlaces(state.mode);
    if (unasked === undefined) return settled(state);
    if (isArmBroken) return turn.fail(settled(state), "ARM_BROKEN");
    if (arm !== "impossible" && !unasked.includes(arm)) return settled(state);
    const sinceMs = state.armDoubtSinceMs ?? turn.nowMs;
    if (turn.sinceMs(sinceMs) < turn.plan.limits.contradictionMsMax) return { ...state, armDoubtSinceMs: sinceMs };
    if (arm === "impossible") return turn.fail(settled(state), "LIMITS_CONTRADICT");
    turn.fact("boom.moved-unasked", state.visit, { arm, mode: state.mode.at });
    const { mode } = state;
    // Whatever the arm does, the vehicle under it is followed to the end; the lane moves nothing there any more.
    if (mode.at === "passing")
        return enter(settled(state), { ...mode, cause: { by: "found-open" }, afterwards: "stay" });
    return enter(settled(state), { at: "manual", sinceMs: turn.nowMs, why: "moved-unasked" });
}

function settled(state: LaneState): LaneState {
    if (state.armDoubtSinceMs === undefined) return state;
    const { armDoubtSinceMs: _over, ...rest } = state;
    return rest;
}

function turnKey(turn: Turn, state: LaneState): LaneState {
    turn.fact("lane.mode", state.visit, { mode: "manual", why: "key" });
    return enter(turn.interrupt(state, "key"), { at: "manual", sinceMs: turn.nowMs, why: "key" });
}
