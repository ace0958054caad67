/** The boom is not the software's to lower: key, hand, held open, found open, or an officer's to close. */
import type { LaneMode, LaneState } from "../lane-state.ts";
import { enter, isVehicleUnder, type Turn } from "../turn.ts";
import { beginPassage } from "./passing.ts";
import { takeUp } from "./resting.ts";
import { followVisitor } from "./visitor.ts";

type Manual = Extract<LaneMode, { at: "manual" }>;

/**
 * Watches and records. A boom found open after a start is closed only at the end of a passage that was seen,
 * or by a named officer; one that somebody holds open or has moved stays as it is.
 */
export function stepManual(turn: Turn, before: LaneState, was: Manual): LaneState {
    const { clearSinceMs, goneSinceMs, ...rest } = was;
    if (was.why === "key" && !turn.scene.isKeyTurned) return takeUp(turn, before);
    if (was.why !== "key" && turn.scene.isKeyTurned) {
        return enter(turn.interrupt(before, "key"), { at: "manual", sinceMs: turn.nowMs, why: "key" });
    }
    if (was.why !== "key" && isVehicleUnder(turn.scene)) {
        const afterwards = was.why === "found-open" ? "close" : "stay";
        return beginPassage(turn, before, { cause: { by: "found-open" }, afterwards });
    }
    const { state, gone } = followVisitor(turn, before, goneSinceMs);
    if (was.why !== "key" && turn.scene.arm === "closed") {
        return enter(turn.interrupt(state, "boom down without a passage"), { at: "idle" });
    }
    return enter(state, { ...rest, ...gone, ...turn.clearSince(clearSinceMs) });
}
