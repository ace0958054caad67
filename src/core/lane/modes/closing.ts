/** The boom has been asked to come down. */
import type { LaneMode, LaneState, OpeningCause } from "../lane-state.ts";
import { mayLower } from "../perceive.ts";
import { enter, type Turn, withoutVisit } from "../turn.ts";

type Closing = Extract<LaneMode, { at: "closing" }>;

/** Asks the boom down; the caller has the proof in hand. Lanes that do not close by themselves are left to the officer. */
export function close(turn: Turn, state: LaneState, cause: OpeningCause, why: string): LaneState {
    const over = withoutVisit(state);
    if (!turn.plan.isClosingAutomatic) return enter(over, { at: "manual", sinceMs: turn.nowMs, why: "held-open" });
    return lower(turn, over, cause, why);
}

/** The one place that orders LOWER for the first time; it looks once more. Without proof nothing changes. */
export function lower(turn: Turn, state: LaneState, cause: OpeningCause, why: string): LaneState {
    if (!mayLower(turn.image.contacts, turn.plan)) return state;
    const given = turn.give("lower", state, why);
    return enter(given.state, { at: "closing", sinceMs: turn.nowMs, cause, order: given.order });
}

/** Something under a closing boom raises it again at once; silence orders nothing: the barrier's wired chain has the word. */
export function stepClosing(turn: Turn, state: LaneState, mode: Closing): LaneState {
    const { limits } = turn.plan;
    const { arm, zone } = turn.scene;
    if (arm === "closed") return enter(state, { at: "idle" });
    if (zone === "occupied") {
        const visit = turn.visitOf(state);
        turn.fact("passage.tailgated", visit, { under: "closing boom" });
        const given = turn.give("raise", { ...state, visit }, mode.cause);
        return enter(given.state, {
            at: "opening",
            sinceMs: turn.nowMs,
            cause: mode.cause,
            order: given.order,
            isHeld: false,
        });
    }
    const { echo } = turn.image;
    const elapsedMs = turn.sinceMs(mode.order.atMs);
    if (echo?.number === mode.order.number && echo.status === "failed") {
        if (mode.order.tries >= limits.orderTriesMax) return turn.fail(state, "ORDER_NOT_APPLIED");
        if (elapsedMs < limits.orderRetryMs || !mayLower(turn.image.contacts, turn.plan)) return state;
        const again = turn.give("lower", state, "not applied, again", mode.order);
        return enter(again.state, { ...mode, order: again.order });
    }
    if (elapsedMs < limits.travelMsMax) return state;
    if (arm === "unseen") return enter(state, { at: "idle" });
    return arm === "unknown" ? state : turn.fail(state, "BOOM_NOT_CLOSED");
}
