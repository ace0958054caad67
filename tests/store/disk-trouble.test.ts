/** A disk that is full, read-only, damaged or locked: the fault has its code, nothing is half done, and it goes on afterwards. */
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { verifyChain, verifyJournal } from "../../src/store/journal-audit.ts";
import { openJournalDatabase } from "../../src/store/journal-schema.ts";
import { JournalStore, openJournal } from "../../src/store/journal-store.ts";
import { fact, journalIn, ofPassage, rawJournal, trusted } from "./journal-maker.ts";
import { tempFolder } from "./temp-folder.ts";

const large = { facts: [ofPassage("vehicle.arrived", "p-9", { note: "x".repeat(400_000) }), fact("alarm.raised")] };

describe("a full disk", () => {
    test("refuses the commit as a whole; with room again the next sequence follows", () => {
        const db = openJournalDatabase(tempFolder());
        const journal = new JournalStore(db);
        onTestFinished(() => journal.close());
        journal.commit({ facts: [fact("lane.started")] }, trusted());
        const before = journal.head();
        const pages = Number(db.pragma("page_count", { simple: true }));
        db.pragma(`max_page_count = ${pages + 3}`);

        expect(() => journal.commit(large, trusted())).toThrow(
            expect.objectContaining({ code: "DISK_FULL", message: expect.stringContaining("Free space") }),
        );
        expect(journal.head()).toEqual(before);
        expect(journal.depth()).toBe(1);
        expect(journal.openPassages()).toEqual([]);
        expect(journal.passageRecord("p-9").facts).toEqual([]);

        db.pragma("max_page_count = 1000000");
        const committed = journal.commit(large, trusted());
        expect(committed.map(({ sequence }) => sequence)).toEqual([2, 3]);
        expect(verifyChain(db)).toMatchObject({ isIntact: true, facts: 3 });
    });
});

test("a read-only file refuses the commit", () => {
    const db = openJournalDatabase(tempFolder());
    const journal = new JournalStore(db);
    onTestFinished(() => journal.close());
    db.pragma("query_only = ON");
    expect(() => journal.commit({ facts: [fact("lane.started")] }, trusted())).toThrow(
        expect.objectContaining({ code: "DISK_READ_ONLY", message: expect.stringContaining("kernel log") }),
    );
    expect(journal.head().sequence).toBe(0);
});

test("a file that another process holds is busy, and free again afterwards", () => {
    const folder = tempFolder();
    const journal = journalIn(folder);
    const other = rawJournal(folder);
    other.exec("BEGIN IMMEDIATE");
    expect(() => journal.commit({ facts: [fact("lane.started")] }, trusted())).toThrow(
        expect.objectContaining({ code: "DATABASE_BUSY", message: expect.stringContaining("Try again") }),
    );
    other.exec("ROLLBACK");
    expect(journal.commit({ facts: [fact("lane.started")] }, trusted())).toMatchObject([{ sequence: 1 }]);
});

test("a second daemon on the same journal is refused by its first commit, not by a broken chain", () => {
    const folder = tempFolder();
    const journal = journalIn(folder);
    const second = journalIn(folder);
    journal.commit({ facts: [fact("lane.started")] }, trusted());
    expect(() => second.commit({ facts: [fact("lane.started")] }, trusted())).toThrow(
        expect.objectContaining({
            code: "DATABASE_BUSY",
            message: expect.stringContaining("which other kordon is running"),
        }),
    );
    expect(verifyJournal(folder)).toMatchObject({ isIntact: true, facts: 1 });
});

test("a page of nonsense in the middle is found out, by reading and by the audit", () => {
    const folder = tempFolder();
    const journal = openJournal(folder);
    for (let n = 0; n < 300; n += 1) {
        journal.commit({ facts: [ofPassage("vehicle.recognised", `p-${n}`, { note: "x".repeat(300) })] }, trusted());
    }
    journal.close();
    const path = join(folder, "journal.db");
    const file = openSync(path, "r+");
    const middle = Math.floor(statSync(path).size / 2 / 4096) * 4096;
    writeSync(file, new Uint8Array(8 * 4096).fill(0xa5), 0, 8 * 4096, middle);
    closeSync(file);

    expect(() => verifyJournal(folder)).toThrow(expect.objectContaining({ code: "DATABASE_CORRUPT" }));
    expect(() => journalIn(folder).factsAfter(0, 1_000)).toThrow(
        expect.objectContaining({
            code: "DATABASE_CORRUPT",
            message: expect.stringContaining("journal.db: the file is damaged"),
        }),
    );
});
