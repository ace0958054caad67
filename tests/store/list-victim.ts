/** A process that takes one list after the other, by snapshots and by changes in turn, until it is killed. */
import { BookingListUpdate } from "../../src/store/booking-list-update.ts";
import { openBookingDatabase } from "../../src/store/booking-schema.ts";
import { delta, listOfVersion, putWhole, snapshot, type WireRecord, wireText } from "./published-lists.ts";
import { dieAfter } from "./sudden-death.ts";

const [folder = "", delayMs = "0", size = "0"] = process.argv.slice(2);
const db = openBookingDatabase(folder, 5_000);
const update = new BookingListUpdate(db);
let version = Number(db.prepare("SELECT version FROM list").pluck().get());

const AHEAD = 12;
const lists = Array.from({ length: AHEAD + 1 }, (_, n) =>
    version + n === 0 ? [] : listOfVersion(version + n, Number(size)),
);
const orders = lists.slice(1).map((after, n) => {
    const [from, to] = [version + n, version + n + 1];
    return to % 2 === 0 ? changeBetween(from, to, lists[n] ?? [], after) : snapshot(to, after, 100);
});

await dieAfter(Number(delayMs));
for (const order of orders) {
    const outcome = "parts" in order ? putWhole(update, order) : update.change(order);
    if (outcome.outcome !== "applied") throw new Error(`${version + 1}: ${JSON.stringify(outcome)}`);
    version += 1;
}
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);

function changeBetween(from: number, to: number, before: readonly WireRecord[], after: readonly WireRecord[]) {
    const old = new Map(before.map((each) => [each.id, wireText(each)]));
    const ids = new Set(after.map(({ id }) => id));
    const upsert = after.filter((each) => old.get(each.id) !== wireText(each));
    return delta(
        from,
        to,
        after,
        upsert,
        before.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    );
}
