/** Lists from outside the queue as officers hand them in: taken once, checked again, counted, withdrawn, never touched by the central system's list. */
import { expect, test } from "vitest";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import type { QueueOrder } from "../../src/runtime/control-protocol.ts";
import { openBookings } from "../../src/store/booking-store.ts";
import { BookingWriter } from "../../src/store/booking-writer.ts";
import { delta, EMPTY_HASH } from "../store/published-lists.ts";
import { tempFolder } from "../store/temp-folder.ts";
import { QueueRig } from "./queue-rig.ts";

type Load = Extract<QueueOrder, { do: "load-list" }>;
const DAY = { from: "2026-11-22T00:00:00Z", until: "2026-11-25T00:00:00Z" };
const load = (change: Partial<Load> = {}): Load => ({
    do: "load-list",
    by: "o-17",
    category: "perishable",
    validFrom: DAY.from,
    validUntil: DAY.until,
    quotaPerDay: 1,
    file: "list.csv",
    sha256: "ab".repeat(32),
    entries: [
        { line: 2, plate: "123ABC02", trailers: [], ...DAY },
        { line: 3, plate: "777KKK05", country: "KZ", trailers: ["55AAA02"], ...DAY },
    ],
    ...change,
});
const LIST = "ot-20261125-abababab";

test("a list is a fact with who and what, and known at once, also after a restart", () => {
    const folder = tempFolder();
    const before = new QueueRig(folder);
    expect(before.desk.obey(load())).toEqual({ outcome: "done" });
    expect(before.facts.map(({ kind, data }) => [kind, data["by"], data["list"]])).toEqual([
        ["out-of-turn.loaded", "o-17", LIST],
    ]);
    before.close();
    const rig = new QueueRig(folder);
    expect(rig.book.know(toPlateKey("777 KKK 05"), [])?.outOfTurn).toMatchObject([{ id: `${LIST}-3`, list: LIST }]);
    expect(rig.desk.view().lists).toMatchObject([{ list: LIST, by: "o-17", entries: 2, quotaPerDay: 1 }]);
    rig.close();
});

test("its own quota and the site's are counted by who enters", () => {
    const rig = new QueueRig(tempFolder());
    rig.desk.obey(load());
    expect(rig.desk.view().quotaLeft).toEqual({ accelerated: 2, postal: 2, "out-of-turn": 10, [`list:${LIST}`]: 1 });
    rig.passed("entered", `${LIST}-2`, "123ABC02", ["out-of-turn", `list:${LIST}`]);
    expect(rig.desk.view().quotaLeft).toMatchObject({ "out-of-turn": 9, [`list:${LIST}`]: 0 });
    rig.close();
});

test("the same file is not taken twice, and can be taken back", () => {
    const rig = new QueueRig(tempFolder());
    rig.desk.obey(load());
    expect(rig.desk.obey(load())).toMatchObject({ outcome: "refused", code: "ALREADY_LOADED" });
    const withdraw = { do: "withdraw-list", list: LIST, by: "o-17", reason: "wrong day" } as const;
    expect(rig.desk.obey(withdraw)).toEqual({ outcome: "done" });
    expect(rig.book.know(toPlateKey("123ABC02"), [])).toBeUndefined();
    expect(rig.desk.obey(withdraw)).toMatchObject({ outcome: "refused", code: "NO_SUCH_LIST" });
    rig.close();
});

test.each<[string, Partial<Load>, string]>([
    ["a plate that is none", { entries: [{ line: 9, plate: "Скания", trailers: [], ...DAY }] }, 'line 9: "Скания"'],
    [
        "days beyond the list's",
        { entries: [{ line: 9, plate: "123ABC02", trailers: [], from: DAY.from, until: "2026-11-26T00:00:00Z" }] },
        "line 9: its days go beyond",
    ],
    ["a list without days", { validFrom: "today" }, "its days are no instants"],
    ["a list that ends first", { validUntil: "2026-11-21T00:00:00Z" }, "it ends before it begins"],
    ["a list for half a year", { validUntil: "2027-05-22T00:00:00Z" }, "more than 90 days"],
])("refused as a whole: %s", (_name, change, message) => {
    const rig = new QueueRig(tempFolder());
    const outcome = rig.desk.obey(load(change));
    expect(outcome).toMatchObject({ outcome: "refused", code: "BAD_LIST" });
    expect(JSON.stringify(outcome)).toContain(JSON.stringify(message).slice(1, -1));
    expect(rig.facts).toEqual([]);
    rig.close();
});

test("a list of the central system removes none of it, and its hash covers none of it", async () => {
    const folder = tempFolder();
    const rig = new QueueRig(folder);
    rig.desk.obey(load());
    const writer = new BookingWriter(folder);
    const outcome = await writer.change(delta(0, 5, [], []));
    await writer.close();
    expect(outcome).toEqual({ outcome: "applied", now: { version: 5, hash: EMPTY_HASH, bookings: 0 } });
    expect(rig.book.know(toPlateKey("123ABC02"), [])?.outOfTurn).toHaveLength(1);
    const list = openBookings(folder);
    expect(list.byPlate(toPlateKey("123ABC02"))).toEqual([]);
    list.close();
    rig.close();
});
