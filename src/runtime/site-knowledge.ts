/** What the site knows beside the central system's list, as its lanes ask for it: the book, the quotas of the day, other lanes. */
import type { Booking } from "../core/booking/booking.ts";
import type { Fact } from "../core/fact/fact.ts";
import type { PlateKey } from "../core/plate/plate-key.ts";
import type { KnownBooking, PlateKnowledge } from "../core/queue/local-knowledge.ts";
import { type QueueRules, quotaLeft } from "../core/queue/queue-rules.ts";
import type { Clock } from "../ports/clock.ts";
import type { LocalBook } from "./local-book.ts";
import type { Sightings, Watcher } from "./sightings.ts";

/** Quotas change with the day as well as with the book; they are counted anew with every second of the wall clock. */
const SECOND_MS = 1_000;

export class SiteKnowledge {
    readonly #book: LocalBook;
    readonly #sightings: Sightings;
    readonly #rules: QueueRules;
    readonly #clock: Clock;
    #full: readonly string[] = [];
    #counted = { revision: -1, second: Number.NaN };

    constructor(book: LocalBook, sightings: Sightings, rules: QueueRules, clock: Clock) {
        this.#book = book;
        this.#sightings = sightings;
        this.#rules = rules;
        this.#clock = clock;
    }

    /** Grows whenever `know` may have another answer. */
    get revision(): number {
        return this.#book.revision;
    }

    know(key: PlateKey, bookings: readonly Pick<Booking, "id">[]): PlateKnowledge | undefined {
        return this.#book.know(key, bookings);
    }

    knowBooking(id: string): KnownBooking {
        return this.#book.knowBooking(id);
    }

    /** Names of the quotas that are used up today. */
    fullQuotas(): readonly string[] {
        const { revision } = this.#book;
        const second = Math.floor(this.#clock.utcMs() / SECOND_MS);
        if (revision !== this.#counted.revision || second !== this.#counted.second) {
            const left = quotaLeft(this.#rules, this.#book.book, second * SECOND_MS);
            this.#full = Object.keys(left).filter((quota) => (left[quota] ?? 0) <= 0);
            this.#counted = { revision, second };
        }
        return this.#full;
    }

    /** A sure read of the vehicle at this lane; monotonic milliseconds. */
    note(lane: Watcher, passage: string, key: PlateKey, nowMs: number): void {
        this.#sightings.note(lane, passage, key, nowMs);
    }

    elsewhere(lane: Watcher, key: PlateKey, nowMs: number): string | undefined {
        return this.#sightings.elsewhere(lane, key, nowMs);
    }

    /** Facts just committed. */
    hear(facts: readonly Fact[]): void {
        this.#book.hear(facts);
        this.#sightings.hear(facts);
    }
}
