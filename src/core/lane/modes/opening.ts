/** The boom has been, or is about to be, asked to rise. */
import type { LaneMode, LaneState } from "../lane-state.ts";
import { enter, type Turn } from "../turn.ts";
import { refer } from "./asking.ts";

type Opening = Extract<LaneMode, { at: "opening" }>;

/** Asks once, asks again when the order was not applied, and believes only the limit switch (or, without one, the time). */
export function stepOpening(turn: Turn, state: LaneState, mode: Opening): LaneState {
    const { limits } = turn.plan;
    if (mode.order === undefined) return firstOrder(turn, state, mode);
    if (turn.scene.arm === "open") return opened(turn, state, mode);

    const { echo } = turn.image;
    const elapsedMs = turn.sinceMs(mode.order.atMs);
    if (echo?.number === mode.order.number && echo.status === "failed") {
        if (mode.order.tries >= limits.orderTriesMax) return turn.fail(state, "ORDER_NOT_APPLIED");
        if (elapsedMs < limits.orderRetryMs || !turn.image.isInterlockFree) return state;
        const again = turn.give("raise", state, mode.cause, mode.order);
        return enter(again.state, { ...mode, order: again.order });
    }
    if (elapsedMs < limits.travelMsMax) return state;
    if (turn.scene.arm === "unseen") return opened(turn, state, mode);
    return turn.scene.arm === "unknown" ? state : turn.fail(state, "BOOM_NOT_OPEN");
}

/** Two booms of a lock are never open together: wait for the other one, then ask an officer. */
function firstOrder(turn: Turn, state: LaneState, mode: Opening): LaneState {
    if (!turn.image.isInterlockFree) {
        return turn.sinceMs(mode.sinceMs) < turn.plan.limits.interlockMsMax ? state : refer(turn, state, "INTERLOCK");
    }
    const given = turn.give("raise", state, mode.cause);
    return enter(given.state, { ...mode, order: given.order });
}

function opened(turn: Turn, state: LaneState, mode: Opening): LaneState {
    if (mode.isHeld) return enter(state, { at: "manual", sinceMs: turn.nowMs, why: "held-open" });
    return enter(state, {
        at: "open-waiting",
        sinceMs: turn.nowMs,
        cause: mode.cause,
        wasExitClear: false,
        isWrongWay: false,
        isWithdrawn: false,
    });
}
