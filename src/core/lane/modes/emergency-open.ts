/** Emergency: up and latched. Nothing in software stands in its way, the interlock included. */
import type { LaneMode, LaneState } from "../lane-state.ts";
import { enter, type Turn } from "../turn.ts";

type EmergencyOpen = Extract<LaneMode, { at: "emergency-open" }>;

/** Asks for RAISE in the first tick and again every `orderRetryMs` until the limit switch says open; never gives up. */
export function stepEmergencyOpen(turn: Turn, state: LaneState, mode: EmergencyOpen): LaneState {
    if (turn.scene.arm === "open" && mode.order !== undefined) return state;
    if (mode.order !== undefined && turn.sinceMs(mode.order.atMs) < turn.plan.limits.orderRetryMs) return state;
    const isCommandedOnly =
        turn.scene.arm === "unseen" && mode.order !== undefined && turn.image.echo?.status === "applied";
    if (isCommandedOnly) return state;
    const given = turn.give("raise", state, { by: "emergency" }, mode.order);
    return enter(given.state, { ...mode, order: given.order });
}
