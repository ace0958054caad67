/** What officers and the central system ask of a lane: checked, recorded with who and why, carried out or refused with a code. */

import { mostConfident } from "../decision/read-choice.ts";
import type { LaneRequest } from "./lane-image.ts";
import type { LaneMode, LaneState, OpeningCause, Visit } from "./lane-state.ts";
import { lower } from "./modes/closing.ts";
import { isDoubtful } from "./modes/passing.ts";
import { takeUp } from "./modes/resting.ts";
import { readsOf } from "./read-facts.ts";
import { enter, type Turn } from "./turn.ts";

/** Why a request was not carried out. Each has a line in `docs/reference/reasons.md`. */
export const REQUEST_REFUSALS = [
    "REPEATED",
    "STALE",
    "UNNAMED",
    "OTHER_VEHICLE",
    "NOT_NOW",
    "OFFICER_ONLY",
    "NOT_CLEAR",
    "STILL_PRESSED",
    "NO_SUCH_BOOKING",
] as const;

export type RequestRefusal = (typeof REQUEST_REFUSALS)[number];

type At = LaneMode["at"];

/** Remembered ids; a repeat arrives within seconds, not after this many other requests. */
const SEEN_MAX = 50;

const BEFORE_A_CLOSED_BOOM: readonly At[] = ["arriving", "weighing", "deciding", "referred", "refused"];

/** In which modes a request makes sense; elsewhere it is refused as NOT_NOW. */
const POSSIBLE: Readonly<Record<LaneRequest["asks"], readonly At[]>> = {
    accept: BEFORE_A_CLOSED_BOOM,
    // Nobody has been decided upon yet who has just arrived, and what an officer sees of him may be the lorry before.
    link: ["weighing", "deciding", "referred", "refused"],
    refuse: ["arriving", "weighing", "deciding", "referred"],
    open: ["idle", ...BEFORE_A_CLOSED_BOOM],
    "hold-open": ["idle", ...BEFORE_A_CLOSED_BOOM],
    close: ["open-waiting", "passing", "manual"],
    // Of a vehicle that was referred or refused: look again, at whatever stands there now.
    reset: ["fault", "emergency-open", "referred", "refused"],
    "out-of-service": ["idle", "referred", "refused", "fault", "manual"],
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
    // Faults and emergencies end by somebody who can see the boom; so does a passage in doubt, and what others opened or hold.
    const needsEyes =
        request.asks === "reset" || state.mode.at === "fault" || (request.asks === "close" && isForEyes(state.mode));
    if (needsEyes && request.by.kind !== "officer") return "OFFICER_ONLY";
    if (request.asks === "link") return objectionToLink(turn, request);
    if (request.asks === "reset") return turn.scene.isEmergency ? "STILL_PRESSED" : undefined;
    return request.asks === "close" ? objectionToClose(turn, state.mode) : undefined;
}

function isForEyes(mode: LaneMode): boolean {
    if (mode.at === "passing") return isDoubtful(mode.track) || mode.afterwards === "stay";
    if (mode.at === "open-waiting") return mode.wasUnder;
    return mode.at === "manual";
}

/** The rules can only judge a booking that the list holds, and only an officer sees whose lorry it is. */
function objectionToLink({ image }: Turn, { by, bookingId }: LaneRequest): RequestRefusal | undefined {
    if (by.kind !== "officer") return "OFFICER_ONLY";
    return bookingId !== undefined && image.named?.booking.id === bookingId ? undefined : "NO_SUCH_BOOKING";
}

/** An order to close needs the same proof as closing by itself: all clear, and for as long. */
function objectionToClose(turn: Turn, mode: LaneMode): RequestRefusal | undefined {
    if (turn.scene.isKeyTurned) return "NOT_NOW";
    return turn.isClearLongEnough(clearSinceOf(mode)) ? undefined : "NOT_CLEAR";
}

function clearSinceOf(mode: LaneMode): number | undefined {
    if (mode.at === "passing") return mode.track.clearSinceMs;
    return mode.at === "open-waiting" || mode.at === "manual" ? mode.clearSinceMs : undefined;
}

function carryOut(turn: Turn, state: LaneState, request: LaneRequest): LaneState {
    const { name } = request.by;
    switch (request.asks) {
        case "accept":
        case "open":
        case "hold-open":
            return letIn(turn, state, request);
        case "link": {
            const { bookingId = "" } = request;
            const visit = { ...turn.visitOf(state), link: { bookingId, by: name } };
            noteLink(turn, visit, request);
            // A lorry on the scale is weighed first; the others are decided upon anew, now by this booking.
            return state.mode.at === "weighing"
                ? { ...state, visit }
                : enter({ ...state, visit }, { at: "deciding", sinceMs: turn.nowMs });
        }
        case "refuse": {
            const visit = turn.visitOf(state);
            turn.fact("vehicle.refused", visit, { reason: "OFFICER" });
            return enter({ ...state, visit }, { at: "refused", sinceMs: turn.nowMs });
        }
        case "close": {
            const why = `${request.by.kind} ${name}: ${request.reason}`;
            const over = turn.interrupt(state, "closed by order");
            return lower(turn, over, { why, clearSinceMs: clearSinceOf(state.mode) });
        }
        case "reset":
            turn.fact(state.mode.at === "emergency-open" ? "emergency.reset" : "lane.reset", state.visit, {
                by: name,
                why: request.reason,
            });
            return takeUp(turn, turn.interrupt(state, "reset"));
        case "out-of-service":
            turn.fact("lane.mode", undefined, { mode: "out-of-service", by: name, why: request.reason });
            return enter(turn.interrupt(state, "out of service"), { at: "out-of-service", sinceMs: turn.nowMs });
        case "in-service":
            turn.fact("lane.mode", undefined, { mode: "in-service", by: name, why: request.reason });
            return takeUp(turn, state);
    }
}

/** The officer's word, for the central system: this is what was read, and this is the booking it stands for. */
function noteLink(turn: Turn, visit: Visit, { bookingId, by, reason }: LaneRequest): void {
    if (bookingId === undefined) return;
    const read = mostConfident(readsOf(turn, visit));
    const named = turn.image.named?.booking;
    const booked = named?.id === bookingId ? named.tractor.key : null;
    turn.fact("read.linked", visit, {
        bookingId,
        text: read?.text ?? null,
        plate: read?.key ?? null,
        booked,
        by: by.name,
        why: reason,
    });
}

function letIn(turn: Turn, state: LaneState, request: LaneRequest): LaneState {
    const visit = turn.visitOf(state);
    if (request.by.kind === "officer") noteLink(turn, visit, request);
    return enter(
        { ...state, visit },
        {
            at: "opening",
            sinceMs: turn.nowMs,
            cause: causeOf(request),
            isHeld: request.asks === "hold-open",
            wasUnder: false,
        },
    );
}

function causeOf({ by, reason, bookingId }: LaneRequest): OpeningCause {
    return { by: by.kind, name: by.name, reason, ...(bookingId === undefined ? {} : { bookingId }) };
}
