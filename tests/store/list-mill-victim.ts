/** A process that puts one list after the other in force, by snapshots and by changes in turn, without a pause, until it is killed. */
import { BookingListUpdate } from "../../src/store/booking-list-update.ts";
import { openBookingDatabase } from "../../src/store/booking-schema.ts";
import { delta, LISTS_OF_MILL, listOfMill, putWhole, snapshot, type WireRecord, wireText } from "./published-lists.ts";

const [folder = ""] = process.argv.slice(2);
const db = openBookingDatabase(folder, 5_000);
db.pragma("wal_autocheckpoint = 40"); // Its moving of the log into the file is one of the moments to be hit.
const update = new BookingListUpdate(db);
const orders = Array.from({ length: LISTS_OF_MILL }, (_, n) => {
    const [before, after] = [listOfMill(n + LISTS_OF_MILL - 1), listOfMill(n)];
    return { whole: snapshot(0, after, 20), change: changeBetween(before, after) };
});

process.stdout.write("turning\n");
for (let version = 1; ; version += 1) {
    const order = orders[version % LISTS_OF_MILL];
    if (order === undefined) throw new Error("no such list");
    const outcome =
        version % 2 === 0
            ? update.change({ ...order.change, from: version - 1, to: version })
            : putWhole(update, { ...order.whole, version });
    if (outcome.outcome !== "applied") throw new Error(`${version}: ${JSON.stringify(outcome)}`);
}

function changeBetween(before: readonly WireRecord[], after: readonly WireRecord[]) {
    const old = new Map(before.map((each) => [each.id, wireText(each)]));
    const ids = new Set(after.map(({ id }) => id));
    const upsert = after.filter((each) => old.get(each.id) !== wireText(each));
    const gone = before.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
    return delta(0, 0, after, upsert, gone);
}
