/** The list's own thread: orders in turn, readers never between two lists, faults with their code, a new thread after a death. */
import { join } from "node:path";
import { setImmediate } from "node:timers";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import { openBookings } from "../../src/store/booking-store.ts";
import { BookingWriter } from "../../src/store/booking-writer.ts";
import { delta, listHash, listOfVersion, putWhole, record, snapshot } from "./published-lists.ts";
import { tempFolder } from "./temp-folder.ts";

function writerIn(folder: string, thread?: URL): BookingWriter {
    const writer = new BookingWriter(folder, thread);
    onTestFinished(() => writer.close());
    return writer;
}

test("takes orders in turn, whatever their outcome", async () => {
    const folder = tempFolder();
    const writer = writerIn(folder);
    const [one, two] = [listOfVersion(1, 300), listOfVersion(2, 300)];
    const outcomes = await Promise.all([
        putWhole(writer, snapshot(1, one, 20)),
        writer.change(delta(7, 8, one, [])),
        putWhole(writer, { ...snapshot(2, two), hash: listHash(one) }),
        putWhole(writer, snapshot(2, two, 50)),
        writer.change(delta(2, 3, two, [])),
    ]);
    expect(outcomes.map((each) => (each.outcome === "refused" ? each.code : each.outcome))).toEqual([
        "applied",
        "LIST_GAP",
        "LIST_HASH",
        "applied",
        "applied",
    ]);
    const bookings = openBookings(folder);
    onTestFinished(() => bookings.close());
    expect(bookings.version()).toEqual({ version: 3, hash: listHash(two), bookings: two.length });
});

test("a reader sees the whole old list until it sees the whole new one", async () => {
    const folder = tempFolder();
    const writer = writerIn(folder);
    const old = Array.from({ length: 3_000 }, (_, n) => record(`b-${n}`, { tractor: { plate: "123AB02" } }));
    const fresh = old.slice(0, 2_000).map((each) => ({ ...each, version: 2 }));
    await putWhole(writer, snapshot(1, old));
    const bookings = openBookings(folder);
    onTestFinished(() => bookings.close());

    const seen = new Set<string>();
    const watch = { isOn: true };
    const watching = (async () => {
        while (watch.isOn) {
            const before = bookings.version().version;
            const hits = bookings.byPlate(toPlateKey("123AB02"));
            if (before === bookings.version().version) {
                seen.add(
                    `${before}: ${hits.length} bookings of version ${[...new Set(hits.map(({ booking }) => booking.version))]}`,
                );
            }
            await new Promise((resolve) => setImmediate(resolve));
        }
    })();
    await putWhole(writer, snapshot(2, fresh, 500));
    watch.isOn = false;
    await watching;
    expect(
        [...seen].filter((line) => !["1: 3000 bookings of version 1", "2: 2000 bookings of version 2"].includes(line)),
    ).toEqual([]);
    expect(seen).toContain("1: 3000 bookings of version 1");
    expect(bookings.version().version).toBe(2);
});

test("a file that cannot be used is a fault with its code, and goes on when it can", async () => {
    const folder = tempFolder();
    openBookings(folder).close();
    const setVersion = (version: number): void => {
        const raw = new Database(join(folder, "bookings.db"));
        raw.pragma(`user_version = ${version}`);
        raw.close();
    };
    setVersion(99);
    const writer = writerIn(folder);
    await expect(putWhole(writer, snapshot(1, []))).rejects.toMatchObject({
        name: "StoreFault",
        code: "DATABASE_TOO_NEW",
    });
    setVersion(2);
    await expect(putWhole(writer, snapshot(1, []))).resolves.toMatchObject({ outcome: "applied" });
});

test("a thread that dies fails its order; the next order gets a new thread", async () => {
    const writer = writerIn(tempFolder(), new URL("./dying-thread.ts", import.meta.url));
    await expect(putWhole(writer, snapshot(1, []))).rejects.toThrow("out of memory");
    await expect(writer.change(delta(0, 1, [], []))).rejects.toThrow("out of memory");
});

test("closing waits for what was ordered, and closing twice is closing", async () => {
    const folder = tempFolder();
    const writer = new BookingWriter(folder);
    const outcome = putWhole(writer, snapshot(1, listOfVersion(1, 500)));
    await writer.close();
    await writer.close();
    expect(await outcome).toMatchObject({ outcome: "applied" });
    await new BookingWriter(folder).close();
});
