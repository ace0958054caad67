/** Everything one tick of a lane may know, frozen: the only input of `step` besides its state. Plain JSON, so it can be kept for replay. */
import type { Booking, ListStamp } from "../booking/booking.ts";
import type { JudgedRead } from "../decision/decide.ts";
import type { KnownBooking } from "../queue/local-knowledge.ts";
import type { ContactReadings } from "./contacts.ts";
import type { ScaleReading } from "./scale-reading.ts";

/** A voted read with its place in time; `capturedMs` are monotonic milliseconds of its first and newest frame. */
export interface LaneRead extends JudgedRead {
    readonly firstSeenMs: number;
    readonly lastSeenMs: number;
    /** SHA-256 of the pictures kept for it, lower-case hex. */
    readonly evidence: readonly string[];
    /** What a camera that reads by itself said beside it, in its own words; for the record only. */
    readonly told?: { readonly [what: string]: string };
}

/** What a person or the central system asks of a lane. */
export const REQUESTS = [
    "accept",
    "link",
    "refuse",
    "open",
    "close",
    "hold-open",
    "reset",
    "out-of-service",
    "in-service",
] as const;

/** One person's (or the central system's) word to a lane: what, who, why, and how long it is good for. */
export interface LaneRequest {
    /** Given by the asker; a repeated one is refused. */
    readonly id: string;
    readonly asks: (typeof REQUESTS)[number];
    readonly by: { readonly kind: "officer" | "central"; readonly name: string };
    readonly reason: string;
    /** Monotonic milliseconds after which it is stale. */
    readonly expiresMs: number;
    /** The passage it is meant for; a request for another vehicle is refused. */
    readonly passage?: string;
    /** «Accept» may name the booking that the officer sees in front of him; «link» must, and leaves the rest to the rules. */
    readonly bookingId?: string;
}

/** What became of the last barrier order that the lane gave. */
export interface OrderEcho {
    readonly order: "raise" | "lower";
    /** The lane's own number of the order. */
    readonly number: number;
    /** `applied`: the relay was seen energised. Accepted alone is `pending`. */
    readonly status: "pending" | "applied" | "failed";
}

/** The process image of one lane at one tick. */
export interface LaneImage {
    /** Monotonic. */
    readonly nowMs: number;
    /** More than `SIGHT_GAP_MS_MAX` lie between this tick and the last one that the lane remembers. Absent: it looked all the time. */
    readonly wasBlind?: boolean;
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
    readonly contacts: ContactReadings;
    /** Whether any camera of the lane gives reads at present. */
    readonly isCameraWell: boolean;
    readonly reads: readonly LaneRead[];
    /** Newest word of the scale of a lane that has one; absent: it never spoke. */
    readonly weighing?: ScaleReading;
    readonly list: ListStamp;
    /** The link to the central system is up; absent: as far as the age of the list tells. */
    readonly isOnline?: boolean;
    /** Names of the daily quotas that are used up. */
    readonly fullQuotas?: readonly string[];
    /** The booking that a request of this tick or an earlier one names for the vehicle here, if the list has it. */
    readonly named?: { readonly booking: Booking; readonly known: KnownBooking };
    readonly checkpoint: string;
    readonly requests: readonly LaneRequest[];
    readonly echo?: OrderEcho;
    /** True when the lane is not interlocked, or the other boom is known to be closed and unclaimed. */
    readonly isInterlockFree: boolean;
    /** Id for a passage that may begin in this tick; unique for ever at this site. */
    readonly freshPassage: string;
}
