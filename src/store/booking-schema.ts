/** Tables of `bookings.db`. A change is a new text at the end; those above it are never touched again. */
import { join } from "node:path";
import type { ListVersion } from "../ports/booking-list.ts";
import { StoreFault } from "../ports/journal.ts";
import { refreshColumns } from "./booking-columns.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";
import { EMPTY_LIST_HASH } from "./list-hash.ts";
import { guard } from "./store-errors.ts";

export const BOOKINGS_FILE = "bookings.db";

/**
 * `list` has one row: which published version the table `bookings` holds. A booking is kept as its canonical wire text, the
 * very text that the list's hash covers; the columns behind it are there to be looked up by. `tractor_folded` is the key
 * with the signs made equal that cameras confuse; `signs` are all characters in that column, for near look-ups;
 * `plate_rules` says which rules the keys were made by.
 */
const MIGRATIONS = [
    `
    CREATE TABLE list (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        version INTEGER NOT NULL,
        hash TEXT NOT NULL,
        bookings INTEGER NOT NULL,
        signs TEXT NOT NULL,
        plate_rules TEXT NOT NULL
    ) STRICT;
    INSERT INTO list VALUES (1, 0, '${EMPTY_LIST_HASH}', 0, '', '');
    CREATE TABLE bookings (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        record TEXT NOT NULL,
        tractor TEXT,
        tractor_folded TEXT,
        trailer_1 TEXT,
        trailer_2 TEXT
    ) STRICT;
    CREATE UNIQUE INDEX bookings_by_id ON bookings (id);
    CREATE INDEX bookings_by_tractor ON bookings (tractor_folded, tractor);
    CREATE INDEX bookings_by_trailer_1 ON bookings (trailer_1) WHERE trailer_1 IS NOT NULL;
    CREATE INDEX bookings_by_trailer_2 ON bookings (trailer_2) WHERE trailer_2 IS NOT NULL;
    `,
    // The boards ask for those that are called, whatever words the central system has for it. Nearly all others wait.
    `
    ALTER TABLE bookings ADD COLUMN is_called INTEGER;
    CREATE INDEX bookings_called ON bookings (is_called) WHERE is_called = 1;
    `,
];

/** Commits are not flushed: a power cut may bring back the list before, which the central system then brings up to date. */
export function openBookingDatabase(folder: string, lockWaitMs: number): OpenDatabase {
    const db = openDatabase(join(folder, BOOKINGS_FILE), MIGRATIONS, lockWaitMs, "NORMAL");
    guard(BOOKINGS_FILE, () => refreshColumns(db));
    return db;
}

/** The row of the table `list`. */
export interface PublishedList extends ListVersion {
    /** Every sign that stands in a folded tractor key of the list. */
    readonly signs: string;
}

/** A way to read which version is published. */
export function listReader(db: OpenDatabase): () => PublishedList {
    const row = db.prepare<[], PublishedList>("SELECT version, hash, bookings, signs FROM list");
    return () => {
        const list = row.get();
        if (list !== undefined) return list;
        throw new StoreFault(
            "DATABASE_CORRUPT",
            `${BOOKINGS_FILE}: the row of the table list is gone. Stop the daemon and remove the file`,
        );
    };
}
