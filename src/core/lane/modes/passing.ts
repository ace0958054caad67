/** Something is, or was a moment ago, under the boom. The boom stays up until the passage is over and everything is clear. */
import { PASSAGE_MEANING } from "../../decision/lane-role.ts";
import type { LaneMode, LaneState, OpeningCause, PassageTrack } from "../lane-state.ts";
import { mayLower } from "../perceive.ts";
import { enter, type Turn, withoutVisit } from "../turn.ts";
import { close } from "./closing.ts";

type Passing = Extract<LaneMode, { at: "passing" }>;

/** Starts a passage; a vehicle nobody saw arriving gets a passage of its own. */
export function beginPassage(turn: Turn, state: LaneState, cause: OpeningCause, then: Passing["then"]): LaneState {
    const visit = turn.visitOf(state);
    turn.fact("passage.begun", visit, { by: cause.by });
    const track: PassageTrack = { sinceMs: turn.nowMs, zoneLastMs: turn.nowMs, isTailgated: false };
    return enter({ ...state, visit }, { at: "passing", cause, track, then });
}

/** Follows the vehicle; over when every clear-sensor has been clear, without a break, for `clearHoldMsMin`. */
export function stepPassing(turn: Turn, state: LaneState, mode: Passing): LaneState {
    const track = follow(turn, mode.track);
    if (track.isTailgated && !mode.track.isTailgated)
        turn.fact("passage.tailgated", state.visit, { under: "open boom" });
    const { clearSinceMs } = track;
    if (clearSinceMs === undefined || turn.sinceMs(clearSinceMs) < turn.plan.limits.clearHoldMsMin) {
        return enter(state, { ...mode, track });
    }
    endPassage(turn, state, track);
    const over = withoutVisit(state);
    if (mode.then === "close") return close(turn, over, mode.cause, "passage over and clear");
    return enter(over, { at: "manual", sinceMs: turn.nowMs, why: "held-open" });
}

/** Moves the marks of the passage; any doubt breaks the stretch of clearness. */
function follow(turn: Turn, track: PassageTrack): PassageTrack {
    const { scene, nowMs } = turn;
    const { clearSinceMs, ...rest } = track;
    const isClear = mayLower(turn.image.contacts, turn.plan);
    const wasGap = clearSinceMs !== undefined && turn.sinceMs(clearSinceMs) >= turn.plan.limits.vehicleGapMsMin;
    const isNext = wasGap && scene.zone === "occupied" && (track.approachLastMs ?? 0) >= clearSinceMs;
    return {
        ...rest,
        isTailgated: track.isTailgated || isNext,
        ...(scene.zone === "occupied" ? { zoneLastMs: nowMs } : {}),
        ...(scene.approach === "occupied" ? { approachLastMs: nowMs } : {}),
        ...(scene.exit === "occupied" ? { exitLastMs: nowMs } : {}),
        ...(isClear ? { clearSinceMs: clearSinceMs ?? nowMs } : {}),
    };
}

/**
 * Which way it went follows from what was touched last. `isProven` is false where no exit loop vouches for it:
 * the fact then says what the lane believes, not what it saw.
 */
function endPassage(turn: Turn, state: LaneState, track: PassageTrack): void {
    const durationMs = turn.sinceMs(track.sinceMs);
    const isThrough = track.exitLastMs !== undefined && track.exitLastMs >= track.zoneLastMs;
    const isBack = !isThrough && track.approachLastMs !== undefined && track.approachLastMs > track.zoneLastMs;
    if (isBack) {
        turn.fact("passage.backed-out", state.visit, { durationMs });
        return;
    }
    turn.fact("passage.completed", state.visit, {
        durationMs,
        means: PASSAGE_MEANING[turn.plan.role],
        bookingId: state.visit?.decision?.bookingId ?? null,
        plate: state.visit?.decision?.plate ?? null,
        isProven: isThrough,
        isTailgated: track.isTailgated,
    });
}
