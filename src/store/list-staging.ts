/**
 * A list on its way in: its bookings are read, checked and added up part by part while the rest is still arriving, in a
 * table in memory that nobody else sees. What then remains to be done at once is one copy inside SQLite.
 */
import type { Statement } from "better-sqlite3";
import { WireError } from "../core/booking/wire-value.ts";
import type { OpenDatabase } from "./database.ts";
import { type ListContent, ListSum } from "./list-edit.ts";
import { ListRefusal } from "./list-refusal.ts";
import { parseJson, wireBookings } from "./list-text.ts";
import { plateColumns } from "./plate-columns.ts";

/** Columns as in `bookings`. */
const TABLE = `
    CREATE TEMP TABLE IF NOT EXISTS staged (
        id TEXT NOT NULL,
        record TEXT NOT NULL,
        tractor TEXT,
        tractor_folded TEXT,
        trailer_1 TEXT,
        trailer_2 TEXT
    ) STRICT`;

export class ListStaging {
    readonly #clear: Statement;
    readonly #insert: Statement<[string, string, ...(string | null)[]]>;
    readonly #addPart: (part: Uint8Array) => void;
    #sum = new ListSum();
    #ids = new Set<string>();
    #parts = 0;
    #refusal: Error | undefined;

    constructor(db: OpenDatabase) {
        db.pragma("temp_store = MEMORY");
        db.exec(TABLE);
        this.#clear = db.prepare("DELETE FROM staged");
        this.#insert = db.prepare("INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?)");
        this.#addPart = db.transaction((part: Uint8Array) => this.#read(part));
    }

    begin(): void {
        this.#clear.run();
        this.#sum = new ListSum();
        this.#ids = new Set();
        this.#parts = 0;
        this.#refusal = undefined;
    }

    add(part: Uint8Array): void {
        this.#parts += 1;
        if (this.#refusal !== undefined) return;
        try {
            this.#addPart(part);
        } catch (error) {
            if (!(error instanceof WireError || error instanceof ListRefusal)) throw error;
            this.#refusal = error;
        }
    }

    /** What all parts together hold. Throws what was wrong with the first bad one: `ListRefusal` or `WireError`. */
    content(): ListContent {
        if (this.#refusal !== undefined) throw this.#refusal;
        return this.#sum;
    }

    #read(part: Uint8Array): void {
        for (const { booking, canonical } of wireBookings(parseJson(part), `part ${this.#parts}: $`)) {
            if (this.#ids.has(booking.id)) {
                throw new ListRefusal("LIST_CONTENT", `the booking ${booking.id} stands in it twice`);
            }
            this.#ids.add(booking.id);
            const { tractor, tractorFolded, trailer1, trailer2 } = plateColumns(booking);
            this.#insert.run(booking.id, canonical, tractor, tractorFolded, trailer1, trailer2);
            this.#sum.add(canonical, tractorFolded);
        }
    }
}
