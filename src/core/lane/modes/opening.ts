/** The boom has been, or is about to be, asked to rise. */
import type { LaneMode, LaneState, OrderTry } from "../lane-state.ts";
import { enter, isVehicleUnder, type Turn } from "../turn.ts";
import { refer } from "./asking.ts";
import { beginPassage } from "./passing.ts";
import { followVisitor } from "./visitor.ts";

type Opening = Extract<LaneMode, { at: "opening" }>;

/** Asks once, asks again when the order was not applied, and believes only the limit switch (or, without one, the time). */
export function stepOpening(turn: Turn, before: LaneState, was: Opening): LaneState {
    const { state, mode } = look(turn, before, was);
    if (mode.order === undefined) return firstOrder(turn, state, mode);
    if (turn.scene.arm === "open") return opened(turn, state, mode);

    const { limits } = turn.plan;
    const elapsedMs = turn.sinceMs(mode.order.atMs);
    const echo = turn.echoOf(mode.order);
    if (echo === "failed") return again(turn, state, mode, mode.order);
    if (elapsedMs < limits.travelMsMax) return enter(state, mode);
    switch (turn.scene.arm) {
        case "unknown":
            return enter(state, mode);
        case "unseen":
        case "not-closed":
            return echo === "applied" ? opened(turn, state, mode) : turn.fail(state, "ORDER_NOT_APPLIED");
        default:
            return turn.fail(state, "BOOM_NOT_OPEN");
    }
}

/** Notes a vehicle that drives in while the boom still rises, and one that goes away: then the opening holds for nobody. */
function look(turn: Turn, before: LaneState, was: Opening): { readonly state: LaneState; readonly mode: Opening } {
    const { goneSinceMs, ...rest } = was;
    const { zone, isMetalUnder, exit } = turn.scene;
    const isUnder = was.order !== undefined && zone === "occupied" && (isMetalUnder || exit === "occupied");
    if (was.wasUnder || isUnder) return { state: before, mode: { ...rest, wasUnder: true } };
    const { state, gone, hasLeft } = followVisitor(turn, before, goneSinceMs);
    return { state, mode: { ...rest, ...gone, ...(hasLeft ? { cause: { by: "nobody" } } : {}) } };
}

function firstOrder(turn: Turn, state: LaneState, mode: Opening): LaneState {
    if (mode.cause.by === "nobody") return enter(state, { at: "idle" });
    const obstacle = turn.obstacleTo(mode.cause);
    if (obstacle === undefined) {
        const given = turn.give("raise", state, mode.cause);
        return enter(given.state, { ...mode, order: given.order });
    }
    if (turn.sinceMs(mode.sinceMs) < turn.plan.limits.interlockMsMax) return enter(state, mode);
    if (state.visit?.isSeen) return refer(turn, state, obstacle);
    return enter(turn.interrupt(state, obstacle), { at: "idle" });
}

function again(turn: Turn, state: LaneState, mode: Opening, order: OrderTry): LaneState {
    const { limits } = turn.plan;
    if (mode.cause.by === "nobody" && turn.scene.arm === "closed") return enter(state, { at: "idle" });
    if (order.tries >= limits.orderTriesMax) return turn.fail(state, "ORDER_NOT_APPLIED");
    if (turn.sinceMs(order.atMs) < limits.orderRetryMs || !turn.image.isInterlockFree) return enter(state, mode);
    const given = turn.give("raise", state, mode.cause, order);
    return enter(given.state, { ...mode, order: given.order });
}

/** Who drove in under the rising boom, and has left the approach by now, is on his way already. */
function opened(turn: Turn, state: LaneState, mode: Opening): LaneState {
    const { cause, wasUnder } = mode;
    if (mode.isHeld) {
        const held = state.visit?.isSeen ? state : turn.interrupt(state, "held open");
        return enter(held, { at: "manual", sinceMs: turn.nowMs, why: "held-open" });
    }
    if (isVehicleUnder(turn.scene) || (wasUnder && turn.scene.approach !== "occupied")) {
        return beginPassage(turn, state, { cause, afterwards: "close", wasUnder });
    }
    const { nowMs: sinceMs } = turn;
    return enter(state, { at: "open-waiting", sinceMs, cause, wasExitClear: false, isWrongWay: false, wasUnder });
}
