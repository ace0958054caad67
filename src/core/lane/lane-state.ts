/** The lane's memory from tick to tick. Plain JSON. Modes are a discriminated union with one handler file each. */
import type { Decision } from "../decision/decide.ts";
import type { Weight } from "../decision/weight.ts";
import type { Arm } from "./perceive.ts";
import type { Platform } from "./platform.ts";
import type { Watch } from "./watch.ts";

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
    /** Found open, or moved by others: not raised by this run. */
    | { readonly by: "found-open" }
    /** The vehicle that it rose for has gone, or it only rose to take a LOWER back: whoever comes now was not let in. */
    | { readonly by: "nobody" };

/** A weight that stands still: the first one, since when, how many readings said so (up to the limit), and when the last was heard. */
export interface Steady {
    readonly grossKg: number;
    readonly sinceMs: number;
    readonly readings: number;
    readonly heardMs: number;
}

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
    | {
          readonly at: "arriving";
          readonly sinceMs: number;
          readonly goneSinceMs?: number;
      }
    | {
          readonly at: "weighing";
          readonly sinceMs: number;
          readonly goneSinceMs?: number;
          /** The weight that has stood still so far. */
          readonly steady?: Steady;
      }
    | { readonly at: "deciding"; readonly sinceMs: number }
    | { readonly at: "referred"; readonly sinceMs: number; readonly goneSinceMs?: number }
    | { readonly at: "refused"; readonly sinceMs: number; readonly goneSinceMs?: number }
    | {
          readonly at: "opening";
          readonly sinceMs: number;
          readonly cause: OpeningCause;
          readonly order?: OrderTry;
          readonly isHeld: boolean;
          readonly goneSinceMs?: number;
          /** A vehicle has come under the boom while it was going up. */
          readonly wasUnder: boolean;
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
          /** It has been under the rising boom, and is on the approach again as far as anybody can tell. */
          readonly wasUnder: boolean;
      }
    /** `afterwards`: what follows a finished passage; `stay` where the boom is held open or was not ours to move. */
    | {
          readonly at: "passing";
          readonly cause: OpeningCause;
          readonly track: PassageTrack;
          readonly afterwards: "close" | "stay";
      }
    | {
          readonly at: "closing";
          readonly sinceMs: number;
          readonly order: OrderTry;
          readonly clearSinceMs?: number;
      }
    | { readonly at: "fault"; readonly sinceMs: number; readonly code: LaneFault }
    | { readonly at: "emergency-open"; readonly sinceMs: number; readonly order?: OrderTry }
    /** The boom is in somebody else's hands, or held open, or found open, or an officer's to close: never lowered by software alone. */
    | {
          readonly at: "manual";
          readonly sinceMs: number;
          readonly why: "key" | "moved-unasked" | "held-open" | "found-open" | "officer-closes";
          readonly goneSinceMs?: number;
          readonly clearSinceMs?: number;
      }
    | { readonly at: "out-of-service"; readonly sinceMs: number };

/** Their names. */
export const LANE_MODES = [
    "starting",
    "idle",
    "arriving",
    "weighing",
    "deciding",
    "referred",
    "refused",
    "opening",
    "open-waiting",
    "passing",
    "closing",
    "fault",
    "emergency-open",
    "manual",
    "out-of-service",
] as const satisfies readonly LaneMode["at"][];

/** What has been seen of the vehicle under the boom. Monotonic milliseconds; `undefined`: not yet. */
export interface PassageTrack {
    readonly sinceMs: number;
    /** The exit loop was occupied when the zone last was, or after: it went through. */
    readonly wasOnExit: boolean;
    /** The same of the approach loop; where there is no exit loop, only what was there before the zone became clear counts. */
    readonly wasOnApproach: boolean;
    /** The exit loop was occupied at some time, so it is alive; asked anew of a second vehicle. */
    readonly wasExitSeen: boolean;
    /** Metal or a loop has been touched: more than somebody on foot in the beam. */
    readonly isVehicle: boolean;
    /** Start of the present unbroken stretch in which all clear-sensors are fresh and clear. */
    readonly clearSinceMs?: number;
    /** Something has come to the approach in that stretch. */
    readonly isNextHere: boolean;
    readonly isTailgated: boolean;
    readonly isWrongWay: boolean;
}

/** The vehicle in front of or under the boom. */
export interface Visit {
    readonly passage: string;
    readonly arrivedMs: number;
    /** It has been on the approach loop; a boom that an officer opens for nobody yet waits for somebody to come at all. */
    readonly isSeen: boolean;
    readonly weight?: Weight;
    readonly decision?: Decision;
    /** Keys that the rear cameras surely read and that are told; `isRearOther` once one of them is not of this vehicle. */
    readonly rear?: readonly string[];
    readonly isRearOther?: true;
    /** An officer's word which booking it belongs to, whatever the plate says. */
    readonly link?: { readonly bookingId: string; readonly by: string };
}

/** The whole memory of a lane between two ticks; `step` maps it to the next. */
export interface LaneState {
    readonly mode: LaneMode;
    readonly visit?: Visit;
    /** Count of barrier orders given; numbers the next one. */
    readonly orders: number;
    /** The arm as seen in the newest tick. */
    readonly arm: Arm;
    /** The end that it was last at for certain, for `boom.opened` / `boom.closed`. */
    readonly armEnd?: "open" | "closed";
    /** When RAISE was last ordered, until the arm is up or has had the time to be: only the other lane of a lock asks. */
    readonly raisedMs?: number;
    /** Start of a contradiction or of an unasked movement that has not lasted long enough yet. */
    readonly armDoubtSinceMs?: number;
    /** Of a lane with a scale, once the empty scale has shown zero; until the vehicle that comes is weighed. */
    readonly platform?: Platform;
    /** Alarm codes raised and not cleared. */
    readonly alarms: readonly string[];
    /** What the alarms rest on; nothing else reads it. */
    readonly watch?: Watch;
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
