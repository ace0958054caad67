/** What the site's own book holds: one note each, plain JSON, found again by kind and id. All of it follows from facts. */
import type { Booking, PriorityCategory } from "../booking/booking.ts";
import type { Stage } from "./local-knowledge.ts";

/** What this site says of a booking and waits to hear confirmed. */
interface Claim {
    /** Sequence of the fact it rests on: once the central system has that, it can be held to its word. */
    readonly sequence: number;
    readonly utcMs: number;
    /** Record version of the booking when it was first looked up after that: a newer one is the central system's answer. */
    readonly answeredFrom?: number;
    readonly isContradicted?: true;
    /** The central system has said so too; kept only where the claim still counts for something. */
    readonly isConfirmed?: true;
}

/** How far a booking has come. */
export interface ProgressNote extends Claim {
    readonly is: "progress";
    readonly id: string;
    readonly stage: Stage;
}

/** A lorry that this site called while the central system was away. */
export interface CallNote extends Claim {
    readonly is: "call";
    readonly id: string;
    readonly untilUtcMs: number;
    readonly quotas: readonly string[];
}

/** A plate that went in and has not been seen to leave; `id` is its key. */
export interface InsideNote {
    readonly is: "inside";
    readonly id: string;
    readonly bookingId: string | null;
    readonly utcMs: number;
}

/** A list handed over from outside the queue. */
export interface OutOfTurnList {
    readonly is: "list";
    readonly id: string;
    /** Id of the officer who loaded it. */
    readonly by: string;
    readonly utcMs: number;
    readonly category: PriorityCategory;
    readonly validFromUtcMs: number;
    readonly validUntilUtcMs: number;
    /** Lorries of this list that may enter in a day. */
    readonly quotaPerDay: number;
    readonly entries: number;
}

/** One vehicle of such a list. */
export interface EntryNote {
    readonly is: "entry";
    readonly id: string;
    readonly booking: Booking;
}

/** How much of a quota is used up; `id` is the local day and the quota's name. */
export interface UsedNote {
    readonly is: "used";
    readonly id: string;
    readonly count: number;
}

/** An officer has let the site call lorries itself; there is one such note at most, with the id `site`. */
export interface ContinuityNote {
    readonly is: "continuity";
    readonly id: "site";
    readonly by: string;
    readonly why: string;
    readonly untilUtcMs: number;
}

/** An alarm about one fact on its way to a central system, until it is cleared; `id` is `alarmId` of these. */
export interface AlarmNote {
    readonly is: "alarm";
    readonly id: string;
    readonly code: string;
    readonly point: string;
    readonly sequence: number;
    readonly utcMs: number;
}

/** Every kind of note. */
export type BookNote =
    | ProgressNote
    | CallNote
    | InsideNote
    | OutOfTurnList
    | EntryNote
    | UsedNote
    | ContinuityNote
    | AlarmNote;

/** Id of the note of an alarm. */
export function alarmId({ code, point, sequence }: Pick<AlarmNote, "code" | "point" | "sequence">): string {
    return `${code} ${point} ${sequence}`;
}

/** A note that is new or changed, or, without `note`, gone. */
export interface BookChange {
    readonly key: string;
    readonly note?: BookNote;
}

/** Where a note stands. */
export function noteKey({ is, id }: Pick<BookNote, "is" | "id">): string {
    return `${is} ${id}`;
}
