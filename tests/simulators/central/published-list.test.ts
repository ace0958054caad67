import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { PublishedList } from "../../../simulators/central/published-list.ts";
import { makeDay } from "../../../simulators/scenarios/day.ts";
import { parseWireBooking } from "../../../src/core/booking/booking-wire.ts";
import { ListHash } from "../../../src/store/list-hash.ts";

const booking = (id: string, version = 1) => ({ id, version, status: "В очереди" });
const EMPTY = "0".repeat(64);

test("the hash of one booking is the SHA-256 of its canonical text, and that of none is 64 zeros", () => {
    const text = '{"id":"B-1","status":"В очереди","version":1}';
    expect(new PublishedList([]).hash).toBe(EMPTY);
    expect(new PublishedList([booking("B-1")]).hash).toBe(createHash("sha256").update(text).digest("hex"));
});

test("the order of the bookings makes no difference, and what was changed back is as before", () => {
    const one = new PublishedList([booking("A"), booking("B"), booking("C")]);
    const other = new PublishedList([booking("C"), booking("A"), booking("B")]);
    expect(one.hash).toBe(other.hash);
    const before = one.hash;
    one.change([booking("B", 2), booking("D")], ["A"]);
    expect(one.hash).not.toBe(before);
    one.change([booking("A"), booking("B")], ["D"]);
    expect(one.hash).toBe(before);
    one.change([], ["A", "B", "C", "not there"]);
    expect(one.hash).toBe(EMPTY);
});

test("a day's list has the hash that the box's own sum gives", () => {
    const { bookings } = makeDay({ seed: 5, passages: 40, checkpoint: "nur-zholy", startUtcMs: 1_900_000_000_000 });
    expect(bookings.length).toBeGreaterThan(20);
    const own = new ListHash(EMPTY);
    for (const each of bookings) own.add(parseWireBooking(JSON.parse(JSON.stringify(each))).canonical);
    expect(new PublishedList(bookings.map((each) => ({ ...each }))).hash).toBe(own.hex());
});

test("deltas lead from a known version to the newest, and from nowhere else", () => {
    const list = new PublishedList([booking("A")]);
    const { version, hash } = list;
    list.change([booking("B")], []);
    list.change([], ["A"]);
    expect(list.deltasSince(version, hash)?.map(({ from, to }) => [from, to])).toEqual([
        [1, 2],
        [2, 3],
    ]);
    expect(list.deltasSince(3, list.hash)).toEqual([]);
    expect(list.deltasSince(version, EMPTY)).toBeUndefined();
    expect(list.deltasSince(0, EMPTY)).toBeUndefined();
    for (let i = 0; i < 300; i++) list.change([booking("A", i)], []);
    expect(list.deltasSince(version, hash)).toBeUndefined();
});

test("a snapshot has every booking once, and an empty list one empty part", () => {
    const list = new PublishedList(["A", "B", "C", "D", "E"].map((id) => booking(id)));
    const parts = list.snapshot(2);
    expect(parts.map(({ part, parts: of, bookings }) => [part, of, bookings.length])).toEqual([
        [1, 3, 2],
        [2, 3, 2],
        [3, 3, 1],
    ]);
    expect(parts.flatMap(({ bookings }) => bookings.map(({ id }) => id)).sort()).toEqual(["A", "B", "C", "D", "E"]);
    expect(new PublishedList([]).snapshot(2)).toEqual([{ version: 1, hash: EMPTY, part: 1, parts: 1, bookings: [] }]);
});
