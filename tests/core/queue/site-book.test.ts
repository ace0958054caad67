/** The site's book as a fold over facts: what a passage, a list, a call and the central system's word make of it. */
import { describe, expect, test } from "vitest";
import type { Fact, FactDraft } from "../../../src/core/fact/fact.ts";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import type { BookNote } from "../../../src/core/queue/book-note.ts";
import { loadedFacts } from "../../../src/core/queue/out-of-turn-facts.ts";
import { SiteBook } from "../../../src/core/queue/site-book.ts";

const CALENDAR = { utcOffsetMinutes: 300, winter: { from: "11-01", to: "03-31" } };
const NOON = Date.UTC(2026, 10, 22, 7);
const KEY = toPlateKey("123ABC02");

let sequence = 0;
function fact(kind: FactDraft["kind"], data: FactDraft["data"], utcMs = NOON): Fact {
    sequence += 1;
    return { kind, data, id: `j-${sequence}`, sequence, utcMs, isClockTrusted: true, hash: "", previousHash: "" };
}
const passed = (means: string, change: FactDraft["data"] = {}, utcMs = NOON): Fact =>
    fact("passage.completed", { means, bookingId: "b-1", plate: KEY, quotas: [], ...change }, utcMs);
function bookOf(...facts: readonly Fact[]): SiteBook {
    const book = new SiteBook(CALENDAR, []);
    for (const each of facts) book.apply(each);
    return book;
}
const LIST = loadedFacts({
    by: "o-17",
    category: "perishable",
    checkpoint: "nur-zholy",
    validFrom: "2026-11-22T00:00:00Z",
    validUntil: "2026-12-02T00:00:00Z",
    quotaPerDay: 2,
    file: "list.csv",
    sha256: "ab".repeat(32),
    entries: [
        {
            line: 2,
            plate: "123 abc-02",
            country: "KZ",
            trailers: ["55AAA02"],
            from: "2026-11-22T00:00:00Z",
            until: "2026-11-23T00:00:00Z",
        },
    ],
}).map(({ kind, data }) => ({ kind, data }));

describe("passages", () => {
    test("move a booking on, never back", () => {
        const book = bookOf(passed("arrived"), passed("entered"), passed("left-waiting-area"));
        expect(book.knowBooking("b-1")).toEqual({ stage: "entered" });
        expect(book.knowBooking("b-2")).toBeUndefined();
    });

    test("put a plate inside until it is seen to leave, by its plate or by its booking", () => {
        expect(bookOf(passed("entered")).know(KEY, [])?.isInside).toBe(true);
        expect(bookOf(passed("entered"), passed("crossed")).know(KEY, [])).toBeUndefined();
        const misread = bookOf(passed("entered"), passed("crossed", { plate: "1Z3ABC02" }));
        expect(misread.know(KEY, [])).toBeUndefined();
        expect(bookOf(passed("arrived")).know(KEY, [])).toBeUndefined();
    });

    test("without a booking still put the plate inside", () => {
        const book = bookOf(passed("entered", { bookingId: null }));
        expect(book.know(KEY, [{ id: "b-1" }])).toEqual({ outOfTurn: [], bookings: {}, isInside: true });
    });

    test("use up the quotas of their local day when they enter, not before", () => {
        const quotas = ["accelerated"];
        const lastMinute = Date.UTC(2026, 10, 22, 18, 59);
        const book = bookOf(
            passed("arrived", { quotas }),
            passed("entered", { quotas, bookingId: "b-2" }, lastMinute),
            passed("entered", { quotas, bookingId: "b-3" }, lastMinute + 60_000),
        );
        expect(book.used("accelerated", NOON)).toBe(1);
        expect(book.used("accelerated", lastMinute + 120_000)).toBe(1);
        expect(book.used("postal", NOON)).toBe(0);
    });
});

describe("a list from outside the queue", () => {
    test("makes its vehicles known by their plates, as bookings of its own", () => {
        const book = bookOf(...LIST.map(({ kind, data }) => fact(kind, data)));
        expect(book.know(KEY, [])?.outOfTurn).toEqual([
            {
                id: "ot-20261202-abababab-2",
                slotStartUtcMs: Date.UTC(2026, 10, 22),
                slotEndUtcMs: Date.UTC(2026, 10, 23),
                checkpoint: "nur-zholy",
                tractor: { text: "123 abc-02", key: KEY, country: "KZ" },
                trailers: [{ text: "55AAA02", key: "55AAA02" }],
                status: "called",
                isLate: false,
                priority: "out-of-turn",
                category: "perishable",
                list: "ot-20261202-abababab",
                version: 1,
            },
        ]);
        expect(book.notes("list")).toEqual([
            expect.objectContaining({ by: "o-17", quotaPerDay: 2, entries: 1, utcMs: NOON }),
        ]);
    });

    test("is gone when it is withdrawn; who has passed by it is still known", () => {
        const book = bookOf(
            ...LIST.map(({ kind, data }) => fact(kind, data)),
            passed("entered", { bookingId: "ot-20261202-abababab-2" }),
            fact("out-of-turn.withdrawn", { list: "ot-20261202-abababab", by: "o-17", why: "wrong file" }),
        );
        expect(book.know(KEY, [])).toEqual({ outOfTurn: [], bookings: {}, isInside: true });
        expect(book.knowBooking("ot-20261202-abababab-2")).toEqual({ stage: "entered" });
        expect(book.notes("list")).toEqual([]);
    });

    test("of three hundred vehicles comes in three facts and is one list", () => {
        const entries = Array.from({ length: 300 }, (_, index) => ({
            line: index + 2,
            plate: `${String(index).padStart(3, "0")}ABC02`,
            trailers: [],
            from: "2026-11-22T00:00:00Z",
            until: "2026-11-23T00:00:00Z",
        }));
        const facts = loadedFacts({
            by: "o-17",
            category: "postal",
            checkpoint: "nur-zholy",
            validFrom: "2026-11-22T00:00:00Z",
            validUntil: "2026-12-02T00:00:00Z",
            quotaPerDay: 20,
            file: "post.xlsx",
            sha256: "cd".repeat(32),
            entries,
        });
        expect(facts.map(({ data }) => [data["part"], data["parts"]])).toEqual([
            [1, 3],
            [2, 3],
            [3, 3],
        ]);
        const book = bookOf(...facts.map(({ kind, data }) => fact(kind, data)));
        expect(book.notes("entry")).toHaveLength(300);
        expect(book.notes("list")).toEqual([expect.objectContaining({ entries: 300 })]);
        for (const { data } of facts) expect(JSON.stringify(data).length).toBeLessThan(64 << 10);
    });
});

describe("what the central system says", () => {
    const call = fact("booking.called", { bookingId: "b-1", until: "2026-11-22T10:00:00Z", quotas: [] });
    const word = (kind: "booking.contradicted" | "booking.confirmed", known: string): Fact =>
        fact(kind, { bookingId: "b-1", known, status: "expired", version: 3 });

    test("a call counts until it is answered, either way", () => {
        const until = Date.UTC(2026, 10, 22, 10);
        expect(bookOf(call).knowBooking("b-1")).toEqual({ calledUntilUtcMs: until });
        expect(bookOf(call, word("booking.contradicted", "called")).knowBooking("b-1")).toBeUndefined();
        expect(bookOf(call, word("booking.confirmed", "called")).knowBooking("b-1")).toBeUndefined();
        expect(bookOf(call, word("booking.confirmed", "called")).notes("call")).toHaveLength(1);
    });

    test("a contradiction overwrites nothing", () => {
        const book = bookOf(passed("entered"), word("booking.contradicted", "entered"));
        expect(book.knowBooking("b-1")).toEqual({ stage: "entered", isContradicted: true });
    });

    test("once it agrees, what was seen is the list's to say", () => {
        const book = bookOf(
            passed("entered"),
            word("booking.contradicted", "entered"),
            word("booking.confirmed", "entered"),
        );
        expect(book.knowBooking("b-1")).toBeUndefined();
    });

    test("what this version does not understand changes nothing", () => {
        const book = bookOf(
            passed("flown"),
            fact("out-of-turn.loaded", { list: "x", category: "vip", entries: "?" }),
            fact("booking.called", { bookingId: "b-9", until: "soon" }),
            fact("continuity.started", { until: 5 }),
            word("booking.contradicted", "entered"),
            fact("vehicle.arrived", {}),
        );
        expect(book.revision).toBe(0);
    });
});

test("continuity is on from one fact to the other", () => {
    const on = fact("continuity.started", { by: "o-17", why: "line cut", until: "2026-11-22T18:00:00Z" });
    expect(bookOf(on).find("continuity", "site")).toMatchObject({ by: "o-17", untilUtcMs: Date.UTC(2026, 10, 22, 18) });
    const off = fact("continuity.ended", { by: null, why: "over" });
    expect(bookOf(on, off).find("continuity", "site")).toBeUndefined();
});

test("notes kept and read back make the same book", () => {
    const facts = [...LIST.map(({ kind, data }) => fact(kind, data)), passed("entered", { quotas: ["postal"] })];
    const kept = new Map<string, BookNote>();
    const book = new SiteBook(CALENDAR, []);
    for (const each of facts) {
        for (const { key, note } of book.apply(each)) {
            if (note === undefined) kept.delete(key);
            else kept.set(key, JSON.parse(JSON.stringify(note)));
        }
    }
    const again = new SiteBook(CALENDAR, kept.values());
    expect(again.know(KEY, [{ id: "b-1" }])).toEqual(book.know(KEY, [{ id: "b-1" }]));
    expect(again.used("postal", NOON)).toBe(1);
});
