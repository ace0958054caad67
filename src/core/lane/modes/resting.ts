/** Nobody in front of the boom: just started, or idle. */
import type { LaneState } from "../lane-state.ts";
import { enter, type Turn, withoutVisit } from "../turn.ts";

/** Waits until it is known where the arm is, then takes up the lane from what is seen. The boom is never moved by this. */
export function stepStarting(turn: Turn, state: LaneState): LaneState {
    const { arm, zone } = turn.scene;
    if (arm === "unknown") return state;
    turn.fact("lane.started", undefined, { arm, zone, resumed: state.resumed ?? null });
    return takeUp(turn, state);
}

/**
 * Where a lane goes on after a start, a reset or the key: boom down means idle, anything else is a boom found open.
 * Contradicting switches fault again at once; silent ones are waited for.
 * A passage left open by the previous run goes on if the boom is still up, and ends with unknown outcome if not.
 */
export function takeUp(turn: Turn, state: LaneState): LaneState {
    const { resumed, ...rest } = state;
    const visit = resumed === undefined ? undefined : { passage: resumed, arrivedMs: turn.nowMs, isSeen: false };
    switch (turn.scene.arm) {
        case "impossible":
            return turn.fail(state, "LIMITS_CONTRADICT");
        case "unknown":
            return enter(state, { at: "starting" });
        case "closed":
        case "unseen":
        case "not-open":
            if (visit !== undefined) turn.fact("passage.interrupted", visit, { why: "restart" });
            return enter(rest, { at: "idle" });
        case "open":
        case "moving":
        case "not-closed":
            return enter(
                { ...withoutVisit(rest), ...(visit === undefined ? {} : { visit }) },
                { at: "manual", sinceMs: turn.nowMs, why: "found-open" },
            );
    }
}

/** Waits for something on the approach loop. */
export function stepIdle(turn: Turn, state: LaneState): LaneState {
    return turn.scene.approach === "occupied" ? enter(state, { at: "arriving", sinceMs: turn.nowMs }) : state;
}
