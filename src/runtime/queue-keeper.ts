/**
 * What the site says of the queue by itself, a little at a time: whether the central system agrees with what was seen here, and
 * whom to call while it is away. Everything it finds is a fact; its memory is the site's own book, which hears those facts.
 */
import type { Booking } from "../core/booking/booking.ts";
import type { DecisionPolicy } from "../core/decision/decision-policy.ts";
import { quotasOf } from "../core/decision/quota.ts";
import { type Fact, type FactDraft, factOf } from "../core/fact/fact.ts";
import { type BookChange, type CallNote, noteKey, type ProgressNote } from "../core/queue/book-note.ts";
import { agreementOf, claimOf } from "../core/queue/booking-agreement.ts";
import { nextCalls } from "../core/queue/continuity.ts";
import { hasReached } from "../core/queue/local-knowledge.ts";
import { type QueueRules, quotaLeft } from "../core/queue/queue-rules.ts";
import type { BookingList, BookingSlots } from "../ports/booking-list.ts";
import type { Clock } from "../ports/clock.ts";
import { StoreFault } from "../ports/journal.ts";
import type { LocalBook } from "./local-book.ts";
import type { Log } from "./log.ts";

/** Claims held against the list at a time; a look-up takes some ten microseconds. */
const CLAIMS_AT_ONCE = 50;
/** Rows looked through at a time for lorries to call: a few milliseconds between two ticks of the lanes. */
const ROWS_AT_ONCE = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/**
 * A booking that has left the list, and what was seen of it, are forgotten after this, and before it where the site keeps its
 * facts for a shorter time; the horizon of bookings is 90 days.
 */
const FORGOTTEN_MS = 100 * DAY_MS;

export interface QueueKeeperParts {
    readonly book: LocalBook;
    readonly bookings: Pick<BookingList, "byId" | "version"> & BookingSlots;
    readonly rules: QueueRules;
    readonly policy: Pick<DecisionPolicy, "calledEarlyMsMax" | "lateMsMax" | "calendar">;
    readonly checkpoint: string;
    /** The site's retention of facts: nothing that follows from one, plates above all, stays in the book for longer. */
    readonly keptMsMax: number;
    /** The site sees who arrives in the waiting area: only those are called. */
    readonly seesArrivals: boolean;
    readonly clock: Clock;
    readonly isClockTrusted: () => boolean;
    /** Age of the central system's last word on the list, milliseconds; Infinity when it never spoke. */
    readonly listAgeMs: () => number;
    /** Lowest sequence that the central system has not acknowledged yet. */
    readonly firstUnacknowledged: () => number;
    readonly log: Log;
}

/** How far the list has been looked through for lorries to call, and who was found. */
interface Search {
    readonly version: number;
    readonly fromUtcMs: number;
    readonly after: number | undefined;
    readonly found: readonly Booking[];
}

export class QueueKeeper {
    readonly #parts: QueueKeeperParts;
    #claim = 0;
    #open: { readonly revision: number; readonly claims: readonly (ProgressNote | CallNote)[] } | undefined;
    #prunedMs = Number.NEGATIVE_INFINITY;
    #search: Search | undefined;
    #isAlarmed = false;
    #isListWell = true;

    constructor(parts: QueueKeeperParts) {
        this.#parts = parts;
    }

    /** What is to be said now; said again next time unless it was heard to be committed. */
    chores(): readonly FactDraft[] {
        try {
            const facts = [...this.#alarm(), ...this.#review(), ...this.#endContinuity(), ...this.#call()];
            this.#prune();
            this.#isListWell = true;
            return facts;
        } catch (error) {
            if (!(error instanceof StoreFault)) throw error;
            if (this.#isListWell)
                this.#parts.log.warn(
                    { code: error.code },
                    "the list cannot be read: no claim is reviewed, nobody is called",
                );
            this.#isListWell = false;
            return [];
        }
    }

    /** Facts just committed. */
    hear(facts: readonly Fact[]): void {
        for (const { kind, lane, data } of facts) {
            const isMine = lane === undefined && data["code"] === "BOOKING_CONTRADICTED";
            if (isMine && kind === "alarm.raised") this.#isAlarmed = true;
            if (isMine && kind === "alarm.cleared") this.#isAlarmed = false;
        }
    }

    /** Alarms of the whole site, for people. */
    get alarms(): readonly string[] {
        return this.#isAlarmed ? ["BOOKING_CONTRADICTED"] : [];
    }

    /** The central system has been silent for so long that lorries may be called without it. */
    get isCentralAway(): boolean {
        return this.#parts.listAgeMs() > this.#parts.rules.awayMsMin;
    }

    #alarm(): readonly FactDraft[] {
        const isContradicted = this.#claims().some((note) => note.isContradicted);
        if (isContradicted === this.#isAlarmed) return [];
        const kind = isContradicted ? "alarm.raised" : "alarm.cleared";
        return [factOf(kind, { code: "BOOKING_CONTRADICTED" })];
    }

    /** What the central system has not confirmed yet; looked for again when the book has changed. */
    #claims(): readonly (ProgressNote | CallNote)[] {
        const { book } = this.#parts.book;
        if (this.#open?.revision !== book.revision) {
            const claims = [...book.notes("progress"), ...book.notes("call")].filter((note) => !note.isConfirmed);
            this.#open = { revision: book.revision, claims };
        }
        return this.#open.claims;
    }

    /** A few claims each time, one after the other, held against the list as it is. */
    #review(): readonly FactDraft[] {
        const { bookings, book } = this.#parts;
        const claims = this.#claims();
        if (claims.length === 0 || bookings.version().version === 0) return [];
        const unacknowledged = this.#parts.firstUnacknowledged();
        const facts: FactDraft[] = [];
        const changes: BookChange[] = [];
        for (let count = 0; count < Math.min(CLAIMS_AT_ONCE, claims.length); count += 1) {
            this.#claim = (this.#claim + 1) % claims.length;
            const note = claims[this.#claim];
            if (note === undefined) continue;
            const booking = bookings.byId(note.id);
            if (booking === undefined) changes.push(...this.#forget(note));
            else {
                const found = compare(note, booking, note.sequence < unacknowledged);
                facts.push(...found.facts);
                changes.push(...found.changes);
            }
        }
        book.amend(changes);
        return facts;
    }

    /** What was claimed of a booking that the list no longer has, once it cannot come back. */
    #forget(note: ProgressNote | CallNote): readonly BookChange[] {
        const { book, clock, isClockTrusted } = this.#parts;
        const isOld = isClockTrusted() && clock.utcMs() - note.utcMs > this.#forgottenMs();
        const isOfList = book.book.find("entry", note.id) !== undefined;
        return (isOld && !isOfList) || note.isContradicted ? [{ key: noteKey(note) }] : [];
    }

    #forgottenMs(): number {
        return Math.min(FORGOTTEN_MS, this.#parts.keptMsMax);
    }

    #endContinuity(): readonly FactDraft[] {
        const { book, clock, isClockTrusted } = this.#parts;
        const permit = book.book.find("continuity", "site");
        if (permit === undefined || !isClockTrusted() || clock.utcMs() < permit.untilUtcMs) return [];
        return [factOf("continuity.ended", { by: null, why: "the time is over" })];
    }

    /** Nothing is called on a clock that may be wrong, nor from a list that has not been looked through to its end. */
    #call(): readonly FactDraft[] {
        const { book, clock, rules, isClockTrusted, policy } = this.#parts;
        const permit = book.book.find("continuity", "site");
        const isWanted = permit !== undefined && rules.isContinuityAllowed && isClockTrusted() && this.isCentralAway;
        const utcMs = clock.utcMs();
        if (!isWanted || utcMs >= permit.untilUtcMs || rules.capacityPerHour === undefined) {
            this.#search = undefined;
            return [];
        }
        const found = this.#lookOn(utcMs);
        if (found === undefined) return [];
        const calls = nextCalls({
            waiting: found.filter((booking) => this.#isWaiting(booking)),
            utcMs,
            policy,
            calledInHour: this.#calledInHour(found, utcMs),
            capacityPerHour: rules.capacityPerHour,
            quotaLeft: this.#quotaLeft(utcMs),
        });
        const until = new Date(utcMs + rules.callMsMax).toISOString();
        return calls.map((booking) =>
            factOf("booking.called", {
                bookingId: booking.id,
                plate: booking.tractor.key,
                queueNumber: booking.queueNumber ?? null,
                quotas: quotasOf(booking),
                until,
                by: permit.by,
                isLocal: true,
            }),
        );
    }

    /** One piece of the list; everybody whose turn may come, once it is through. */
    #lookOn(utcMs: number): readonly Booking[] | undefined {
        const { bookings, policy, checkpoint } = this.#parts;
        const { version } = bookings.version();
        const isStale = this.#search?.version !== version || utcMs - this.#search.fromUtcMs > 2 * HOUR_MS + DAY_MS;
        const search: Search =
            this.#search === undefined || isStale
                ? { version, fromUtcMs: utcMs - DAY_MS, after: 0, found: [] }
                : this.#search;
        this.#search = search;
        if (search.after === undefined) return search.found;
        const earlyMsMax = Math.max(policy.calledEarlyMsMax.summer, policy.calledEarlyMsMax.winter);
        const slots = { fromUtcMs: search.fromUtcMs, untilUtcMs: utcMs + earlyMsMax + 3 * HOUR_MS };
        const { bookings: more, next } = bookings.inSlots(search.after, ROWS_AT_ONCE, slots);
        const found = [...search.found, ...more.filter((booking) => booking.checkpoint === checkpoint)];
        this.#search = { ...search, after: next, found };
        return undefined;
    }

    #isWaiting({ id, status }: Booking): boolean {
        if (status !== "in-queue") return false;
        const { stage, calledUntilUtcMs, isContradicted } = this.#parts.book.knowBooking(id);
        if (calledUntilUtcMs !== undefined || isContradicted || hasReached(stage, "left-waiting-area")) return false;
        return stage === "arrived" || !this.#parts.seesArrivals;
    }

    /** By this site, and by the central system before it went away, as far as its calls have a time. */
    #calledInHour(found: readonly Booking[], utcMs: number): number {
        const isRecent = (atUtcMs: number | undefined): boolean => atUtcMs !== undefined && utcMs - atUtcMs < HOUR_MS;
        const own = this.#parts.book.book.notes("call").filter((note) => isRecent(note.utcMs)).length;
        return own + found.filter(({ calledAtUtcMs }) => isRecent(calledAtUtcMs)).length;
    }

    /** Those called and still on their way have their places in the quotas already. */
    #quotaLeft(utcMs: number): Readonly<Record<string, number>> {
        const { rules, book } = this.#parts;
        const left = { ...quotaLeft(rules, book.book, utcMs) };
        for (const { id, quotas, untilUtcMs } of book.book.notes("call")) {
            if (utcMs > untilUtcMs || hasReached(book.knowBooking(id).stage, "entered")) continue;
            for (const quota of quotas) if (left[quota] !== undefined) left[quota] -= 1;
        }
        return left;
    }

    /** Once an hour, by a trusted clock only. */
    #prune(): void {
        const { book, clock, rules, isClockTrusted, keptMsMax } = this.#parts;
        const nowMs = clock.monotonicMs();
        if (!isClockTrusted() || nowMs - this.#prunedMs < HOUR_MS) return;
        this.#prunedMs = nowMs;
        const utcMs = clock.utcMs();
        const isOlder = (atUtcMs: number, ageMs: number): boolean => utcMs - atUtcMs > ageMs;
        const twoDaysAgo = new Date(utcMs - 2 * DAY_MS).toISOString().slice(0, 10);
        const old = [
            ...book.book.notes("inside").filter((note) => isOlder(note.utcMs, Math.min(rules.insideMsMax, keptMsMax))),
            ...book.book.notes("progress").filter((note) => isOlder(note.utcMs, keptMsMax)),
            ...book.book.notes("used").filter(({ id }) => id.slice(0, 10) < twoDaysAgo),
            ...book.book
                .notes("call")
                .filter((note) => isOlder(note.untilUtcMs, note.isContradicted ? keptMsMax : 2 * DAY_MS)),
            ...book.book.notes("list").filter((note) => isOlder(note.validUntilUtcMs, this.#forgottenMs())),
            ...book.book.notes("entry").filter(({ booking }) => isOlder(booking.slotEndUtcMs, this.#forgottenMs())),
        ];
        book.amend(old.map((note) => ({ key: noteKey(note) })));
    }
}

/** What there is to say, and to note, of one claim and the booking as the list has it. */
function compare(
    note: ProgressNote | CallNote,
    booking: Booking,
    isStored: boolean,
): { readonly facts: readonly FactDraft[]; readonly changes: readonly BookChange[] } {
    const { status, version } = booking;
    const data = { bookingId: note.id, known: claimOf(note), status, version };
    const say = (kind: "booking.contradicted" | "booking.confirmed") => ({ facts: [factOf(kind, data)], changes: [] });
    const agreement = agreementOf(note, booking, isStored);
    if (agreement === "denies") return note.isContradicted ? NOTHING : say("booking.contradicted");
    if (agreement === "agrees") {
        // A passage that the list knows of is the list's to tell; calls and quarrels are told to their end.
        const isNews = note.is === "call" || note.isContradicted === true;
        return isNews ? say("booking.confirmed") : { facts: [], changes: [{ key: noteKey(note) }] };
    }
    if (!isStored || note.answeredFrom !== undefined) return NOTHING;
    return { facts: [], changes: [{ key: noteKey(note), note: { ...note, answeredFrom: version } }] };
}

const NOTHING = { facts: [], changes: [] } as const;
