/** What the state of a booking means at each place: the table of `docs/reference/reasons.md`. */
import type { BookingStatus } from "../booking/booking.ts";
import type { DecisionReason } from "./decide.ts";
import type { LaneRole } from "./lane-role.ts";

/** One word on a vehicle with its reason. */
export interface Verdict {
    readonly outcome: "admit" | "refuse" | "refer";
    readonly reason: DecisionReason;
}

/** Told to leave, for this reason. */
export const refuse = (reason: DecisionReason): Verdict => ({ outcome: "refuse", reason });
/** Put before an officer, for this reason. */
export const refer = (reason: DecisionReason): Verdict => ({ outcome: "refer", reason });

/** States in which a booking can no longer be used. */
export const ENDED: ReadonlySet<BookingStatus> = new Set(["crossed", "revoked", "expired", "annulled"]);

/** States that mean the same in every role. */
const ANYWHERE = {
    "payment-pending": refuse("NOT_PAID"),
    revoked: refuse("BOOKING_ENDED"),
    expired: refuse("BOOKING_ENDED"),
    annulled: refuse("BOOKING_ENDED"),
    unknown: refer("STATUS_UNKNOWN"),
} as const satisfies Partial<Record<BookingStatus, Verdict>>;

/** Every role and every state; `pass`: whatever else there is to ask is asked next. */
export const STATUS_RULES: Readonly<Record<LaneRole, Readonly<Record<BookingStatus, "pass" | Verdict>>>> = {
    "waiting-area-entry": {
        ...ANYWHERE,
        "in-queue": "pass",
        called: "pass",
        entered: refer("ALREADY_INSIDE"),
        crossed: refuse("ALREADY_CROSSED"),
    },
    "waiting-area-exit": {
        ...ANYWHERE,
        "in-queue": refuse("NOT_CALLED"),
        called: "pass",
        entered: refer("ALREADY_INSIDE"),
        crossed: refer("ALREADY_CROSSED"),
    },
    "checkpoint-entry": {
        ...ANYWHERE,
        "in-queue": refuse("NOT_CALLED"),
        called: "pass",
        entered: refer("ALREADY_INSIDE"),
        crossed: refuse("ALREADY_CROSSED"),
    },
    // Nobody is kept inside because of a list: whatever is not plainly in order goes to an officer.
    "checkpoint-exit": {
        "payment-pending": refer("NOT_INSIDE"),
        "in-queue": refer("NOT_INSIDE"),
        called: refer("NOT_INSIDE"),
        entered: "pass",
        crossed: refer("ALREADY_CROSSED"),
        revoked: refer("BOOKING_ENDED"),
        expired: refer("BOOKING_ENDED"),
        annulled: refer("BOOKING_ENDED"),
        unknown: refer("STATUS_UNKNOWN"),
    },
};
