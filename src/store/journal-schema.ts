/** Tables of `journal.db`. A change is a new text at the end; those above it are never touched again. */
import { join } from "node:path";
import { LOCK_WAIT_MS, type OpenDatabase, openDatabase, openReadOnly } from "./database.ts";

export const JOURNAL_FILE = "journal.db";

/**
 * `journal` has one row: who this journal is, and where its chain begins after pruning. The outbox holds sequences only;
 * `refused` is set when the broker cannot carry the fact. A foreign key keeps a fact while the outbox still names it.
 * `deliveries` and `set_aside` are the marks of further ways out (`delivery-store.ts`).
 */
const MIGRATIONS = [
    `
    CREATE TABLE journal (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        journal_id TEXT NOT NULL,
        pruned_sequence INTEGER NOT NULL,
        pruned_hash TEXT NOT NULL
    ) STRICT;
    CREATE TABLE facts (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        lane TEXT,
        passage TEXT,
        data TEXT NOT NULL,
        utc_ms INTEGER NOT NULL,
        is_clock_trusted INTEGER NOT NULL CHECK (is_clock_trusted IN (0, 1)),
        hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX facts_by_passage ON facts (passage) WHERE passage IS NOT NULL;
    CREATE TABLE outbox (sequence INTEGER PRIMARY KEY REFERENCES facts (sequence), refused TEXT) STRICT;
    CREATE TABLE open_passages (
        passage TEXT PRIMARY KEY,
        lane TEXT NOT NULL,
        opened_by INTEGER NOT NULL REFERENCES facts (sequence)
    ) STRICT;
    CREATE TABLE inputs (
        id INTEGER PRIMARY KEY,
        lane TEXT NOT NULL,
        passage TEXT NOT NULL,
        after_sequence INTEGER NOT NULL,
        chunk BLOB NOT NULL
    ) STRICT;
    CREATE INDEX inputs_by_passage ON inputs (passage);
    CREATE TABLE evidence (
        number INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL,
        kind TEXT NOT NULL,
        passage TEXT NOT NULL,
        camera TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        utc_ms INTEGER NOT NULL,
        is_clock_trusted INTEGER NOT NULL CHECK (is_clock_trusted IN (0, 1)),
        UNIQUE (passage, sha256)
    ) STRICT;
    CREATE INDEX evidence_by_hash ON evidence (sha256);
    CREATE INDEX evidence_by_age ON evidence (utc_ms) WHERE is_clock_trusted = 1;
    CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        reason TEXT NOT NULL,
        utc_ms INTEGER NOT NULL,
        payload BLOB NOT NULL
    ) STRICT;
    `,
    `
    CREATE TABLE deliveries (way TEXT PRIMARY KEY, settled INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE set_aside (
        sequence INTEGER NOT NULL REFERENCES facts (sequence) ON DELETE CASCADE,
        way TEXT NOT NULL,
        reason TEXT NOT NULL,
        released_by TEXT,
        released_why TEXT,
        PRIMARY KEY (sequence, way)
    ) STRICT, WITHOUT ROWID;
    `,
    "CREATE TABLE used_nonces (nonce TEXT PRIMARY KEY, expires_utc_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID",
];

/** Deleted rows are overwritten with zeros: what retention removed must not be readable in free pages. */
export function openJournalDatabase(folder: string): OpenDatabase {
    const db = openDatabase(join(folder, JOURNAL_FILE), MIGRATIONS, LOCK_WAIT_MS.lane);
    db.pragma("secure_delete = ON");
    db.pragma("cache_size = -4096"); // KiB. Facts are written at the end and read once, in order: more would only fill up.
    return db;
}

export function openJournalReadOnly(folder: string): OpenDatabase {
    return openReadOnly(join(folder, JOURNAL_FILE));
}
