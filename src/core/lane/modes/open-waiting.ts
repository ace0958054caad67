/** The boom is up and its vehicle has not come under it yet. */
import type { LaneMode, LaneState } from "../lane-state.ts";
import { mayLower } from "../perceive.ts";
import { enter, type Turn, withoutVisit } from "../turn.ts";
import { close } from "./closing.ts";
import { beginPassage } from "./passing.ts";

type OpenWaiting = Extract<LaneMode, { at: "open-waiting" }>;

/** Ends with a passage, with the vehicle leaving, or with nobody coming; the boom goes down only on unbroken proof. */
export function stepOpenWaiting(turn: Turn, state: LaneState, mode: OpenWaiting): LaneState {
    const { limits } = turn.plan;
    if (turn.scene.zone === "occupied") return somebodyComes(turn, state, mode);

    const seen = look(turn, mode);
    if (seen.isWrongWay && !mode.isWrongWay) turn.fact("passage.wrong-way", state.visit, {});
    // A boom that an officer opened with nobody before it waits for its vehicle to come at all.
    const wasThere = state.visit?.decision !== undefined;
    const isLeaving = wasThere && turn.sinceMs(seen.goneSinceMs) >= limits.presenceMsMin;
    if (isLeaving) turn.fact("vehicle.left", state.visit, { mode: mode.at });
    const waiting = isLeaving ? enter(withoutVisit(state), { ...seen, isWithdrawn: true }) : enter(state, seen);
    if (seen.clearSinceMs === undefined || turn.sinceMs(seen.clearSinceMs) < limits.clearHoldMsMin) return waiting;

    if (mode.isWithdrawn) return close(turn, waiting, mode.cause, "the vehicle left");
    if (turn.sinceMs(mode.sinceMs) < limits.noShowMsMax) return waiting;
    turn.fact("passage.no-show", turn.visitOf(state), { waitedMs: turn.sinceMs(mode.sinceMs) });
    return close(turn, waiting, mode.cause, "nobody came");
}

/** Once the vehicle that the boom rose for has gone, whoever drives in was not let in: recorded, and never stopped by the boom. */
function somebodyComes(turn: Turn, state: LaneState, mode: OpenWaiting): LaneState {
    const begun = beginPassage(turn, state, mode.cause, "close");
    if (mode.isWithdrawn) turn.fact("passage.tailgated", begun.visit, { under: "withdrawn opening" });
    return begun;
}

function look(turn: Turn, mode: OpenWaiting): OpenWaiting {
    const { clearSinceMs, goneSinceMs, ...rest } = mode;
    const isClear = mayLower(turn.image.contacts, turn.plan);
    const isGone = turn.scene.approach === "clear";
    return {
        ...rest,
        wasExitClear: mode.wasExitClear || turn.scene.exit === "clear",
        isWrongWay: mode.isWrongWay || (mode.wasExitClear && turn.scene.exit === "occupied"),
        ...(isClear ? { clearSinceMs: clearSinceMs ?? turn.nowMs } : {}),
        ...(isGone ? { goneSinceMs: goneSinceMs ?? turn.nowMs } : {}),
    };
}
