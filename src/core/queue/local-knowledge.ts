/** What this site itself knows of a plate beside the central system's list; frozen into the image with every read. */
import type { Booking } from "../booking/booking.ts";
import { type LaneRole, PASSAGE_MEANING } from "../decision/lane-role.ts";

/** How far a booking has come, by passages that this site saw. */
export type Stage = (typeof PASSAGE_MEANING)[LaneRole];

/** In the order in which a lorry comes to them. */
export const STAGES: readonly Stage[] = Object.values(PASSAGE_MEANING);

/** Whether `stage` is `other` or further; nothing known is nowhere. */
export function hasReached(stage: Stage | undefined, other: Stage): boolean {
    return stage !== undefined && STAGES.indexOf(stage) >= STAGES.indexOf(other);
}

/** One booking as this site knows it. */
export interface KnownBooking {
    readonly stage?: Stage;
    /** Called by this site while the central system was away; milliseconds of wall time. */
    readonly calledUntilUtcMs?: number;
    /** The central system has said that it is not so. */
    readonly isContradicted?: true;
}

/** Everything the site knows of one plate. Plain JSON. */
export interface PlateKnowledge {
    /** Entries of out-of-turn lists whose tractor has this key, as bookings with `list`. */
    readonly outOfTurn: readonly Booking[];
    /** By booking id; bookings of which nothing is known are absent. */
    readonly bookings: { readonly [id: string]: KnownBooking };
    /** It went in here and has not been seen to leave. */
    readonly isInside: boolean;
}

/** Nothing beside the list. */
export const NOTHING_KNOWN: PlateKnowledge = { outOfTurn: [], bookings: {}, isInside: false };
