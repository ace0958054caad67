/** Something is, or was a moment ago, under the boom. The boom stays up until the passage is over and everything is clear. */
import { PASSAGE_MEANING } from "../../decision/lane-role.ts";
import type { LaneMode, LaneState, OpeningCause, PassageTrack } from "../lane-state.ts";
import { enter, type Turn, withoutVisit } from "../turn.ts";
import { close } from "./closing.ts";

type Passing = Extract<LaneMode, { at: "passing" }>;

/** How a passage begins. */
export interface PassageStart {
    readonly cause: OpeningCause;
    readonly afterwards: Passing["afterwards"];
    /** The wrong way was seen before it came under the boom. */
    readonly isWrongWay?: boolean;
    /** It was under the rising boom already, so that where it is now does not tell where it came from. */
    readonly wasUnder?: boolean;
}

/** Starts a passage; a vehicle nobody saw arriving gets a passage of its own. */
export function beginPassage(turn: Turn, state: LaneState, start: PassageStart): LaneState {
    const { scene, nowMs } = turn;
    const { cause, afterwards, wasUnder = false } = start;
    const visit = turn.visitOf(state);
    const isFromExit = !wasUnder && scene.exit === "occupied" && scene.approach === "clear";
    const track: PassageTrack = {
        sinceMs: nowMs,
        wasOnExit: false,
        wasOnApproach: false,
        wasExitSeen: false,
        isVehicle: wasUnder,
        isNextHere: false,
        isTailgated: cause.by === "nobody",
        isWrongWay: start.isWrongWay === true || isFromExit,
    };
    turn.fact("passage.begun", visit, { by: cause.by });
    if (track.isTailgated) turn.fact("passage.tailgated", visit, { under: "withdrawn opening" });
    if (isFromExit && !start.isWrongWay) turn.fact("passage.wrong-way", visit, { seen: "under the boom" });
    return enter({ ...state, visit }, { at: "passing", cause, track: follow(turn, track), afterwards });
}

/** Follows the vehicle; over when every clear-sensor has been clear, without a break, for `clearHoldMsMin`. */
export function stepPassing(turn: Turn, state: LaneState, mode: Passing): LaneState {
    const track = follow(turn, mode.track);
    if (track.isTailgated && !mode.track.isTailgated)
        turn.fact("passage.tailgated", state.visit, { under: "open boom" });
    const { clearSinceMs } = track;
    if (!turn.isClearLongEnough(clearSinceMs)) return enter(state, { ...mode, track });
    endPassage(turn, state, { ...mode, track });
    const over = withoutVisit(state);
    if (mode.afterwards === "close")
        return close(turn, over, { why: "passage over and clear", clearSinceMs, isDoubtful: isDoubtful(track) });
    return enter(over, { at: "manual", sinceMs: turn.nowMs, why: "held-open", ...turn.clearSince(clearSinceMs) });
}

/** Moves the marks of the passage; any doubt breaks the stretch of clearness. */
function follow(turn: Turn, track: PassageTrack): PassageTrack {
    const { scene } = turn;
    const { clearSinceMs, ...rest } = track;
    const isUnder = scene.zone === "occupied";
    const isOnExit = scene.exit === "occupied";
    const isOnApproach = scene.approach === "occupied";
    const wasGap = clearSinceMs !== undefined && turn.sinceMs(clearSinceMs) >= turn.plan.limits.vehicleGapMsMin;
    const hasComeBack = !track.wasOnExit && track.wasOnApproach;
    const isSecond = wasGap && isUnder && track.isNextHere && !hasComeBack;
    // Without an exit loop, whoever comes to the approach after the zone is clear may be the next one as well.
    const isApproachProof = isOnApproach && (isUnder || scene.exit !== "absent");
    return {
        ...rest,
        ...turn.clearSince(clearSinceMs),
        wasOnExit: isOnExit || (!isUnder && track.wasOnExit),
        wasOnApproach: isApproachProof || (!isUnder && track.wasOnApproach),
        wasExitSeen: isOnExit || (track.wasExitSeen && !isSecond),
        isVehicle: track.isVehicle || scene.isMetalUnder || isOnExit,
        isNextHere: scene.isClear && (isOnApproach || track.isNextHere),
        isTailgated: track.isTailgated || isSecond,
    };
}

/**
 * A vehicle came under the boom and the exit loop never noticed it. With a dead exit loop, a container chassis that stops
 * under the boom looks as if it had gone on, or back: whether nothing stands there takes eyes.
 */
export function isDoubtful({ isVehicle, wasExitSeen }: PassageTrack): boolean {
    return isVehicle && !wasExitSeen;
}

/**
 * Which way it went follows from what was touched last. `isProven` is false where no exit loop vouches for it:
 * the fact then says what the lane believes, not what it saw.
 */
function endPassage(turn: Turn, state: LaneState, { track, cause }: Passing): void {
    const durationMs = turn.sinceMs(track.sinceMs);
    const { visit } = state;
    if (!track.isVehicle || (track.isWrongWay && track.wasOnExit)) {
        turn.fact("passage.interrupted", visit, { why: track.isVehicle ? "wrong way" : "nothing but the beam" });
        return;
    }
    if (!track.wasOnExit && track.wasOnApproach) {
        turn.fact("passage.backed-out", visit, { durationMs, isWrongWay: track.isWrongWay });
        return;
    }
    const { bookingId: decided, quotas = [], plate } = visit?.decision ?? {};
    // A decision without a booking names none; an officer may have named another one than the decision rests on.
    const bookingId = ("bookingId" in cause && cause.bookingId) || decided || null;
    turn.fact("passage.completed", visit, {
        durationMs,
        means: PASSAGE_MEANING[turn.plan.role],
        bookingId,
        plate: plate ?? null,
        quotas: bookingId === decided ? quotas : [],
        isProven: track.wasOnExit,
        isTailgated: track.isTailgated,
    });
}
