/** Emergency: up and latched. Nothing in software stands in its way, the interlock included. */
import type { LaneMode, LaneState } from "../lane-state.ts";
import { enter, type Turn } from "../turn.ts";

type EmergencyOpen = Extract<LaneMode, { at: "emergency-open" }>;

/** Asks for RAISE in the first tick and again every `orderRetryMs` until the limit switch says open; never gives up. */
export function stepEmergencyOpen(turn: Turn, state: LaneState, mode: EmergencyOpen): LaneState {
    if (mode.order !== undefined && isEnough(turn, mode.order)) return state;
    const given = turn.give("raise", state, { by: "emergency" }, mode.order);
    return enter(given.state, { ...mode, order: given.order });
}

/** Up, or asked a moment ago, or nothing but the relay can tell and it has closed. */
function isEnough(turn: Turn, order: NonNullable<EmergencyOpen["order"]>): boolean {
    const { arm } = turn.scene;
    if (arm === "open" || turn.sinceMs(order.atMs) < turn.plan.limits.orderRetryMs) return true;
    return (arm === "unseen" || arm === "not-closed") && turn.echoOf(order) === "applied";
}
