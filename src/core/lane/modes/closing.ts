/** The boom has been asked to come down. */
import type { LaneMode, LaneState } from "../lane-state.ts";
import { enter, type Turn, withoutVisit } from "../turn.ts";

type Closing = Extract<LaneMode, { at: "closing" }>;

/** Why the boom may come down, and since when everything has been clear. */
export interface Lowering {
    readonly why: string;
    readonly clearSinceMs: number | undefined;
    /** The sensors say clear, and still something may stand there that they cannot see. */
    readonly isDoubtful?: boolean;
}

/** Asks the boom down; the caller has the proof in hand. Doubt, and lanes that do not close by themselves, are left to the officer. */
export function close(turn: Turn, state: LaneState, lowering: Lowering): LaneState {
    const over = withoutVisit(state);
    const { clearSinceMs, isDoubtful = false } = lowering;
    if (turn.plan.isClosingAutomatic && !isDoubtful) return lower(turn, over, lowering);
    return enter(over, { at: "manual", sinceMs: turn.nowMs, why: "officer-closes", ...turn.clearSince(clearSinceMs) });
}

/** The one place that orders LOWER for the first time; it looks once more. Without proof nothing changes. */
export function lower(turn: Turn, state: LaneState, { why, clearSinceMs }: Lowering): LaneState {
    if (!turn.isClearLongEnough(clearSinceMs)) return state;
    const { state: given, order } = turn.give("lower", state, why);
    return enter(given, { at: "closing", sinceMs: turn.nowMs, order, ...turn.clearSince(clearSinceMs) });
}

/** Something under a closing boom raises it again at once; silence orders nothing: the barrier's wired chain has the word. */
export function stepClosing(turn: Turn, state: LaneState, was: Closing): LaneState {
    const { limits } = turn.plan;
    const { arm } = turn.scene;
    if (arm === "closed") return enter(state, { at: "idle" });
    if (turn.scene.zone === "occupied") return takeBack(turn, state);
    const { clearSinceMs, ...rest } = was;
    const mode: Closing = { ...rest, ...turn.clearSince(clearSinceMs) };
    const elapsedMs = turn.sinceMs(mode.order.atMs);
    const echo = turn.echoOf(mode.order);
    if (echo === "failed") {
        if (mode.order.tries >= limits.orderTriesMax) return turn.fail(state, "ORDER_NOT_APPLIED");
        if (elapsedMs < limits.orderRetryMs || !turn.isClearLongEnough(mode.clearSinceMs)) return enter(state, mode);
        const again = turn.give("lower", state, "not applied, again", mode.order);
        return enter(again.state, { ...mode, order: again.order });
    }
    if (elapsedMs < limits.travelMsMax) return enter(state, mode);
    switch (arm) {
        case "unknown":
            return enter(state, mode);
        case "unseen":
        case "not-open":
            return echo === "applied" ? enter(state, { at: "idle" }) : turn.fail(state, "ORDER_NOT_APPLIED");
        default:
            return turn.fail(state, "BOOM_NOT_CLOSED");
    }
}

function takeBack(turn: Turn, state: LaneState): LaneState {
    const { zone, isMetalUnder, exit } = turn.scene;
    const { state: given, order } = turn.give("raise", state, "something under the closing boom");
    return enter(given, {
        at: "opening",
        sinceMs: turn.nowMs,
        cause: { by: "nobody" },
        order,
        isHeld: false,
        wasUnder: zone === "occupied" && (isMetalUnder || exit === "occupied"),
    });
}
