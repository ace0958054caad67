/** Nobody in front of the boom: just started, or idle. */
import type { LaneState } from "../lane-state.ts";
import { enter, type Turn, withoutVisit } from "../turn.ts";

/** Waits until the arm and the zone are known, then takes up the lane from what is seen. The boom is never moved by this. */
export function stepStarting(turn: Turn, state: LaneState): LaneState {
    const { arm, zone } = turn.scene;
    if (arm === "unknown" || zone === "unknown") return state;
    turn.fact("lane.started", undefined, { arm, zone, resumed: state.resumed ?? null });
    return takeUp(turn, state);
}

/**
 * Where a lane goes on after a start, a reset or the key: boom down means idle, anything else is a boom found open.
 * Contradicting switches fault again at once; silent ones are waited for.
 * A passage left open by the previous run goes on if the boom is still up, and ends with unknown outcome if not.
 */
export function takeUp(turn: Turn, state: LaneState): LaneState {
    if (turn.scene.arm === "impossible") return turn.fail(state, "LIMITS_CONTRADICT");
    if (turn.scene.arm === "unknown") return enter(state, { at: "starting" });
    const { resumed, ...rest } = withoutVisit(state);
    const visit = resumed === undefined ? undefined : { passage: resumed, arrivedMs: turn.nowMs };
    if (turn.scene.arm === "closed" || turn.scene.arm === "unseen") {
        if (visit !== undefined) turn.fact("passage.interrupted", visit, { why: "restart" });
        return enter(rest, { at: "idle" });
    }
    const found: LaneState = { ...rest, ...(visit === undefined ? {} : { visit }) };
    return enter(found, { at: "manual", sinceMs: turn.nowMs, why: "found-open" });
}

/** Waits for something on the approach loop. */
export function stepIdle(turn: Turn, state: LaneState): LaneState {
    return turn.scene.approach === "occupied" ? enter(state, { at: "arriving", sinceMs: turn.nowMs }) : state;
}
