/**
 * A list on its way in: its bookings are read, checked and added up part by part while the rest is still arriving, in a
 * table beside the one in force. Each part is a transaction of its own, so that the disk gets little at a time and the
 * journal of the lanes next to it does not wait; what remains in the end is to put one table in the place of the other.
 */
import type { Statement } from "better-sqlite3";
import { WireError } from "../core/booking/wire-value.ts";
import type { OpenDatabase } from "./database.ts";
import { type ListContent, ListSum } from "./list-edit.ts";
import { ListRefusal } from "./list-refusal.ts";
import { parseJson, wireBookings } from "./list-text.ts";
import { plateColumns } from "./plate-columns.ts";

export class ListStaging {
    readonly #db: OpenDatabase;
    #insert: Statement<[string, string, ...(string | null)[]]> | undefined;
    #sum = new ListSum();
    #ids = new Set<string>();
    #parts = 0;
    #refusal: Error | undefined;

    constructor(db: OpenDatabase) {
        this.#db = db;
    }

    /** Also throws away what a process that died had staged. */
    begin(): void {
        this.#db.transaction(() => {
            this.#db.exec("DROP TABLE IF EXISTS staged");
            const bookings = this.#db
                .prepare<[], string>("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'bookings'")
                .pluck()
                .get();
            this.#db.exec(String(bookings).replace(/^CREATE TABLE "?bookings"?/, "CREATE TABLE staged"));
        })();
        this.#insert = this.#db.prepare(
            "INSERT INTO staged (id, record, tractor, tractor_folded, trailer_1, trailer_2) VALUES (?, ?, ?, ?, ?, ?)",
        );
        this.#sum = new ListSum();
        this.#ids = new Set();
        this.#parts = 0;
        this.#refusal = undefined;
    }

    add(part: Uint8Array): void {
        this.#parts += 1;
        if (this.#refusal !== undefined) return;
        try {
            this.#db.transaction(() => this.#read(part))();
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

    /**
     * Puts the staged table in the place of the list in force, inside the caller's transaction. Sorting an index once takes
     * half the time of keeping it sorted while rows come in.
     */
    takeOver(): void {
        const indexes = this.#db
            .prepare<[], string>(
                "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'bookings' AND sql IS NOT NULL",
            )
            .pluck()
            .all();
        this.#db.exec("DROP TABLE bookings; ALTER TABLE staged RENAME TO bookings");
        for (const sql of indexes) this.#db.exec(sql);
    }

    #read(part: Uint8Array): void {
        for (const { booking, canonical } of wireBookings(parseJson(part), `part ${this.#parts}: $`)) {
            if (this.#ids.has(booking.id)) {
                throw new ListRefusal("LIST_CONTENT", `the booking ${booking.id} stands in it twice`);
            }
            this.#ids.add(booking.id);
            const { tractor, tractorFolded, trailer1, trailer2 } = plateColumns(booking);
            this.#insert?.run(booking.id, canonical, tractor, tractorFolded, trailer1, trailer2);
            this.#sum.add(canonical, tractorFolded);
        }
    }
}
