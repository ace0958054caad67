/** Whether the vehicle that the boom goes up for is still there. An opening holds for one vehicle, not for the next one. */
import type { LaneState } from "../lane-state.ts";
import { type Turn, withoutVisit } from "../turn.ts";

/** The state with what is known of the visitor, and since when he has been away; ready to be spread into a mode. */
export interface Visitor {
    readonly state: LaneState;
    readonly gone: { readonly goneSinceMs?: number };
    readonly hasLeft: boolean;
}

/**
 * Away means: the approach loop is clear, freshly, and nothing is seen under the boom. He has left when that has lasted for
 * `presenceMsMin`; who could have gone in under silent sensors has an unknown outcome. One who never came cannot leave.
 */
export function followVisitor(turn: Turn, state: LaneState, goneSinceMs: number | undefined): Visitor {
    const { approach, zone } = turn.scene;
    const { visit } = state;
    if (visit === undefined) return { state, gone: {}, hasLeft: false };
    if (approach === "occupied" && !visit.isSeen) {
        return { state: { ...state, visit: { ...visit, isSeen: true } }, gone: {}, hasLeft: false };
    }
    if (!visit.isSeen || approach !== "clear" || zone === "occupied") return { state, gone: {}, hasLeft: false };
    const sinceMs = goneSinceMs ?? turn.nowMs;
    if (turn.sinceMs(sinceMs) < turn.plan.limits.presenceMsMin) {
        return { state, gone: { goneSinceMs: sinceMs }, hasLeft: false };
    }
    if (zone === "clear") turn.fact("vehicle.left", visit, { mode: state.mode.at });
    else turn.fact("passage.interrupted", visit, { why: "out of sight" });
    return { state: withoutVisit(state), gone: {}, hasLeft: true };
}
