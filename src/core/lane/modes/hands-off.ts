/** The boom is not the software's to lower: key, hand, held open, found open, or the lane is out of service. */
import type { LaneMode, LaneState } from "../lane-state.ts";
import { enter, type Turn } from "../turn.ts";
import { beginPassage } from "./passing.ts";
import { takeUp } from "./resting.ts";

type Manual = Extract<LaneMode, { at: "manual" }>;

/**
 * Watches and records. A boom found open after a start is closed only at the end of a passage that was seen whole,
 * or by a named officer; one that somebody holds open or has moved stays as it is.
 */
export function stepManual(turn: Turn, state: LaneState, mode: Manual): LaneState {
    if (mode.why === "key") return turn.scene.isKeyTurned ? state : takeUp(turn, state);
    if (turn.scene.isKeyTurned) return enter(turn.interrupt(state, "key"), { ...mode, why: "key" });
    if (turn.scene.zone === "occupied") {
        return beginPassage(turn, state, { by: "found-open" }, mode.why === "found-open" ? "close" : "stay");
    }
    if (turn.scene.arm !== "closed") return state;
    return enter(turn.interrupt(state, "boom down without a passage"), { at: "idle" });
}

/** Nothing is decided and nothing is moved; emergency and the officer's «in service» are handled before the modes. */
export function stepOutOfService(state: LaneState): LaneState {
    return state;
}
