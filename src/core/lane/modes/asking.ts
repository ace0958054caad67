/** A vehicle stands before a closed boom: it arrives, is decided upon, waits for an officer, or has been told to leave. */
import { type Decision, decide, type OfficerLink } from "../../decision/decide.ts";
import { isOwnReader } from "../../decision/read-choice.ts";
import type { Weight } from "../../decision/weight.ts";
import type { LaneMode, LaneState, Visit } from "../lane-state.ts";
import { readFact, readsOf } from "../read-facts.ts";
import { rearReadsOf } from "../rear.ts";
import { enter, type Turn, withoutVisit } from "../turn.ts";

type Asking<At extends LaneMode["at"]> = Extract<LaneMode, { at: At }>;

/** Collects reads from the moment presence is sure. An admission needs no more than a settled read; a "no" takes the whole time. */
export function stepArriving(turn: Turn, state: LaneState, mode: Asking<"arriving">): LaneState {
    const { limits } = turn.plan;
    const waiting = watchLeaving(turn, state, mode);
    if (waiting.mode.at !== "arriving" || waiting.mode.goneSinceMs !== undefined) return waiting;
    if (state.visit === undefined) {
        if (turn.sinceMs(mode.sinceMs) < limits.presenceMsMin) return waiting;
        const visit: Visit = { passage: turn.image.freshPassage, arrivedMs: mode.sinceMs, isSeen: true };
        turn.fact("vehicle.arrived", visit, {});
        return { ...waiting, visit };
    }
    const standingMs = turn.sinceMs(state.visit.arrivedMs);
    const isSettled =
        standingMs >= limits.presenceMsMin + limits.readSettleMs &&
        hasBothOpinions(turn, state.visit) &&
        judge(turn, state.visit, undefined).outcome === "admit";
    if (!isSettled && standingMs < limits.readMsMax) return waiting;
    return enter(waiting, { at: turn.plan.hasScale ? "weighing" : "deciding", sinceMs: turn.nowMs });
}

/** Decides once and records reads, reason and rule trace; takes one tick. */
export function stepDeciding(turn: Turn, state: LaneState): LaneState {
    const visit = turn.visitOf(state);
    return conclude(turn, { ...state, visit }, visit, judge(turn, visit, weightOf(turn, visit)));
}

/** Waits for an officer. A later, better look may still admit by the same rules, once nothing stands in the way. */
export function stepReferred(turn: Turn, state: LaneState, mode: Asking<"referred">): LaneState {
    const waiting = watchLeaving(turn, state, mode);
    if (waiting.mode.at !== "referred" || waiting.mode.goneSinceMs !== undefined || state.visit === undefined)
        return waiting;
    const decision = judge(turn, state.visit, weightOf(turn, state.visit));
    const { outcome, bookingId = "" } = decision;
    const isFree = outcome === "admit" && turn.obstacleTo({ by: "decision", bookingId }) === undefined;
    return isFree ? conclude(turn, state, state.visit, decision) : waiting;
}

/** Told to leave; nothing but an officer's word or its leaving ends this. */
export function stepRefused(turn: Turn, state: LaneState, mode: Asking<"refused">): LaneState {
    return watchLeaving(turn, state, mode);
}

/** Where there is a scale, nobody is let in by software without a weight. */
function weightOf(turn: Turn, visit: Visit): Weight | undefined {
    return turn.plan.hasScale ? (visit.weight ?? { problem: "NO_READING" }) : undefined;
}

/** Decides on the reads taken while this vehicle stood here. */
function judge(turn: Turn, visit: Visit, weight: Weight | undefined): Decision {
    const { image, plan } = turn;
    return decide({
        role: plan.role,
        checkpoint: image.checkpoint,
        reads: readsOf(turn, visit),
        list: image.list,
        utcMs: image.utcMs,
        isClockTrusted: image.isClockTrusted,
        policy: plan.policy,
        isPresent: turn.scene.approach === "occupied",
        rearCameras: plan.rearCameras ?? [],
        isOnline: image.isOnline ?? true,
        fullQuotas: image.fullQuotas ?? [],
        ...linkOf(turn, visit),
        ...(weight === undefined ? {} : { weight }),
    });
}

/** The booking as the list has it now: what an officer said does not freeze it. */
function linkOf({ image }: Turn, { link }: Visit): { readonly link?: OfficerLink } {
    if (link === undefined) return {};
    const { named } = image;
    return { link: { ...link, ...(named?.booking.id === link.bookingId ? { held: named } : {}) } };
}

/** Whoever is quicker must not decide alone where a second opinion is to be had: until the time for reading is over, both are waited for. */
function hasBothOpinions(turn: Turn, visit: Visit): boolean {
    const { isReadTwice = false, rearCameras = [], policy } = turn.plan;
    if (!isReadTwice) return true;
    const front = readsOf(turn, visit).filter(({ camera, key }) => key !== "" && !rearCameras.includes(camera));
    return new Set(front.map(({ camera }) => isOwnReader(camera, policy))).size === 2;
}

function conclude(turn: Turn, state: LaneState, visit: Visit, decision: Decision): LaneState {
    for (const read of readsOf(turn, visit)) turn.fact("vehicle.recognised", visit, readFact(turn, read));
    turn.fact("decision.made", visit, { ...decision });
    const rear = [...new Set([...(visit.rear ?? []), ...rearReadsOf(turn, visit).map(({ key }) => key)])];
    const told: Visit = { ...visit, decision, ...(rear.length === 0 ? {} : { rear }) };
    const decided: LaneState = { ...state, visit: told };
    switch (decision.outcome) {
        case "admit":
            return enter(decided, {
                at: "opening",
                sinceMs: turn.nowMs,
                cause: { by: "decision", bookingId: decision.bookingId ?? "" },
                isHeld: false,
                wasUnder: false,
            });
        case "refer":
            return refer(turn, decided, decision.reason);
        case "refuse":
            turn.fact("vehicle.refused", visit, { reason: decision.reason });
            return enter(decided, { at: "refused", sinceMs: turn.nowMs });
    }
}

/** Puts the vehicle before an officer. */
export function refer(turn: Turn, state: LaneState, reason: string): LaneState {
    turn.fact("vehicle.referred", state.visit, { reason });
    return enter(state, { at: "referred", sinceMs: turn.nowMs });
}

/** Gone means: the approach loop has been clear, freshly, for `presenceMsMin`. A silent loop is not an empty one. */
export function watchLeaving(
    turn: Turn,
    state: LaneState,
    mode: Asking<"arriving" | "weighing" | "referred" | "refused">,
): LaneState {
    const { goneSinceMs, ...standing } = mode;
    if (turn.scene.approach !== "clear") return goneSinceMs === undefined ? state : enter(state, standing);
    if (goneSinceMs === undefined) return enter(state, { ...mode, goneSinceMs: turn.nowMs });
    if (turn.nowMs - goneSinceMs < turn.plan.limits.presenceMsMin) return state;
    if (state.visit !== undefined) turn.fact("vehicle.left", state.visit, { mode: mode.at });
    // Whether the scale went back to zero behind it has to be seen.
    const { platform: _before, ...rest } = withoutVisit(state);
    return enter(rest, { at: "idle" });
}
