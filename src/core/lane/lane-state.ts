/** The lane's memory from tick to tick. Plain JSON. Modes are a discriminated union with one handler file each. */
import type { Decision } from "../decision/decide.ts";
import type { Arm } from "./perceive.ts";

/** Faults latch: only a named officer's reset leaves them. Each has a line in `docs/reference/reasons.md`. */
export const LANE_FAULTS = [
    "BOOM_NOT_OPEN",
    "BOOM_NOT_CLOSED",
    "LIMITS_CONTRADICT",
    "ARM_BROKEN",
    "ORDER_NOT_APPLIED",
] as const;

export type LaneFault = (typeof LANE_FAULTS)[number];

/** Why the boom is up or going up: without one of these there is no RAISE. */
export type OpeningCause =
    | { readonly by: "decision"; readonly bookingId: string }
    | {
          readonly by: "officer" | "central";
          readonly name: string;
          readonly reason: string;
          readonly bookingId?: string;
      }
    | { readonly by: "emergency" }
    /** Found open at start: not raised by this run. */
    | { readonly by: "found-open" };

/** An order given and not yet seen applied. */
export interface OrderTry {
    readonly number: number;
    readonly atMs: number;
    readonly tries: number;
}

/** What the lane is doing. Every mode has a handler in `modes/`; times are monotonic milliseconds. */
export type LaneMode =
    | { readonly at: "starting" }
    | { readonly at: "idle" }
    | { readonly at: "arriving"; readonly sinceMs: number; readonly goneSinceMs?: number }
    | { readonly at: "deciding"; readonly sinceMs: number }
    | { readonly at: "referred"; readonly sinceMs: number; readonly goneSinceMs?: number }
    | { readonly at: "refused"; readonly sinceMs: number; readonly goneSinceMs?: number }
    | {
          readonly at: "opening";
          readonly sinceMs: number;
          readonly cause: OpeningCause;
          readonly order?: OrderTry;
          readonly isHeld: boolean;
      }
    | {
          readonly at: "open-waiting";
          readonly sinceMs: number;
          readonly cause: OpeningCause;
          readonly goneSinceMs?: number;
          readonly clearSinceMs?: number;
          /** The exit loop has been seen clear since; occupied after that with nothing under the boom is the wrong way. */
          readonly wasExitClear: boolean;
          readonly isWrongWay: boolean;
          /** The vehicle that it opened for has left the approach: the opening holds for nobody any more. */
          readonly isWithdrawn: boolean;
      }
    /** `then`: what follows a finished passage; `stay` where the boom is held open or was not ours to move. */
    | {
          readonly at: "passing";
          readonly cause: OpeningCause;
          readonly track: PassageTrack;
          readonly then: "close" | "stay";
      }
    | { readonly at: "closing"; readonly sinceMs: number; readonly cause: OpeningCause; readonly order: OrderTry }
    | { readonly at: "fault"; readonly sinceMs: number; readonly code: LaneFault }
    | { readonly at: "emergency-open"; readonly sinceMs: number; readonly order?: OrderTry }
    /** The boom is in somebody else's hands, or held open, or found open: observed, never lowered by software alone. */
    | {
          readonly at: "manual";
          readonly sinceMs: number;
          readonly why: "key" | "moved-unasked" | "held-open" | "found-open";
      }
    | { readonly at: "out-of-service"; readonly sinceMs: number };

/** What has been seen of the vehicle under the boom. Monotonic milliseconds; `undefined`: not yet. */
export interface PassageTrack {
    readonly sinceMs: number;
    readonly zoneLastMs: number;
    readonly approachLastMs?: number;
    readonly exitLastMs?: number;
    /** Start of the present unbroken stretch in which all clear-sensors are fresh and clear. */
    readonly clearSinceMs?: number;
    readonly isTailgated: boolean;
}

/** The vehicle in front of or under the boom. */
export interface Visit {
    readonly passage: string;
    readonly arrivedMs: number;
    readonly decision?: Decision;
}

/** The whole memory of a lane between two ticks; `step` maps it to the next. */
export interface LaneState {
    readonly mode: LaneMode;
    readonly visit?: Visit;
    /** Count of barrier orders given; numbers the next one. */
    readonly orders: number;
    /** The arm as last known for certain, for `boom.opened` / `boom.closed`. */
    readonly arm: Arm;
    /** Start of a contradiction or of an unasked movement that has not lasted long enough yet. */
    readonly armDoubtSinceMs?: number;
    /** Alarm codes raised and not cleared. */
    readonly alarms: readonly string[];
    /** Ids of the last requests, so that a repeated one is refused. */
    readonly seenRequests: readonly string[];
    /** A passage that the previous run of the daemon left open. */
    readonly resumed?: string;
}

/** The state after every start: nothing is assumed, nothing is moved. `resumed` names a passage the last run left open. */
export function startingState(resumed?: string): LaneState {
    return {
        mode: { at: "starting" },
        orders: 0,
        arm: "unknown",
        alarms: [],
        seenRequests: [],
        ...(resumed === undefined ? {} : { resumed }),
    };
}
