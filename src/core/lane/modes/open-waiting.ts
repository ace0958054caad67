/** The boom is up and its vehicle has not come under it yet. */
import type { LaneMode, LaneState } from "../lane-state.ts";
import { enter, isVehicleUnder, type Turn } from "../turn.ts";
import { close } from "./closing.ts";
import { beginPassage } from "./passing.ts";
import { followVisitor } from "./visitor.ts";

type OpenWaiting = Extract<LaneMode, { at: "open-waiting" }>;

/** Ends with a passage, with the vehicle leaving, or with nobody coming; the boom goes down only on unbroken proof. */
export function stepOpenWaiting(turn: Turn, before: LaneState, was: OpenWaiting): LaneState {
    if (isVehicleUnder(turn.scene)) {
        const { cause, isWrongWay, wasUnder } = was;
        return beginPassage(turn, before, { cause, afterwards: "close", isWrongWay, wasUnder });
    }
    const { state, mode } = look(turn, before, was);
    if (!turn.isClearLongEnough(mode.clearSinceMs)) return enter(state, mode);

    const { clearSinceMs, wasUnder: isDoubtful } = mode;
    if (mode.cause.by === "nobody") return close(turn, state, { why: "the vehicle left", clearSinceMs, isDoubtful });
    const waitedMs = turn.sinceMs(mode.sinceMs);
    if (waitedMs < turn.plan.limits.noShowMsMax) return enter(state, mode);
    turn.fact("passage.no-show", turn.visitOf(state), { waitedMs });
    return close(turn, state, { why: "nobody came", clearSinceMs, isDoubtful });
}

function look(
    turn: Turn,
    before: LaneState,
    was: OpenWaiting,
): { readonly state: LaneState; readonly mode: OpenWaiting } {
    const { clearSinceMs, goneSinceMs, ...rest } = was;
    const { exit } = turn.scene;
    const { state, gone, hasLeft } = followVisitor(turn, before, goneSinceMs);
    const isWrongWay = was.isWrongWay || (was.wasExitClear && exit === "occupied");
    if (isWrongWay && !was.isWrongWay) turn.fact("passage.wrong-way", before.visit, { seen: "exit" });
    return {
        state,
        mode: {
            ...rest,
            ...gone,
            ...turn.clearSince(clearSinceMs),
            ...(hasLeft ? { cause: { by: "nobody" } } : {}),
            wasExitClear: was.wasExitClear || exit === "clear",
            isWrongWay,
        },
    };
}
