/** Every claim against every state of the list, before and after the central system has answered: by hand. */
import { describe, expect, test } from "vitest";
import { BOOKING_STATUSES, type BookingStatus } from "../../../src/core/booking/booking.ts";
import type { CallNote, ProgressNote } from "../../../src/core/queue/book-note.ts";
import { agreementOf, type Claimed } from "../../../src/core/queue/booking-agreement.ts";
import { booking } from "../lane/lane-harness.ts";

/** `a` agrees, `w` waits, `d` denies, `D` denies as an answer only; in the order of the states below. */
const STATES: readonly BookingStatus[] = [
    "payment-pending",
    "in-queue",
    "called",
    "entered",
    "crossed",
    "revoked",
    "expired",
    "annulled",
    "unknown",
];
const TABLE: Readonly<Record<Claimed, string>> = {
    called: "dDaaadddw",
    arrived: "wwwaawddw",
    "left-waiting-area": "wwwaawddw",
    entered: "dDDaadddw",
    crossed: "dDDDadddw",
};

const note = (claim: Claimed, answeredFrom?: number): ProgressNote | CallNote => {
    const about = { id: "b-1", sequence: 5, utcMs: 0, ...(answeredFrom === undefined ? {} : { answeredFrom }) };
    return claim === "called"
        ? { is: "call", ...about, untilUtcMs: 0, quotas: [] }
        : { is: "progress", ...about, stage: claim };
};

test("the table has every state", () => expect([...STATES].sort()).toEqual([...BOOKING_STATUSES].sort()));

describe.each(Object.entries(TABLE) as [Claimed, string][])("%s", (claim, row) => {
    test.each(STATES.map((status, place) => [status, row[place]] as const))("%s: %s", (status, expected) => {
        const word = { a: "agrees", w: "waits", d: "denies", D: "waits" }[expected ?? ""];
        const heard = booking("123ABC02", { status, version: 4 });
        expect(agreementOf(note(claim), heard, false), "before the fact is stored").toBe(word);
        expect(agreementOf(note(claim), heard, true), "stored, nothing heard since").toBe(word);
        expect(agreementOf(note(claim, 4), heard, true), "stored, the record is the same").toBe(word);
        expect(agreementOf(note(claim, 3), heard, false), "a newer record, but the fact is not stored").toBe(word);
        const answered = expected === "D" ? "denies" : word;
        expect(agreementOf(note(claim, 3), heard, true), "a newer record after the fact").toBe(answered);
    });
});
