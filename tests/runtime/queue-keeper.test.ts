/** Progress held until the central system speaks, contradictions as facts and alarms, and lorries called while it is away. */
import { describe, expect, test } from "vitest";
import type { Booking } from "../../src/core/booking/booking.ts";
import { booking, SLOT_UTC_MS } from "../core/lane/lane-harness.ts";
import { tempFolder } from "../store/temp-folder.ts";
import { QueueRig } from "./queue-rig.ts";

const HOUR_MS = 3_600_000;
const waits = (id: string, queueNumber: number, change: Partial<Booking> = {}): Booking =>
    booking(`${String(queueNumber).padStart(3, "0")}ABC02`, { id, queueNumber, status: "in-queue", ...change });

describe("what was seen here", () => {
    const one = booking("123ABC02", { id: "b-1", status: "called" });

    test("is kept until the list says so too, over a restart", () => {
        const folder = tempFolder();
        const before = new QueueRig(folder, [one]);
        before.passed("entered", "b-1");
        before.work();
        before.close();

        const rig = new QueueRig(folder, [one]);
        expect(rig.book.knowBooking("b-1")).toEqual({ stage: "entered" });
        rig.bookings = [{ ...one, status: "entered", version: 2 }];
        rig.work();
        expect(rig.book.knowBooking("b-1")).toEqual({});
        expect(rig.facts, "agreement is no news").toEqual([]);
        rig.close();
    });

    test("is known again when the book was lost: the journal has it", () => {
        const folder = tempFolder();
        const before = new QueueRig(folder, [one]);
        before.passed("entered", "b-1");
        before.store.clear();
        before.close();
        const rig = new QueueRig(folder, [one]);
        expect(rig.book.knowBooking("b-1")).toEqual({ stage: "entered" });
        rig.close();
    });

    test("contradicted at once by a state that cannot be true: a fact, an alarm, and nothing overwritten", () => {
        const rig = new QueueRig(tempFolder(), [{ ...one, status: "annulled", version: 2 }]);
        rig.passed("entered", "b-1");
        rig.work(10);
        expect(rig.told("booking.contradicted")).toEqual(["b-1"]);
        expect(rig.told("alarm.raised")).toEqual(["BOOKING_CONTRADICTED"]);
        expect(rig.keeper.alarms).toEqual(["BOOKING_CONTRADICTED"]);
        expect(rig.book.knowBooking("b-1")).toEqual({ stage: "entered", isContradicted: true });
        expect(rig.desk.view().contradicted).toEqual(["b-1"]);

        rig.bookings = [{ ...one, status: "entered", version: 3 }];
        rig.work(10);
        expect(rig.told("booking.confirmed")).toEqual(["b-1"]);
        expect(rig.told("alarm.cleared")).toEqual(["BOOKING_CONTRADICTED"]);
        expect(rig.keeper.alarms).toEqual([]);
        rig.close();
    });

    test("an older state contradicts only as an answer: in a newer record, after the fact was acknowledged", () => {
        const rig = new QueueRig(tempFolder(), [one]);
        rig.passed("entered", "b-1");
        rig.work();
        rig.bookings = [{ ...one, version: 2 }];
        rig.work();
        expect(rig.told("booking.contradicted"), "not acknowledged yet").toEqual([]);
        rig.acknowledged = rig.journal.head().sequence;
        rig.work();
        expect(rig.told("booking.contradicted"), "acknowledged, the record is the one from before").toEqual([]);
        rig.bookings = [{ ...one, version: 3 }];
        rig.work();
        expect(rig.told("booking.contradicted")).toEqual(["b-1"]);
        rig.close();
    });

    test("a contradiction ends when the booking leaves the list", () => {
        const rig = new QueueRig(tempFolder(), [{ ...one, status: "expired" }]);
        rig.passed("entered", "b-1");
        rig.work(5);
        rig.bookings = [];
        rig.work(5);
        expect(rig.told("alarm.cleared")).toEqual(["BOOKING_CONTRADICTED"]);
        rig.close();
    });

    test("is forgotten after its time, and not by a clock that may be wrong", () => {
        const rig = new QueueRig(tempFolder(), []);
        rig.passed("entered", null);
        rig.utcMs += 47 * HOUR_MS;
        rig.work();
        expect(rig.book.book.notes("inside")).toHaveLength(1);
        rig.isClockTrusted = false;
        rig.utcMs += 2 * HOUR_MS;
        rig.work();
        expect(rig.book.book.notes("inside")).toHaveLength(1);
        rig.isClockTrusted = true;
        rig.work();
        expect(rig.book.book.notes("inside")).toHaveLength(0);
        rig.close();
    });
});

test("nothing stays in the book for longer than the site keeps the facts it follows from", () => {
    const rig = new QueueRig(tempFolder(), [], { insideMsMax: 10_000 * HOUR_MS });
    rig.passed("entered", "gone-from-the-list");
    rig.passed("arrived", "another");
    rig.utcMs += rig.keptMsMax;
    rig.work();
    const left = () =>
        [...rig.book.book.notes("inside"), ...rig.book.book.notes("progress")].map(({ is, id }) => `${is} ${id}`);
    expect(left().sort()).toEqual(["inside 123ABC02", "progress another", "progress gone-from-the-list"]);
    rig.utcMs += 2 * HOUR_MS;
    rig.work();
    expect(left()).toEqual([]);
    rig.close();
});

describe("calling lorries itself", () => {
    const on = (rig: QueueRig, hours = 6): QueueRig => {
        const until = new Date(rig.utcMs + hours * HOUR_MS).toISOString();
        expect(rig.desk.obey({ do: "continuity", by: "o-17", reason: "line cut", until })).toEqual({ outcome: "done" });
        return rig;
    };
    const queue = [waits("c", 3), waits("a", 1), waits("d", 4), waits("b", 2)];

    test("only while the central system is away, in order, up to the capacity of an hour", () => {
        const rig = on(new QueueRig(tempFolder(), queue));
        rig.work(20);
        expect(rig.told("booking.called"), "the central system is there").toEqual([]);
        rig.listAgeMs = 300_001;
        rig.work(20);
        expect(rig.told("booking.called")).toEqual(["a", "b", "c"]);
        expect(rig.facts.find(({ kind }) => kind === "booking.called")?.data).toEqual({
            bookingId: "a",
            plate: "001ABC02",
            queueNumber: 1,
            quotas: [],
            until: new Date(SLOT_UTC_MS + 2 * HOUR_MS).toISOString(),
            by: "o-17",
            isLocal: true,
        });
        rig.utcMs += HOUR_MS;
        rig.work(20);
        expect(rig.told("booking.called")).toEqual(["a", "b", "c", "d"]);
        expect(rig.book.knowBooking("a")).toEqual({ calledUntilUtcMs: SLOT_UTC_MS + 2 * HOUR_MS });
        rig.close();
    });

    test("goes on after a restart and calls nobody twice", () => {
        const folder = tempFolder();
        const before = on(new QueueRig(folder, queue));
        before.listAgeMs = Number.POSITIVE_INFINITY;
        before.work(20);
        before.close();
        const rig = new QueueRig(folder, queue);
        rig.utcMs += HOUR_MS;
        rig.listAgeMs = Number.POSITIVE_INFINITY;
        rig.work(20);
        expect(rig.told("booking.called")).toEqual(["d"]);
        rig.close();
    });

    test("nobody who has not arrived, where the site sees who arrives; nobody who has left or gone in", () => {
        const rig = on(new QueueRig(tempFolder(), queue, {}, true));
        rig.listAgeMs = Number.POSITIVE_INFINITY;
        rig.passed("arrived", "d", "004ABC02");
        rig.passed("arrived", "b", "002ABC02");
        rig.passed("left-waiting-area", "b", "002ABC02");
        rig.work(20);
        expect(rig.told("booking.called")).toEqual(["d"]);
        rig.close();
    });

    test("those who go before the others only within their quotas; those called hold their places", () => {
        const fast = [1, 2, 3].map((number) => waits(`f${number}`, number, { priority: "accelerated" }));
        const rig = on(new QueueRig(tempFolder(), [...fast, waits("a", 9)], { capacityPerHour: 10 }));
        rig.listAgeMs = Number.POSITIVE_INFINITY;
        rig.work(20);
        // One per cent of 200 lorries a day is two.
        expect(rig.told("booking.called")).toEqual(["f1", "f2", "a"]);
        rig.close();
    });

    test("what the central system called within the hour takes its places", () => {
        const recent = [1, 2].map((number) =>
            waits(`x${number}`, number, { status: "called", calledAtUtcMs: SLOT_UTC_MS - HOUR_MS / 2 }),
        );
        const rig = on(new QueueRig(tempFolder(), [...recent, ...queue]));
        rig.listAgeMs = Number.POSITIVE_INFINITY;
        rig.work(20);
        expect(rig.told("booking.called")).toEqual(["a"]);
        rig.close();
    });

    test("ends by itself, ends by word, and calls nobody on a clock that is not trusted", () => {
        const rig = on(new QueueRig(tempFolder(), queue), 1);
        rig.isClockTrusted = false;
        rig.listAgeMs = Number.POSITIVE_INFINITY;
        rig.work(20);
        expect(rig.told("booking.called")).toEqual([]);
        rig.isClockTrusted = true;
        rig.utcMs += HOUR_MS;
        rig.work(20);
        expect(rig.facts.findLast(({ kind }) => kind === "continuity.ended")?.data).toMatchObject({ by: null });
        expect(rig.told("booking.called")).toEqual([]);
        on(rig);
        expect(rig.desk.obey({ do: "continuity", by: "o-18", reason: "line is back" })).toEqual({ outcome: "done" });
        rig.work(20);
        expect(rig.told("booking.called")).toEqual([]);
        rig.close();
    });

    test("is reconciled later: confirmed where the central system calls too, contradicted where it took the booking away", () => {
        const rig = on(new QueueRig(tempFolder(), queue));
        rig.listAgeMs = Number.POSITIVE_INFINITY;
        rig.work(20);
        rig.listAgeMs = 1_000;
        const [a, b] = [
            waits("a", 1, { status: "called", version: 2 }),
            waits("b", 2, { status: "revoked", version: 2 }),
        ];
        rig.bookings = [a, b, waits("c", 3, { version: 2 })];
        rig.listVersion = 2;
        rig.work(20);
        expect(rig.told("booking.confirmed")).toEqual(["a"]);
        expect(rig.told("booking.contradicted")).toEqual(["b"]);
        expect(rig.desk.view().calls.map(({ bookingId, state }) => `${bookingId} ${state}`)).toEqual([
            "a confirmed",
            "b contradicted",
            "c open",
        ]);
        rig.close();
    });

    test.each<[string, Partial<ConstructorParameters<typeof QueueRig>[2]>, number, boolean, string]>([
        ["where the site forbids it", { isContinuityAllowed: false }, 1, true, "CONTINUITY_FORBIDDEN"],
        ["for longer than the site allows", {}, 12.1, true, "BAD_END"],
        ["until a moment that is over", {}, -1, true, "BAD_END"],
        ["on a clock that is not trusted", {}, 1, false, "CLOCK_NOT_TRUSTED"],
    ])("cannot be switched on %s", (_name, rules, hours, isClockTrusted, code) => {
        const rig = new QueueRig(tempFolder(), [], rules);
        rig.isClockTrusted = isClockTrusted;
        const until = new Date(rig.utcMs + hours * HOUR_MS).toISOString();
        expect(rig.desk.obey({ do: "continuity", by: "o-17", reason: "x", until })).toMatchObject({ code });
        expect(rig.facts).toEqual([]);
        rig.close();
    });
});
