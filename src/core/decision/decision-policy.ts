/** What the site decided beforehand, so that software never has to: thresholds, windows and what to do when unsure. */
import type { Combination } from "../booking/booking.ts";
import type { QueueCalendar } from "../queue/queue-calendar.ts";
import type { GrossLimit } from "./gross-limit.ts";

/** What to do with a lorry the rules cannot admit. There is deliberately no `admit`. */
export type Unsure = "refuse" | "refer";

/** What a site makes of the reads of one camera that reads by itself: its number is not of our reader's scale. */
export interface ReaderTrust {
    /** Reads below this (0..1 of the camera's own scale) never decide anything; absent: none of them does. */
    readonly confidenceMin?: number;
    /** A read without a usable confidence may decide all the same. */
    readonly isUnratedTrusted: boolean;
    /** How long before the vehicle was on the approach loop its read may have come, milliseconds. */
    readonly aheadMsMax: number;
}

/** One site's policy for one lane; milliseconds throughout, ranges checked with the site file. */
export interface DecisionPolicy {
    /** Reads below this (0..1) never decide anything by themselves. */
    readonly confidenceMin: number;
    /** Frames that must agree on a read before it decides (>= 1). */
    readonly framesMin: number;
    /** By camera, those of the lane that read by themselves; all others are read by us. Absent: none. */
    readonly readers?: { readonly [camera: string]: ReaderTrust };
    /** How early before the slot a lorry may come to the waiting area (Temporary Scheme § 16: called there 24 h before). */
    readonly earlyMsMax: number;
    /**
     * How early before the slot it may leave the waiting area and enter the checkpoint, where nobody says when it was called
     * (Temporary Scheme § 19: called 60 minutes before in summer, 120 in winter). One whose call has a time may come at once.
     */
    readonly calledEarlyMsMax: { readonly summer: number; readonly winter: number };
    /** How late after the slot. Order 707's own limit is not public: configuration. */
    readonly lateMsMax: number;
    /** A list not confirmed by the central system for longer than this counts as old. */
    readonly listAgeMsMax: number;
    /** Listed and in order: a site may want an officer's look all the same. */
    readonly listedOnFreshList: "admit" | "refer";
    /** Listed and in order, but the list is old: strict sites refer. */
    readonly listedOnOldList: "admit" | "refer";
    /** Confidently read, not on a fresh list, and the link is up. */
    readonly unlistedOnFreshList: Unsure;
    /** Confidently read and not listed, while the link is down or the list is old. */
    readonly unlistedOnOldList: Unsure;
    /** All in order as far as a clock that may be wrong can tell. */
    readonly onClockNotTrusted: Unsure;
    /** Into the checkpoint only by those that this site saw leave the waiting area (Temporary Scheme § 18). */
    readonly waitingAreaWay: "required" | "not-checked";
    /** The booking names trailers, and the rear cameras surely read none of them. */
    readonly missingTrailer: "admit" | "refer";
    /** A sure read of a plate that no camera saw come; absent: refer. */
    readonly unseenArrival?: "admit" | "refer";
    /** Gross weight above which an officer is asked, kilograms: the site's limit, not a finding of law. */
    readonly grossKgMax: number;
    /** Rows of the table of limits that the site names for the vehicles of this lane; the lowest that is valid counts. */
    readonly grossLimits?: readonly GrossLimit[];
    /** Less than this on the scale is no lorry, kilograms. */
    readonly grossKgMin: number;
    /** Other limits where the booking says what combination comes. */
    readonly combinationKg: { readonly [name in Combination]?: { readonly min: number; readonly max: number } };
    readonly calendar: QueueCalendar;
}
