/** The site's own book on disk: kept over restarts, begun anew when the file is damaged, and a list looked through piece by piece. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openBookings } from "../../src/store/booking-store.ts";
import { BookingWriter } from "../../src/store/booking-writer.ts";
import { openSiteBook } from "../../src/store/site-book-store.ts";
import { delta, record } from "./published-lists.ts";
import { tempFolder } from "./temp-folder.ts";

const NOTE = { is: "inside", id: "123ABC02", bookingId: null, utcMs: 5 } as const;

test("notes and the mark are kept together; a change without a note takes one away", () => {
    const folder = tempFolder();
    const before = openSiteBook(folder);
    expect(before.load()).toEqual({ mark: { journalId: "", sequence: 0 }, notes: [] });
    before.keep([{ key: "inside 123ABC02", note: NOTE }, { key: "inside 9" }], { journalId: "j", sequence: 7 });
    before.close();
    const store = openSiteBook(folder);
    expect(store.load()).toEqual({ mark: { journalId: "j", sequence: 7 }, notes: [NOTE] });
    store.keep([{ key: "inside 123ABC02" }], { journalId: "j", sequence: 8 });
    expect(store.load()).toEqual({ mark: { journalId: "j", sequence: 8 }, notes: [] });
    store.close();
});

test("a damaged file is begun anew: the journal has everything", () => {
    const folder = tempFolder();
    writeFileSync(join(folder, "book.db"), "this is no database, but long enough to be taken for one".repeat(100));
    const store = openSiteBook(folder);
    expect(store.load().mark.sequence).toBe(0);
    store.close();
});

test("a list is looked through piece by piece, by the beginning of the slots", async () => {
    const folder = tempFolder();
    const hours = ["06:00:00Z", "07:00:00Z", "07:00:00.500Z", "08:00:00Z", "08:00:00.001Z"];
    const records = hours.map((hour, index) =>
        record(`b-${index}`, { slotStart: `2026-11-22T${hour}`, slotEnd: "2026-11-22T12:00:00Z" }),
    );
    const writer = new BookingWriter(folder);
    expect(await writer.change(delta(0, 1, records, records))).toMatchObject({ outcome: "applied" });
    await writer.close();
    const list = openBookings(folder);
    const slots = { fromUtcMs: Date.UTC(2026, 10, 22, 7), untilUtcMs: Date.UTC(2026, 10, 22, 8) };
    const found: string[] = [];
    let looks = 0;
    for (let after: number | undefined = 0; after !== undefined; looks += 1) {
        const piece = list.inSlots(after, 2, slots);
        found.push(...piece.bookings.map(({ id }) => id));
        after = piece.next;
    }
    expect(found.sort()).toEqual(["b-1", "b-2", "b-3"]);
    expect(looks).toBe(3);
    list.close();
});
