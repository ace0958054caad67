/** What boards are to say, from a real journal, a real list and the site's own book; and texts that people order. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MessageOrder } from "../../src/core/board/board-message.ts";
import type { Fact, FactDraft } from "../../src/core/fact/fact.ts";
import { type LaneState, startingState } from "../../src/core/lane/lane-state.ts";
import { StoreFault } from "../../src/ports/journal.ts";
import { BoardDesk, type BoardPlan } from "../../src/runtime/board-desk.ts";
import { CalledLorries } from "../../src/runtime/called-lorries.ts";
import { LocalBook } from "../../src/runtime/local-book.ts";
import { openLog } from "../../src/runtime/log.ts";
import { BookingListUpdate } from "../../src/store/booking-list-update.ts";
import { openBookingDatabase } from "../../src/store/booking-schema.ts";
import { type BookingStore, openBookings } from "../../src/store/booking-store.ts";
import { type JournalStore, openJournal } from "../../src/store/journal-store.ts";
import { openSiteBook, type SiteBookStore } from "../../src/store/site-book-store.ts";
import { PLAN } from "../core/lane/lane-harness.ts";
import { putWhole, record, snapshot, type WireRecord } from "../store/published-lists.ts";
import { tempFolder } from "../store/temp-folder.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";

const face = { shape: { lines: 6, columns: 24 }, languages: ["ru"], pageMs: 5_000 } as const;
const PLANS = new Map<string, BoardPlan>([
    [
        "board-1",
        {
            of: "waiting-area",
            face: { ...face, oldAfterMs: 300_000, utcOffsetMinutes: 300 },
            gates: { "exit-1": "1", "exit-2": "2" },
        },
    ],
    ["board-2", { of: "lane", lane: "exit-1", face }],
    ["board-3", { of: "lane", lane: "exit-1", face }],
]);

let folder: string;
let clock: VirtualClock;
let journal: JournalStore;
let bookings: BookingStore;
let books: SiteBookStore;
let book: LocalBook;
let lanes: Record<string, LaneState>;
let listAgeMs: number;
let version: number;
let facts: Fact[];

function remember(drafts: readonly FactDraft[]): readonly Fact[] {
    const written = journal.commit({ facts: drafts }, { utcMs: clock.utcMs(), isClockTrusted: true });
    facts.push(...written);
    book.hear(written);
    return written;
}

beforeEach(() => {
    folder = tempFolder();
    clock = new VirtualClock();
    journal = openJournal(folder);
    bookings = openBookings(folder);
    books = openSiteBook(folder);
    book = new LocalBook({ keeper: books, journal, calendar: PLAN.policy.calendar, log: openLog("silent") });
    lanes = {
        "exit-1": { ...startingState(), mode: { at: "idle" } },
        "exit-2": { ...startingState(), mode: { at: "idle" } },
    };
    [listAgeMs, version, facts] = [1_000, 0, []];
});

afterEach(() => {
    for (const each of [journal, bookings, books]) each.close();
});

function desk(): BoardDesk {
    return new BoardDesk({
        boards: PLANS,
        lane: (id) => (lanes[id] === undefined ? undefined : { state: lanes[id], lookedMs: clock.monotonicMs() }),
        called: new CalledLorries({ bookings, book, checkpoint: "nur-zholy", clock }),
        listAgeMs: () => listAgeMs,
        clock,
        isClockTrusted: () => true,
        remember,
    });
}

function publish(records: readonly WireRecord[]): void {
    const db = openBookingDatabase(folder, 50);
    putWhole(new BookingListUpdate(db), snapshot(++version, records));
    db.close();
}

const broken = (): never => {
    throw new StoreFault("DISK_FULL", "no room");
};
const instant = (agoMs: number): string => new Date(clock.utcMs() - agoMs).toISOString();
const called = (id: string, plate: string, agoMs: number, over: Partial<WireRecord> = {}): WireRecord => {
    const call = { calledAt: instant(agoMs) };
    return record(id, { tractor: { plate }, checkpoint: "nur-zholy", status: "called", ...call, ...over });
};
const plates = (one: BoardDesk): readonly string[] => one.face("board-1").rows.map(({ plate }) => plate);

describe("called lorries", () => {
    test("in whatever words the list says it, newest first, of this checkpoint only", () => {
        const one = desk();
        expect(one.face("board-1").lines).toEqual(["Нет данных очереди", "Обратитесь к сотруднику"]);
        publish([
            called("b-1", "101AA02", 60_000),
            called("b-2", "102AA02", 30_000, { status: "Вызван на пункт пропуска" }),
            called("b-3", "103AA02", 90_000, { status: "вызван на ПУНКТ пропуска" }),
            called("b-4", "104AA02", 10_000, { checkpoint: "dostyk" }),
            record("b-5", { tractor: { plate: "105AA02" }, checkpoint: "nur-zholy", status: "in-queue" }),
            record("b-6", {
                tractor: { plate: "106AA02" },
                checkpoint: "nur-zholy",
                status: "Въехал на пункт пропуска",
            }),
        ]);
        expect(plates(one)).toEqual(["102AA02", "101AA02", "103AA02"]);
    });

    test("a lorry that this site saw leave, or called itself, stands there so before the list says anything", async () => {
        publish([
            called("b-1", "101AA02", 60_000),
            record("b-2", { tractor: { plate: "102AA02" }, checkpoint: "nur-zholy", status: "in-queue" }),
        ]);
        const one = desk();
        remember([
            {
                kind: "booking.called",
                data: {
                    bookingId: "b-2",
                    plate: "102AA02",
                    queueNumber: 1,
                    quotas: [],
                    until: instant(-3_600_000),
                    by: "x",
                    isLocal: true,
                },
            },
        ]);
        expect(plates(one)).toEqual(["102AA02", "101AA02"]);
        remember([
            {
                kind: "passage.completed",
                lane: "exit-1",
                data: { means: "left-waiting-area", bookingId: "b-1", plate: "101AA02", quotas: [] },
            },
        ]);
        expect(plates(one)).toEqual(["102AA02"]);
        await clock.advance(3_601_000);
        expect(plates(one)).toEqual([]);
    });

    test("only gates that let lorries through are named", () => {
        publish([called("b-1", "101AA02", 60_000)]);
        const one = desk();
        const gate = (): string | undefined => one.face("board-1").rows[0]?.gate;
        expect(gate()).toBe("1,2");
        lanes["exit-1"] = { ...startingState(), mode: { at: "fault", sinceMs: 0, code: "ARM_BROKEN" } };
        expect(gate()).toBe("2");
        lanes["exit-2"] = { ...startingState(), mode: { at: "out-of-service", sinceMs: 0 } };
        expect(gate()).toBe("–");
        expect(one.face("board-1").lines.at(-1)).toBe("Выезд закрыт. Ожидайте");
    });

    test("an old list is shown as old; one that cannot be read is none", () => {
        publish([called("b-1", "101AA02", 60_000)]);
        const one = desk();
        listAgeMs = 3_600_000;
        expect(one.face("board-1")).toMatchObject({
            isStale: true,
            lines: ["Вызваны", expect.stringContaining("101AA02"), "Данные устарели: 60 мин"],
        });
        bookings.version = broken;
        expect(one.face("board-1").lines[0]).toBe("Нет данных очереди");
    });

    test("whatever a booking holds, no name gets onto a board: not as a plate, not as an account", () => {
        publish([
            called("Ivanov-1", "ИВАНОВ ПЕТР", 1_000),
            called("b-2", "IVANOV 1", 2_000),
            called("b-3", "101AA02", 3_000, { trailers: [{ plate: "ПЕТРОВ" }] }),
        ]);
        const one = desk();
        one.order({
            target: "board-1",
            text: "Сканер не работает",
            showS: 60,
            by: { kind: "officer", name: "Сидоров" },
            why: "Сидорову так надо",
        });
        const said = Array.from({ length: 4 }, () => {
            void clock.advance(5_000);
            return one.face("board-1").lines.join(" ");
        }).join(" ");
        expect(said).toContain("101AA02");
        expect(said).not.toMatch(/ivanov|иванов|петр|сидоров/i);
    });
});

describe("ordered texts", () => {
    const order = (over: Partial<MessageOrder> = {}): MessageOrder => ({
        target: "board-2",
        text: "Полоса закрыта до 15:00",
        showS: 600,
        by: { kind: "officer", name: "a.s" },
        why: "repair",
        ...over,
    });
    const told = () => facts.map(({ kind, data }) => [kind, data["code"] ?? data["text"] ?? null]);

    test("to a lane: on all its boards, written down with who and why, and over in time", async () => {
        const one = desk();
        expect(one.order(order({ target: "exit-1" }))).toEqual({ outcome: "done" });
        expect(facts[0]).toMatchObject({
            kind: "message.ordered",
            data: {
                boards: ["board-2", "board-3"],
                text: "Полоса закрыта до 15:00",
                by: "a.s",
                kind: "officer",
                why: "repair",
            },
        });
        expect(facts[0]?.data["until"]).toBe(instant(-600_000));
        const words = new Set<string>();
        for (let turn = 0; turn < 4; turn += 1) {
            words.add(one.face("board-3").lines.join(" "));
            await clock.advance(5_000);
        }
        expect([...words].sort()).toEqual(["Подъезжайте", "Полоса закрыта до 15:00"]);
        await clock.advance(600_000);
        expect(one.message("board-3")).toBeUndefined();
    });

    test.each([
        ["no such board", { target: "board-9" }, "NO_SUCH_BOARD"],
        ["nothing to show", { text: "\u0000 \u200b" }, "NO_TEXT"],
        ["no time", { showS: 0 }, "BAD_TIME"],
        ["more than an hour", { showS: 3_601 }, "BAD_TIME"],
        ["nothing to take away", { text: null }, "NOT_SHOWN"],
    ])("%s: refused and written down", (_name, over, code) => {
        const one = desk();
        expect(one.order(order(over))).toMatchObject({ outcome: "refused", code });
        expect(told()).toEqual([["order.refused", code]]);
        expect(facts[0]?.data).toMatchObject({ asks: "message", by: "a.s", why: "repair" });
    });

    test("the same text pressed twice is refused; later, or longer, or another text is not", async () => {
        const one = desk();
        one.order(order());
        expect(one.order(order())).toMatchObject({ code: "ALREADY_SHOWN" });
        expect(one.order(order({ text: "Другое" }))).toEqual({ outcome: "done" });
        expect(one.order(order({ text: "Другое", showS: 1_200 }))).toEqual({ outcome: "done" });
        expect(one.order(order({ text: null }))).toEqual({ outcome: "done" });
        expect(one.message("board-2")).toBeUndefined();
        expect(told().at(-1)).toEqual(["message.withdrawn", null]);
    });

    test("a text outlives a restart, for as long as it was to stand and no longer", async () => {
        desk().order(order());
        desk().order(order({ target: "board-3", text: "Снят" }));
        desk().order(order({ target: "board-3", text: null }));
        await clock.advance(60_000);
        const next = desk();
        next.recall(journal);
        expect(next.message("board-2")).toEqual({
            text: "Полоса закрыта до 15:00",
            untilMs: clock.monotonicMs() + 540_000,
        });
        await clock.advance(540_000);
        expect(next.message("board-2")).toBeUndefined();
        const late = desk();
        late.recall(journal);
        expect(late.message("board-2")).toBeUndefined();
    });

    test("what cannot be written down is not shown", () => {
        const one = desk();
        journal.commit = broken;
        expect(one.order(order())).toMatchObject({ outcome: "refused", code: "DISK_FULL" });
        expect(one.message("board-2")).toBeUndefined();
    });
});
