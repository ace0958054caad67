/**
 * Which lorries are called and still in the waiting area: what the central system's list says, what the site called itself,
 * and without those that were seen to leave. Looked up again when list or book change, and once in a while.
 */
import type { BoardCall } from "../core/board/called-face.ts";
import type { Booking } from "../core/booking/booking.ts";
import { hasReached } from "../core/queue/local-knowledge.ts";
import type { BookingCalls, BookingList } from "../ports/booking-list.ts";
import type { Clock } from "../ports/clock.ts";
import { StoreFault } from "../ports/journal.ts";
import type { LocalBook } from "./local-book.ts";

export interface CalledLorriesParts {
    readonly bookings: Pick<BookingList, "byId" | "version"> & BookingCalls;
    readonly book: Pick<LocalBook, "book" | "knowBooking" | "revision">;
    readonly checkpoint: string;
    readonly clock: Clock;
}

/** More than stand in any waiting area. */
const CALLED_MAX = 1_000;
/** Even where nothing changes: calls of this site run out by the clock. */
const LOOK_MS = 5_000;

export class CalledLorries {
    readonly #parts: CalledLorriesParts;
    #calls: readonly BoardCall[] = [];
    #listVersion = 0;
    #looked = { of: "", atMs: Number.NEGATIVE_INFINITY };

    constructor(parts: CalledLorriesParts) {
        this.#parts = parts;
    }

    /** The calls with the version of the list they stand in, 0 when there is none or it cannot be read. Never throws for the disk. */
    now(): { readonly calls: readonly BoardCall[]; readonly listVersion: number } {
        const { bookings, book, clock } = this.#parts;
        try {
            const { version } = bookings.version();
            const of = `${version} ${book.revision}`;
            const nowMs = clock.monotonicMs();
            if (of !== this.#looked.of || nowMs - this.#looked.atMs >= LOOK_MS) {
                this.#calls = this.#look();
                this.#looked = { of, atMs: nowMs };
            }
            this.#listVersion = version;
        } catch (error) {
            if (!(error instanceof StoreFault)) throw error;
            this.#calls = [];
            this.#listVersion = 0;
            this.#looked = { of: "", atMs: Number.NEGATIVE_INFINITY };
        }
        return { calls: this.#calls, listVersion: this.#listVersion };
    }

    #look(): readonly BoardCall[] {
        const { bookings, book, checkpoint } = this.#parts;
        const listed = bookings.called(CALLED_MAX).filter((booking) => booking.checkpoint === checkpoint);
        const known = new Set(listed.map(({ id }) => id));
        const own = book.book.notes("call").flatMap((note): BoardCall[] => {
            const booking = known.has(note.id) ? undefined : bookings.byId(note.id);
            const until = book.knowBooking(note.id).calledUntilUtcMs;
            if (booking === undefined || booking.status !== "in-queue" || until === undefined) return [];
            return this.#isGone(note.id)
                ? []
                : [callOf({ ...booking, calledAtUtcMs: note.utcMs, calledUntilUtcMs: until })];
        });
        return [...listed.filter(({ id }) => !this.#isGone(id)).map(callOf), ...own];
    }

    #isGone(id: string): boolean {
        return hasReached(this.#parts.book.knowBooking(id).stage, "left-waiting-area");
    }
}

function callOf({ tractor, calledAtUtcMs, calledUntilUtcMs, slotStartUtcMs }: Booking): BoardCall {
    return {
        plate: tractor.key,
        slotStartUtcMs,
        ...(calledAtUtcMs === undefined ? {} : { calledAtUtcMs }),
        ...(calledUntilUtcMs === undefined ? {} : { untilUtcMs: calledUntilUtcMs }),
    };
}
