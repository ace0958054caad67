/**
 * The site's own book on disk, `book.db`: progress seen here, lists from outside the queue, calls, quotas. A file apart from the
 * central system's list, so that no snapshot ever touches it, and apart from the journal, from which it can be made again:
 * therefore commits are not flushed one by one, and a damaged file is removed.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BookChange, BookNote } from "../core/queue/book-note.ts";
import type { BookKeeper, BookMark } from "../ports/book-keeper.ts";
import { StoreFault } from "../ports/journal.ts";
import { LOCK_WAIT_MS, type OpenDatabase, openDatabase } from "./database.ts";
import { guard } from "./store-errors.ts";

const BOOK_FILE = "book.db";

const MIGRATIONS = [
    `
    CREATE TABLE mark (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        journal_id TEXT NOT NULL,
        sequence INTEGER NOT NULL
    ) STRICT;
    INSERT INTO mark VALUES (1, '', 0);
    CREATE TABLE notes (key TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT, WITHOUT ROWID;
    `,
];

/** Opens `book.db` in the site's state folder, made if it is not there. Throws `StoreFault`. */
export function openSiteBook(folder: string): SiteBookStore {
    try {
        return new SiteBookStore(openBookDatabase(folder));
    } catch (error) {
        if (!(error instanceof StoreFault) || error.code !== "DATABASE_CORRUPT") throw error;
        for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, `${BOOK_FILE}${suffix}`), { force: true });
        return new SiteBookStore(openBookDatabase(folder));
    }
}

function openBookDatabase(folder: string): OpenDatabase {
    const db = openDatabase(join(folder, BOOK_FILE), MIGRATIONS, LOCK_WAIT_MS.lane);
    // What a power cut takes from here is read again from the journal, after the mark.
    guard(BOOK_FILE, () => db.pragma("synchronous = NORMAL"));
    return db;
}

export class SiteBookStore implements BookKeeper {
    readonly #db: OpenDatabase;
    readonly #sql: ReturnType<typeof prepare>;

    constructor(db: OpenDatabase) {
        this.#db = db;
        this.#sql = guard(BOOK_FILE, () => prepare(db));
    }

    load(): { readonly mark: BookMark; readonly notes: readonly BookNote[] } {
        return guard(BOOK_FILE, () => ({
            mark: this.#sql.mark.get() ?? { journalId: "", sequence: 0 },
            notes: this.#sql.notes.all().map((note) => JSON.parse(note) as BookNote),
        }));
    }

    keep(changes: readonly BookChange[], mark: BookMark): void {
        const write = this.#db.transaction(() => {
            for (const { key, note } of changes) {
                if (note === undefined) this.#sql.drop.run(key);
                else this.#sql.put.run(key, JSON.stringify(note));
            }
            this.#sql.moveMark.run(mark.journalId, mark.sequence);
        });
        guard(BOOK_FILE, () => write.immediate());
    }

    clear(): void {
        const write = this.#db.transaction(() => {
            this.#sql.dropAll.run();
            this.#sql.moveMark.run("", 0);
        });
        guard(BOOK_FILE, () => write.immediate());
    }

    close(): void {
        guard(BOOK_FILE, () => this.#db.close());
    }
}

function prepare(db: OpenDatabase) {
    return {
        mark: db.prepare<[], BookMark>("SELECT journal_id AS journalId, sequence FROM mark"),
        moveMark: db.prepare<[string, number]>("UPDATE mark SET journal_id = ?, sequence = ?"),
        notes: db.prepare<[], string>("SELECT note FROM notes").pluck(),
        put: db.prepare<[string, string]>("INSERT OR REPLACE INTO notes VALUES (?, ?)"),
        drop: db.prepare<[string]>("DELETE FROM notes WHERE key = ?"),
        dropAll: db.prepare("DELETE FROM notes"),
    };
}
