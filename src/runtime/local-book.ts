/**
 * The site's own book in a running daemon: it hears every fact that is committed, answers the lanes from memory, and keeps what
 * changed. What the disk refuses is kept back and tried again with the next fact; the journal has it in any case.
 */
import type { Booking } from "../core/booking/booking.ts";
import type { Fact } from "../core/fact/fact.ts";
import type { PlateKey } from "../core/plate/plate-key.ts";
import type { BookChange } from "../core/queue/book-note.ts";
import type { KnownBooking, PlateKnowledge } from "../core/queue/local-knowledge.ts";
import type { QueueCalendar } from "../core/queue/queue-calendar.ts";
import { SiteBook } from "../core/queue/site-book.ts";
import type { BookKeeper } from "../ports/book-keeper.ts";
import { type Journal, type JournalArchive, StoreFault } from "../ports/journal.ts";
import type { Log } from "./log.ts";

/** Facts read at once while the book catches up with the journal. */
const FACTS_AT_ONCE = 1_000;

export interface LocalBookParts {
    readonly keeper: BookKeeper;
    readonly journal: Pick<Journal, "head"> & Pick<JournalArchive, "factsAfter">;
    readonly calendar: QueueCalendar;
    readonly log: Log;
}

export class LocalBook {
    readonly book: SiteBook;
    readonly #parts: LocalBookParts;
    /** Changes that are not on the disk yet, the newest of each key. */
    readonly #owed = new Map<string, BookChange>();
    #sequence: number;
    #isKept = true;

    /** Catches up with the journal; after a lost or foreign book that is all of it. Throws `StoreFault`. */
    constructor(parts: LocalBookParts) {
        this.#parts = parts;
        const { journalId, sequence } = parts.journal.head();
        let { mark, notes } = parts.keeper.load();
        if (mark.journalId !== journalId || mark.sequence > sequence) {
            parts.keeper.clear();
            mark = { journalId, sequence: 0 };
            notes = [];
        }
        this.book = new SiteBook(parts.calendar, notes);
        this.#sequence = mark.sequence;
        for (;;) {
            const facts = parts.journal.factsAfter(this.#sequence, FACTS_AT_ONCE);
            if (facts.length === 0) break;
            this.hear(facts);
        }
    }

    /** Facts just committed, in the order of the journal; those it has heard already do nothing. */
    hear(facts: readonly Fact[]): void {
        const before = this.#sequence;
        for (const fact of facts) {
            if (fact.sequence <= this.#sequence) continue;
            this.#note(this.book.apply(fact));
            this.#sequence = fact.sequence;
        }
        if (this.#owed.size > 0 || this.#sequence - before >= FACTS_AT_ONCE) this.#keep();
    }

    /** Notes that the book has outgrown. */
    amend(changes: readonly BookChange[]): void {
        this.#note(this.book.amend(changes));
        if (this.#owed.size > 0) this.#keep();
    }

    get revision(): number {
        return this.book.revision;
    }

    know(key: PlateKey, bookings: readonly Pick<Booking, "id">[]): PlateKnowledge | undefined {
        return this.book.know(key, bookings);
    }

    knowBooking(id: string): KnownBooking {
        return this.book.knowBooking(id) ?? {};
    }

    #note(changes: readonly BookChange[]): void {
        for (const change of changes) this.#owed.set(change.key, change);
    }

    #keep(): void {
        const { keeper, journal, log } = this.#parts;
        try {
            keeper.keep([...this.#owed.values()], { journalId: journal.head().journalId, sequence: this.#sequence });
            this.#owed.clear();
            this.#isKept = true;
        } catch (error) {
            if (!(error instanceof StoreFault)) throw error;
            if (this.#isKept) log.error({ code: error.code, error: error.message }, "the site's book cannot be kept");
            this.#isKept = false;
        }
    }
}
