/** Look-ups, held against a search through all bookings that knows nothing of indexes. */
import { describe, expect, onTestFinished, test } from "vitest";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import { BookingListUpdate } from "../../src/store/booking-list-update.ts";
import { openBookingDatabase } from "../../src/store/booking-schema.ts";
import { type BookingStore, openBookings } from "../../src/store/booking-store.ts";
import { delta, EMPTY_HASH, listHash, putWhole, record, snapshot, type WireRecord } from "./published-lists.ts";
import { tempFolder } from "./temp-folder.ts";

function storeWith(records: readonly WireRecord[]): { bookings: BookingStore; update: BookingListUpdate } {
    const folder = tempFolder();
    const bookings = openBookings(folder);
    const db = openBookingDatabase(folder, 50);
    onTestFinished(() => {
        bookings.close();
        db.close();
    });
    const update = new BookingListUpdate(db);
    if (records.length > 0) putWhole(update, snapshot(1, records));
    return { bookings, update };
}

const tractor = (id: string, plate: string): WireRecord => record(id, { tractor: { plate } });
const ids = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);

describe("version", () => {
    test("is 0 before the first list, and follows every change that the other connection makes", () => {
        const { bookings, update } = storeWith([]);
        expect(bookings.version()).toEqual({ version: 0, hash: EMPTY_HASH, bookings: 0 });
        putWhole(update, snapshot(4, [tractor("b-1", "123AB02")]));
        expect(bookings.version()).toMatchObject({ version: 4, bookings: 1 });
        const after = [tractor("b-1", "123AB02"), tractor("b-2", "124AB02")];
        update.change(delta(4, 5, after, after.slice(1)));
        expect(bookings.version()).toEqual({ version: 5, hash: listHash(after), bookings: 2 });
        expect(bookings.version()).toBe(bookings.version());
    });
});

describe("called", () => {
    const inState = (id: string, status: string): WireRecord => record(id, { status });

    test("are those that the central system calls so in any of its words, at most as many as asked for", () => {
        const records = [
            inState("b-1", "Вызван на пункт пропуска"),
            inState("b-2", "in-queue"),
            inState("b-3", "called"),
            inState("b-4", "entered"),
        ];
        const { bookings, update } = storeWith(records);
        expect(ids(bookings.called(10)).toSorted()).toEqual(["b-1", "b-3"]);
        expect(bookings.called(1)).toHaveLength(1);
        const after = [inState("b-1", "entered"), inState("b-2", "called"), ...records.slice(2)];
        update.change(delta(1, 2, after, after.slice(0, 2)));
        expect(ids(bookings.called(10)).toSorted()).toEqual(["b-2", "b-3"]);
    });
});

describe("byPlate", () => {
    const lorries = [
        record("b-1", { tractor: { plate: "123 ab-02", country: "KZ" }, trailers: [{ plate: "78ТС02" }] }),
        record("b-2", { tractor: { plate: "123AB02" }, trailers: [{ plate: "12ABC02" }, { plate: "78 TC 02" }] }),
        record("b-3", { tractor: { plate: "12ABC02" }, trailers: [{ plate: "12ABC02" }, { plate: "12abc-02" }] }),
        record("b-4", { tractor: { plate: "I23AB02" } }),
        record("b-5", { tractor: { plate: "---" }, trailers: [{ plate: "…" }] }),
    ];
    const hits = (text: string): string[] =>
        storeWith(lorries)
            .bookings.byPlate(toPlateKey(text))
            .map(({ booking, role }) => `${booking.id} ${role}`)
            .sort();

    test.each<[string, string[]]>([
        ["123AB02", ["b-1 tractor", "b-2 tractor"]],
        ["123АВ02", ["b-1 tractor", "b-2 tractor"]],
        ["I23AB02", ["b-4 tractor"]],
        ["l23AB02", []],
        ["78TC02", ["b-1 trailer", "b-2 trailer"]],
        ["12ABC02", ["b-2 trailer", "b-3 tractor", "b-3 trailer"]],
        ["12ABC0", []],
        ["", []],
        ["-", []],
    ])("%s", (text, expected) => {
        expect(hits(text)).toEqual(expected);
    });

    test("gives the booking as it was published", () => {
        expect(storeWith(lorries).bookings.byPlate(toPlateKey("I23AB02"))[0]).toEqual({
            role: "tractor",
            booking: {
                id: "b-4",
                slotStartUtcMs: Date.parse("2026-11-22T08:00:00Z"),
                slotEndUtcMs: Date.parse("2026-11-22T09:00:00Z"),
                checkpoint: "nur-zholy",
                tractor: { text: "I23AB02", key: "I23AB02" },
                trailers: [],
                status: "in-queue",
                isLate: false,
                priority: "in-turn",
                version: 1,
            },
        });
    });
});

test("byId", () => {
    const { bookings } = storeWith([tractor("b-1", "123AB02")]);
    expect(bookings.byId("b-1")).toMatchObject({ id: "b-1", tractor: { key: "123AB02" } });
    expect(bookings.byId("b-2")).toBeUndefined();
});

describe("near", () => {
    test("nearest first, the key itself left out, within the limit", () => {
        const { bookings } = storeWith([
            tractor("same", "123AB02"),
            tractor("one-other", "123AC02"),
            tractor("confusable", "123A802"),
            tractor("two-confusable", "I23A802"),
            tractor("missing", "123B02"),
            tractor("extra", "1234AB02"),
            tractor("two-others", "123CC02"),
            tractor("exchanged", "132AB02"),
        ]);
        const key = toPlateKey("123AB02");
        expect(ids(bookings.near(key, 10)).slice(0, 2)).toEqual(["confusable", "two-confusable"]);
        expect(ids(bookings.near(key, 10)).slice(2).sort()).toEqual(["extra", "missing", "one-other"]);
        expect(ids(bookings.near(key, 1))).toEqual(["confusable"]);
        expect(bookings.near(key, 0)).toEqual([]);
    });

    test("all bookings of a near plate, trailers never", () => {
        const { bookings } = storeWith([
            tractor("b-1", "124AB02"),
            tractor("b-2", "124AB02"),
            record("b-3", { tractor: { plate: "999ZZ05" }, trailers: [{ plate: "125AB02" }] }),
        ]);
        expect(ids(bookings.near(toPlateKey("123AB02"), 5)).sort()).toEqual(["b-1", "b-2"]);
    });

    test("signs that no Latin plate has are tried too, also when a change brought them", () => {
        const { bookings, update } = storeWith([tractor("b-1", "123AB02")]);
        expect(bookings.near(toPlateKey("A12345"), 5)).toEqual([]);
        const after = [tractor("b-1", "123AB02"), tractor("b-2", "京A12345")];
        update.change(delta(1, 2, after, after.slice(1)));
        expect(ids(bookings.near(toPlateKey("A12345"), 5))).toEqual(["b-2"]);
        expect(ids(bookings.near(toPlateKey("新A12345"), 5))).toEqual(["b-2"]);
    });

    test("no key, no list: nothing", () => {
        const { bookings } = storeWith([]);
        expect(bookings.near(toPlateKey("123AB02"), 5)).toEqual([]);
        expect(storeWith([tractor("b-1", "A")]).bookings.near(toPlateKey(""), 5)).toEqual([]);
    });

    test("finds in a crowded yard what a search through all plates finds", () => {
        const plates = crowdedYard();
        const { bookings } = storeWith(plates.map((plate, place) => tractor(`b-${place}`, plate)));
        const asked = [...plates.slice(0, 150), ...plates.slice(150, 300).map((plate, place) => damaged(plate, place))];
        let found = 0;
        for (const text of asked) {
            const key = toPlateKey(text);
            const expected = new Set(
                plates.filter((plate) => plate !== key && isOneEditAway(alike(key), alike(plate))),
            );
            const near = new Set(bookings.near(key, 10_000).map((booking): string => booking.tractor.key));
            expect(near).toEqual(expected);
            found += near.size;
        }
        expect(found).toBeGreaterThan(200); // Else the search would judge nothing.
    });
});

/** Fleets with consecutive numbers, in several shapes. */
function crowdedYard(): readonly string[] {
    const number = (n: number, digits: number): string => String(n).padStart(digits, "0");
    const plates = new Set<string>();
    for (let n = 0; n < 900; n += 1) {
        plates.add(
            `${number((n * 37) % 1_000, 3)}${"ABCDKMTZ".charAt(n % 8)}${"BOQSZ".charAt(n % 5)}${number((n % 3) + 1, 2)}`,
        );
        if (n % 3 === 0) plates.add(`A${number(n, 3)}BC${number(n % 99, 2)}`);
        if (n % 9 === 0) plates.add(`01${number(n * 11, 4)}AA`);
    }
    return [...plates];
}

function damaged(plate: string, n: number): string {
    const place = n % plate.length;
    if (n % 3 === 0) return plate.slice(0, place) + plate.slice(place + 1);
    if (n % 3 === 1) return `${plate.slice(0, place)}7${plate.slice(place)}`;
    return `${plate.slice(0, place)}X${plate.slice(place + 1)}`;
}

/** Confusable signs made equal, from the table in the domain's own words: 0OQD 1IL 2Z 3З 4AЧ 5S 6G 7T 8B. */
function alike(key: string): string {
    return ["0OQD", "1IL", "2Z", "3З", "4AЧ", "5S", "6G", "7T", "8B"].reduce(
        (text, [first, ...others]) => others.reduce((out, sign) => out.replaceAll(sign, first ?? ""), text),
        key,
    );
}

/** At most one sign exchanged, missing or extra: the beginnings and the endings that agree leave one sign at most. */
function isOneEditAway(a: string, b: string): boolean {
    if (Math.abs(a.length - b.length) > 1) return false;
    let front = 0;
    while (front < Math.min(a.length, b.length) && a[front] === b[front]) front += 1;
    let back = 0;
    while (back < Math.min(a.length, b.length) - front && a.at(-1 - back) === b.at(-1 - back)) back += 1;
    return Math.max(a.length, b.length) - front - back <= 1;
}
