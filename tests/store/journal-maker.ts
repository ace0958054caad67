/** Journals with facts in them, and a look at their rows past the program. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import type { FactDraft, FactKind } from "../../src/core/fact/fact.ts";
import { type JournalStore, openJournal } from "../../src/store/journal-store.ts";

/** 2026-11-22T08:00:00Z. */
export const MORNING_MS = 1_795_334_400_000;
export const trusted = (utcMs = MORNING_MS) => ({ utcMs, isClockTrusted: true });

export function fact(kind: FactKind, about: Partial<FactDraft> = {}): FactDraft {
    return { kind, data: {}, ...about };
}

export function ofPassage(kind: FactKind, passage: string, data: FactDraft["data"] = {}): FactDraft {
    return { kind, lane: "in-1", passage, data };
}

/** Closed when the test is done. */
export function journalIn(folder: string): JournalStore {
    const journal = openJournal(folder);
    onTestFinished(() => journal.close());
    return journal;
}

/** A connection that knows nothing of the program, as somebody with a file manager and SQLite has it. */
export function rawJournal(folder: string): Database.Database {
    const db = new Database(join(folder, "journal.db"));
    onTestFinished(() => {
        db.close();
    });
    return db;
}
