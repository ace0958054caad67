/** Lists and changes to them: after every message the list is exactly one that was published, or the one before. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { BookingListUpdate } from "../../src/store/booking-list-update.ts";
import { openBookingDatabase } from "../../src/store/booking-schema.ts";
import type { OpenDatabase } from "../../src/store/database.ts";
import {
    delta,
    EMPTY_HASH,
    listHash,
    listOfVersion,
    partText,
    putWhole,
    record,
    snapshot,
    type WireRecord,
    wireText,
} from "./published-lists.ts";
import { tempFolder } from "./temp-folder.ts";

function listIn(folder: string): { update: BookingListUpdate; db: OpenDatabase } {
    const db = openBookingDatabase(folder, 50);
    onTestFinished(() => {
        db.close();
    });
    return { update: new BookingListUpdate(db), db };
}

/** The file says that it holds this version, and its rows are that version's bookings. */
function expectList(db: OpenDatabase, version: number, records: readonly WireRecord[]): void {
    expect(db.prepare("SELECT version, hash, bookings FROM list").get()).toEqual({
        version,
        hash: listHash(records),
        bookings: records.length,
    });
    const rows = db.prepare("SELECT record FROM bookings").pluck().all();
    expect(rows.sort()).toEqual(records.map(wireText).sort());
}

const lorry = record("b-1");
const coach = record("b-2", { tractor: { plate: "777AAA01" }, trailers: [{ plate: "12ABC01" }] });
const called = record("b-1", { status: "Вызван на пункт пропуска", version: 2 });

describe("the hash of a list", () => {
    test("is the sum that other languages compute", () => {
        // From Python: sum over bookings of int(sha256(json.dumps(b, sort_keys=True, ensure_ascii=False, separators=(",", ":"))), 16) % 2**256
        expect(listHash([lorry])).toBe("d649ea501abac5d11596145a2a160a509df06d2d9f1b2e7d0ccb05daf8e8777a");
        expect(listHash([lorry, coach])).toBe("19da7751f028b41fe5b4717900e4497f5d1989b3edd5428daec673a690162231");
        expect(listHash([coach, lorry])).toBe(listHash([lorry, coach]));
        expect(listHash([])).toBe(EMPTY_HASH);
    });
});

describe("replace", () => {
    test("puts a whole list in, in one part or in many", () => {
        const records = listOfVersion(3, 500);
        for (const perPart of [1, 7, 500]) {
            const { update, db } = listIn(tempFolder());
            const now = { version: 3, hash: listHash(records), bookings: records.length };
            expect(putWhole(update, snapshot(3, records, perPart))).toEqual({ outcome: "applied", now });
            expectList(db, 3, records);
        }
    });

    test("an empty list is a list", () => {
        const { update, db } = listIn(tempFolder());
        putWhole(update, snapshot(1, [lorry]));
        expect(putWhole(update, snapshot(2, []))).toMatchObject({
            outcome: "applied",
            now: { version: 2, hash: EMPTY_HASH },
        });
        expectList(db, 2, []);
    });

    test.each([
        ["an older version", snapshot(4, [lorry, coach])],
        ["the same version once more", snapshot(5, [lorry])],
    ])("%s is ignored", (_, repeated) => {
        const { update, db } = listIn(tempFolder());
        putWhole(update, snapshot(5, [lorry]));
        expect(putWhole(update, repeated)).toEqual({
            outcome: "ignored",
            now: { version: 5, hash: listHash([lorry]), bookings: 1 },
        });
        expectList(db, 5, [lorry]);
    });

    test.each<[string, { version: number; hash: string; parts: string[] }, string, string]>([
        ["another list under the same version", snapshot(5, [coach]), "LIST_HASH", "version 5 is here already"],
        [
            "a hash that does not fit",
            { ...snapshot(6, [coach]), hash: "f".repeat(64) },
            "LIST_HASH",
            "was published with the hash ffff",
        ],
        [
            "a missing part",
            { ...snapshot(6, [coach, called], 1), parts: [partText([coach])] },
            "LIST_HASH",
            "its content has",
        ],
        [
            "a part twice",
            { ...snapshot(6, [coach]), parts: [partText([coach]), partText([coach])] },
            "LIST_CONTENT",
            "the booking b-2 stands in it twice",
        ],
        [
            "an id twice",
            { ...snapshot(6, []), parts: [partText([lorry, called])] },
            "LIST_CONTENT",
            "the booking b-1 stands in it twice",
        ],
        ["text that is not JSON", { ...snapshot(6, []), parts: ['[{"id"'] }, "LIST_CONTENT", "not JSON"],
        [
            "a part that is no list",
            { ...snapshot(6, []), parts: [JSON.stringify({ bookings: {} })] },
            "LIST_CONTENT",
            "part 1: $.bookings: expected a list",
        ],
        [
            "a part without bookings",
            { ...snapshot(6, []), parts: ["null"] },
            "LIST_CONTENT",
            "part 1: $.bookings: expected a list",
        ],
        [
            "a booking that is not understood, with its place",
            {
                ...snapshot(6, []),
                parts: [partText([coach]), partText([called, { ...lorry, id: "b-3", late: "no" }])],
            },
            "LIST_CONTENT",
            "part 2: $.bookings[1].late: expected true or false",
        ],
    ])("%s is refused and leaves the list as it was", (_, wrong, code, reason) => {
        const { update, db } = listIn(tempFolder());
        putWhole(update, snapshot(5, [lorry]));
        expect(putWhole(update, wrong)).toEqual({ outcome: "refused", code, reason: expect.stringContaining(reason) });
        expectList(db, 5, [lorry]);
        expect(putWhole(update, snapshot(6, [coach, called]))).toMatchObject({ outcome: "applied" });
        expectList(db, 6, [coach, called]);
    });
});

describe("change", () => {
    test("adds, replaces and takes away", () => {
        const { update, db } = listIn(tempFolder());
        putWhole(update, snapshot(1, [lorry, coach]));
        expect(update.change(delta(1, 2, [called, coach], [called]))).toMatchObject({
            outcome: "applied",
            now: { version: 2, bookings: 2 },
        });
        expectList(db, 2, [called, coach]);
        update.change(delta(2, 5, [called], [], ["b-2", "b-never-here"]));
        expectList(db, 5, [called]);
        const third = record("b-3");
        update.change(delta(5, 6, [lorry, third], [third, lorry], ["b-1"]));
        expectList(db, 6, [lorry, third]);
    });

    test("goes from no list at all", () => {
        const { update, db } = listIn(tempFolder());
        expect(update.change(delta(0, 1, [lorry], [lorry]))).toMatchObject({ outcome: "applied" });
        expectList(db, 1, [lorry]);
    });

    test("fifty versions by changes are the fiftieth list", () => {
        const { update, db } = listIn(tempFolder());
        const versions = Array.from({ length: 50 }, (_, index) => listOfVersion(index + 1, 200));
        putWhole(update, snapshot(1, versions[0] ?? []));
        for (let to = 2; to <= 50; to += 1) {
            const [before, after] = [versions[to - 2] ?? [], versions[to - 1] ?? []];
            const old = new Map(before.map((each) => [each.id, wireText(each)]));
            const ids = new Set(after.map(({ id }) => id));
            const upsert = after.filter((each) => old.get(each.id) !== wireText(each));
            const remove = before.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
            expect(update.change(delta(to - 1, to, after, upsert, remove))).toMatchObject({ outcome: "applied" });
        }
        expectList(db, 50, versions[49] ?? []);
    });

    test.each([
        ["repeated", delta(4, 5, [lorry], [lorry])],
        ["old", delta(1, 3, [coach], [coach])],
    ])("a %s one is ignored", (_, repeated) => {
        const { update, db } = listIn(tempFolder());
        putWhole(update, snapshot(5, [lorry]));
        expect(update.change(repeated)).toMatchObject({ outcome: "ignored", now: { version: 5 } });
        expectList(db, 5, [lorry]);
    });

    test.each<[string, ReturnType<typeof delta>, string, string]>([
        [
            "one that begins further on",
            delta(6, 7, [coach], [coach]),
            "LIST_GAP",
            "a change from 6 to 7, and the list here is 5",
        ],
        ["one that begins further back", delta(4, 6, [coach], [coach]), "LIST_GAP", "a change from 4 to 6"],
        ["a hash that does not fit", delta(5, 6, [lorry], [called]), "LIST_HASH", "version 6 was published with"],
        ["an id twice", delta(5, 6, [lorry], [called, called]), "LIST_CONTENT", "the booking b-1 stands in it twice"],
        [
            "a bad booking",
            delta(5, 6, [], [{ ...called, version: 0 }]),
            "LIST_CONTENT",
            "$.upsert[0].version: expected a whole number",
        ],
        [
            "no upsert",
            { ...delta(5, 6, [], []), changes: JSON.stringify({ remove: [] }) },
            "LIST_CONTENT",
            "$.upsert: expected a list",
        ],
        ["a bad id to remove", delta(5, 6, [], [], [7]), "LIST_CONTENT", "$.remove[0]: expected a text"],
        [
            "something else besides",
            { ...delta(5, 6, [], []), changes: JSON.stringify({ upsert: [], remove: [], add: [] }) },
            "LIST_CONTENT",
            "$.add: expected no such field",
        ],
    ])("%s is refused and leaves the list as it was", (_, wrong, code, reason) => {
        const { update, db } = listIn(tempFolder());
        putWhole(update, snapshot(5, [lorry]));
        expect(update.change(wrong)).toEqual({ outcome: "refused", code, reason: expect.stringContaining(reason) });
        expectList(db, 5, [lorry]);
        expect(update.change(delta(5, 6, [called], [called]))).toMatchObject({ outcome: "applied" });
        expectList(db, 6, [called]);
    });
});

describe("the disk", () => {
    test("a full one refuses the list as a whole and takes it when there is room again", () => {
        const { update, db } = listIn(tempFolder());
        putWhole(update, snapshot(1, [lorry]));
        db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 4}`);
        const records = listOfVersion(2, 500);
        expect(() => putWhole(update, snapshot(2, records))).toThrow(expect.objectContaining({ code: "DISK_FULL" }));
        expectList(db, 1, [lorry]);
        db.pragma("max_page_count = 1000000");
        expect(putWhole(update, snapshot(2, records))).toMatchObject({ outcome: "applied" });
        expectList(db, 2, records);
    });

    test("indexes are there again after a list was put in, and after one was refused", () => {
        const { update, db } = listIn(tempFolder());
        const indexes = () =>
            db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name").all();
        const made = indexes();
        expect(made).toHaveLength(5);
        putWhole(update, snapshot(1, listOfVersion(1, 50)));
        expect(indexes()).toEqual(made);
        putWhole(update, { ...snapshot(2, [lorry]), hash: EMPTY_HASH });
        expect(indexes()).toEqual(made);
    });

    test("a file whose rules for plates are not this program's is indexed anew when it is opened", () => {
        const folder = tempFolder();
        const { update, db } = listIn(folder);
        putWhole(update, snapshot(1, [lorry, coach]));
        const plates = "SELECT tractor, tractor_folded, trailer_1, trailer_2 FROM bookings ORDER BY id";
        const right = db.prepare(plates).all();
        const signs = [...String(db.prepare("SELECT signs FROM list").pluck().get())].sort();
        db.close();
        const raw = new Database(join(folder, "bookings.db"));
        raw.exec(
            "UPDATE bookings SET tractor = 'OLD', tractor_folded = 'OLD', trailer_1 = NULL; UPDATE list SET plate_rules = 'old', signs = ''",
        );
        raw.close();
        const again = listIn(folder);
        expect(again.db.prepare(plates).all()).toEqual(right);
        expect([...String(again.db.prepare("SELECT signs FROM list").pluck().get())].sort()).toEqual(signs);
        expectList(again.db, 1, [lorry, coach]);
    });
});

test("a lower version is ignored, and taken where somebody answers for it", () => {
    const { update, db } = listIn(tempFolder());
    putWhole(update, snapshot(7, [lorry, coach]));
    const older = snapshot(3, [lorry]);
    expect(putWhole(update, older)).toMatchObject({ outcome: "ignored" });
    expectList(db, 7, [lorry, coach]);
    update.begin();
    for (const part of older.parts) update.stage(part);
    expect(update.replace({ version: 3, hash: older.hash, mayGoBack: true })).toMatchObject({ outcome: "applied" });
    expectList(db, 3, [lorry]);
});

test("what a process that died had staged is thrown away by the next list", () => {
    const folder = tempFolder();
    const first = listIn(folder);
    putWhole(first.update, snapshot(1, [lorry]));
    first.update.begin();
    for (const part of snapshot(2, listOfVersion(2, 300), 100).parts) first.update.stage(part);
    const { update, db } = listIn(folder);
    expectList(db, 1, [lorry]);
    expect(putWhole(update, snapshot(2, [coach]))).toMatchObject({ outcome: "applied" });
    expectList(db, 2, [coach]);
});
