/** The queue's part of a site on a bench: real journal, real book on disk, a made-up list, and a clock that a test moves. */
import type { Booking } from "../../src/core/booking/booking.ts";
import type { Fact, FactDraft } from "../../src/core/fact/fact.ts";
import type { QueueRules } from "../../src/core/queue/queue-rules.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { LocalBook } from "../../src/runtime/local-book.ts";
import { openLog } from "../../src/runtime/log.ts";
import { QueueDesk } from "../../src/runtime/queue-desk.ts";
import { QueueKeeper } from "../../src/runtime/queue-keeper.ts";
import { type JournalStore, openJournal } from "../../src/store/journal-store.ts";
import { openSiteBook, type SiteBookStore } from "../../src/store/site-book-store.ts";
import { PLAN, SLOT_UTC_MS } from "../core/lane/lane-harness.ts";

const HOUR_MS = 3_600_000;
const log = openLog("silent");

export const RULES: QueueRules = {
    calendar: PLAN.policy.calendar,
    capacityPerDay: 200,
    capacityPerHour: 3,
    quotaPercent: { accelerated: 1, postal: 1, "out-of-turn": 5 },
    isContinuityAllowed: true,
    continuityMsMax: 12 * HOUR_MS,
    awayMsMin: 300_000,
    callMsMax: 2 * HOUR_MS,
    insideMsMax: 48 * HOUR_MS,
};

export class QueueRig {
    readonly journal: JournalStore;
    readonly store: SiteBookStore;
    readonly book: LocalBook;
    readonly keeper: QueueKeeper;
    readonly desk: QueueDesk;
    readonly facts: Fact[] = [];
    bookings: readonly Booking[];
    listVersion = 1;
    utcMs = SLOT_UTC_MS;
    listAgeMs = 1_000;
    isClockTrusted = true;
    /** The site's retention of facts. */
    readonly keptMsMax = 60 * 24 * HOUR_MS;
    /** As far as the central system has acknowledged; the journal's outbox is left alone. */
    acknowledged = 0;

    constructor(
        folder: string,
        bookings: readonly Booking[] = [],
        rules: Partial<QueueRules> = {},
        seesArrivals = false,
    ) {
        this.bookings = bookings;
        this.journal = openJournal(folder);
        this.store = openSiteBook(folder);
        const all = { ...RULES, ...rules };
        this.book = new LocalBook({ keeper: this.store, journal: this.journal, calendar: all.calendar, log });
        const clock = { utcMs: () => this.utcMs, monotonicMs: () => this.utcMs } as Clock;
        const shared = { book: this.book, rules: all, checkpoint: "nur-zholy", clock };
        this.keeper = new QueueKeeper({
            ...shared,
            bookings: {
                byId: (id) => this.bookings.find((each) => each.id === id),
                version: () => ({ version: this.listVersion, hash: "", bookings: this.bookings.length }),
                inSlots: (after, _rows, { fromUtcMs, untilUtcMs }) => ({
                    // One at a time, so that a search takes as many looks as there are bookings.
                    bookings: this.bookings
                        .slice(after, after + 1)
                        .filter(({ slotStartUtcMs: at }) => at >= fromUtcMs && at <= untilUtcMs),
                    next: after + 1 < this.bookings.length ? after + 1 : undefined,
                }),
            },
            policy: PLAN.policy,
            keptMsMax: this.keptMsMax,
            seesArrivals,
            isClockTrusted: () => this.isClockTrusted,
            listAgeMs: () => this.listAgeMs,
            firstUnacknowledged: () => this.acknowledged + 1,
            log,
        });
        this.desk = new QueueDesk({
            ...shared,
            keeper: this.keeper,
            isClockTrusted: () => this.isClockTrusted,
            remember: (drafts) => this.say(drafts),
        });
    }

    say(drafts: readonly FactDraft[]): readonly Fact[] {
        const time = { utcMs: this.utcMs, isClockTrusted: this.isClockTrusted };
        const facts = this.journal.commit({ facts: drafts }, time);
        this.facts.push(...facts);
        this.book.hear(facts);
        this.keeper.hear(facts);
        return facts;
    }

    passed(means: string, bookingId: string | null, plate = "123ABC02", quotas: readonly string[] = []): void {
        this.say([{ kind: "passage.completed", lane: "lane-1", data: { means, bookingId, plate, quotas } }]);
    }

    /** Some seconds of the keeper's work; long enough for a search through a list of so many bookings. */
    work(looks = this.bookings.length + 3): this {
        for (let count = 0; count < looks; count += 1) this.say(this.keeper.chores());
        return this;
    }

    /** Kinds of the facts so far, and what bookings they are about. */
    told(kind: FactDraft["kind"]): readonly unknown[] {
        return this.facts
            .filter((fact) => fact.kind === kind)
            .map(({ data }) => data["bookingId"] ?? data["code"] ?? null);
    }

    close(): void {
        this.store.close();
        this.journal.close();
    }
}
