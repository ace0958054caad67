/** Whether the central system agrees with what this site saw or did: agreement ends a claim, contradiction is a fact. Pure. */
import type { Booking, BookingStatus } from "../booking/booking.ts";
import type { CallNote, ProgressNote } from "./book-note.ts";
import type { Stage } from "./local-knowledge.ts";

/** What a site claims of a booking: a stage that it saw, or that it called the lorry itself. */
export type Claimed = Stage | "called";

/**
 * `agrees`: the central system says so too, or more. `waits`: it cannot know yet, or says nothing against it.
 * `denies`: it cannot be true together; never settled by overwriting either side.
 */
export type Agreement = "agrees" | "waits" | "denies";

const ENTERED_AND_ON: readonly BookingStatus[] = ["entered", "crossed"];
/** By these states the claim is confirmed. */
const AGREEING: Readonly<Record<Claimed, readonly BookingStatus[]>> = {
    called: ["called", ...ENTERED_AND_ON],
    arrived: ENTERED_AND_ON,
    "left-waiting-area": ENTERED_AND_ON,
    entered: ENTERED_AND_ON,
    crossed: ["crossed"],
};

/** A no-show takes a booking away (Temporary Scheme § 20); one that was here is none. Its owner may revoke it until it is inside. */
const NO_SHOW: readonly BookingStatus[] = ["expired", "annulled"];
/** These deny the claim whenever they are heard. */
const DENYING: Readonly<Record<Claimed, readonly BookingStatus[]>> = {
    called: ["payment-pending", "revoked", ...NO_SHOW],
    arrived: NO_SHOW,
    "left-waiting-area": NO_SHOW,
    entered: ["payment-pending", "revoked", ...NO_SHOW],
    crossed: ["payment-pending", "revoked", ...NO_SHOW],
};

/** These deny it only as an answer: in a newer record, after the central system has stored this site's fact. */
const DENYING_AS_ANSWER: Readonly<Record<Claimed, readonly BookingStatus[]>> = {
    called: ["in-queue"],
    arrived: [],
    "left-waiting-area": [],
    entered: ["in-queue", "called"],
    crossed: ["in-queue", "called", "entered"],
};

/** What a note claims. */
export function claimOf(note: ProgressNote | CallNote): Claimed {
    return note.is === "call" ? "called" : note.stage;
}

/** `isStored`: the central system has acknowledged the fact behind the note. */
export function agreementOf(note: ProgressNote | CallNote, booking: Booking, isStored: boolean): Agreement {
    const claim = claimOf(note);
    const { status, version } = booking;
    if (AGREEING[claim].includes(status)) return "agrees";
    if (DENYING[claim].includes(status)) return "denies";
    const isAnswer = isStored && note.answeredFrom !== undefined && version > note.answeredFrom;
    return isAnswer && DENYING_AS_ANSWER[claim].includes(status) ? "denies" : "waits";
}
