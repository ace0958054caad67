/** What officers and the central system ask of a lane: checked, recorded with who and why, carried out or refused with a code. */
import type { LaneRequest } from "./lane-image.ts";
import type { LaneMode, LaneState, OpeningCause } from "./lane-state.ts";
import { lower } from "./modes/closing.ts";
import { takeUp } from "./modes/resting.ts";
import { mayLower } from "./perceive.ts";
import { enter, type Turn, withoutVisit } from "./turn.ts";

/** Why a request was not carried out. Each has a line in `docs/reference/reasons.md`. */
export const REQUEST_REFUSALS = [
    "REPEATED",
    "STALE",
    "UNNAMED",
    "OTHER_VEHICLE",
    "NOT_NOW",
    "NOT_CLEAR",
    "STILL_PRESSED",
] as const;

export type RequestRefusal = (typeof REQUEST_REFUSALS)[number];

type At = LaneMode["at"];

/** Remembered ids; a repeat arrives within seconds, not after this many other requests. */
const SEEN_MAX = 50;

const BEFORE_A_CLOSED_BOOM: readonly At[] = ["arriving", "deciding", "referred", "refused"];

/** In which modes a request makes sense; elsewhere it is refused as NOT_NOW. */
const POSSIBLE: Readonly<Record<LaneRequest["asks"], readonly At[]>> = {
    accept: BEFORE_A_CLOSED_BOOM,
    refuse: ["arriving", "deciding", "referred"],
    open: ["idle", ...BEFORE_A_CLOSED_BOOM],
    "hold-open": ["idle", ...BEFORE_A_CLOSED_BOOM],
    close: ["open-waiting", "passing", "manual"],
    reset: ["fault", "emergency-open"],
    "out-of-service": ["idle", "referred", "refused", "fault"],
    "in-service": ["out-of-service"],
};

/** Applies one request. The answer is the fact `officer.ordered` or `order.refused`, which carries the request's id. */
export function obeyRequest(turn: Turn, state: LaneState, request: LaneRequest): LaneState {
    const refusal = objectionTo(turn, state, request);
    const seenRequests = [...state.seenRequests, request.id].slice(-SEEN_MAX);
    const about = {
        request: request.id,
        asks: request.asks,
        by: request.by.name,
        kind: request.by.kind,
        why: request.reason,
    };
    if (refusal !== undefined) {
        turn.fact("order.refused", state.visit, { ...about, code: refusal, mode: state.mode.at });
        return refusal === "REPEATED" ? state : { ...state, seenRequests };
    }
    turn.fact("officer.ordered", state.visit, { ...about, bookingId: request.bookingId ?? null, mode: state.mode.at });
    return carryOut(turn, { ...state, seenRequests }, request);
}

function objectionTo(turn: Turn, state: LaneState, request: LaneRequest): RequestRefusal | undefined {
    if (state.seenRequests.includes(request.id)) return "REPEATED";
    if (request.expiresMs < turn.nowMs) return "STALE";
    if (request.by.name.trim() === "" || request.reason.trim() === "") return "UNNAMED";
    if (request.passage !== undefined && request.passage !== state.visit?.passage) return "OTHER_VEHICLE";
    if (!POSSIBLE[request.asks].includes(state.mode.at)) return "NOT_NOW";
    return request.asks === "close" || request.asks === "reset" ? objectionOfBoom(turn, request.asks) : undefined;
}

/** What the lane itself has against a close or a reset right now. */
function objectionOfBoom(turn: Turn, asks: "close" | "reset"): RequestRefusal | undefined {
    if (asks === "reset") return turn.scene.isEmergency ? "STILL_PRESSED" : undefined;
    if (turn.scene.isKeyTurned) return "NOT_NOW";
    return mayLower(turn.image.contacts, turn.plan) ? undefined : "NOT_CLEAR";
}

function carryOut(turn: Turn, state: LaneState, request: LaneRequest): LaneState {
    const { name, kind } = request.by;
    const cause: OpeningCause = {
        by: kind,
        name,
        reason: request.reason,
        ...(request.bookingId === undefined ? {} : { bookingId: request.bookingId }),
    };
    switch (request.asks) {
        case "accept":
        case "open":
        case "hold-open": {
            const visit = turn.visitOf(state);
            const { decision } = visit;
            const linked = request.bookingId;
            const judged =
                decision === undefined || linked === undefined
                    ? visit
                    : { ...visit, decision: { ...decision, bookingId: linked } };
            const isHeld = request.asks === "hold-open";
            return enter({ ...state, visit: judged }, { at: "opening", sinceMs: turn.nowMs, cause, isHeld });
        }
        case "refuse": {
            const visit = turn.visitOf(state);
            turn.fact("vehicle.refused", visit, { reason: "OFFICER" });
            return enter({ ...state, visit }, { at: "refused", sinceMs: turn.nowMs });
        }
        case "close":
            return lower(turn, turn.interrupt(state, "closed by order"), cause, `${kind} ${name}: ${request.reason}`);
        case "reset":
            turn.fact(state.mode.at === "emergency-open" ? "emergency.reset" : "lane.reset", undefined, {
                by: name,
                why: request.reason,
            });
            return takeUp(turn, state);
        case "out-of-service":
            turn.fact("lane.mode", undefined, { mode: "out-of-service", by: name, why: request.reason });
            return enter(withoutVisit(turn.interrupt(state, "out of service")), {
                at: "out-of-service",
                sinceMs: turn.nowMs,
            });
        case "in-service":
            turn.fact("lane.mode", undefined, { mode: "in-service", by: name, why: request.reason });
            return takeUp(turn, state);
    }
}
