/**
 * A list on its way in: its bookings are read, checked and added up part by part while the rest is still arriving, in a
 * table beside the one in force. Each part is a transaction of its own, so that the disk gets little at a time and the
 * journal of the lanes next to it does not wait; what remains in the end is to put one table in the place of the other.
 */
import type { Statement } from "better-sqlite3";
import { WireError } from "../core/booking/wire-value.ts";
import { bookingColumns, COLUMN_NAMES, type ColumnValue, columnValues } from "./booking-columns.ts";
import type { OpenDatabase } from "./database.ts";
import { type ListContent, ListSum } from "./list-edit.ts";
import { ListRefusal } from "./list-refusal.ts";
import { parseJson, wireBookings } from "./list-text.ts";

type Insert = Statement<[readonly ColumnValue[]]>;

const COLUMNS = `id, record, ${COLUMN_NAMES}`;
const VALUES_A_ROW = COLUMNS.split(", ").length;
/** A call into SQLite costs nearly as much as a row. */
const ROWS_A_CALL = 40;
const VALUES_A_CALL = ROWS_A_CALL * VALUES_A_ROW;

export class ListStaging {
    readonly #db: OpenDatabase;
    #inserts: { readonly one: Insert; readonly many: Insert } | undefined;
    #sum = new ListSum();
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
        this.#inserts = { one: this.#prepareInsert(1), many: this.#prepareInsert(ROWS_A_CALL) };
        this.#sum = new ListSum();
        this.#parts = 0;
        this.#refusal = undefined;
    }

    add(part: string): void {
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
     * half the time of keeping it sorted while rows come in. Throws `ListRefusal` when a booking stands in it twice.
     */
    takeOver(): void {
        const indexes = this.#db
            .prepare<[], string>(
                "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'bookings' AND sql IS NOT NULL",
            )
            .pluck()
            .all();
        this.#db.exec("DROP TABLE bookings; ALTER TABLE staged RENAME TO bookings");
        for (const sql of indexes) this.#makeIndex(sql);
    }

    #makeIndex(sql: string): void {
        try {
            this.#db.exec(sql);
        } catch (error) {
            const twice = this.#db
                .prepare<[], string>("SELECT id FROM bookings GROUP BY id HAVING count(*) > 1 LIMIT 1")
                .pluck()
                .get();
            throw twice === undefined
                ? error
                : new ListRefusal("LIST_CONTENT", `the booking ${twice} stands in it twice`);
        }
    }

    #read(part: string): void {
        const values: ColumnValue[] = [];
        for (const { booking, canonical } of wireBookings(bookingsOf(part), `part ${this.#parts}: $.bookings`)) {
            const columns = bookingColumns(booking);
            values.push(booking.id, canonical, ...columnValues(columns));
            this.#sum.add(canonical, columns.tractorFolded);
        }
        const left = values.length % VALUES_A_CALL;
        const many = values.length - left;
        for (let at = 0; at < many; at += VALUES_A_CALL) this.#inserts?.many.run(values.slice(at, at + VALUES_A_CALL));
        for (let at = many; at < values.length; at += VALUES_A_ROW) {
            this.#inserts?.one.run(values.slice(at, at + VALUES_A_ROW));
        }
    }

    #prepareInsert(rows: number): Insert {
        const row = `(${Array(VALUES_A_ROW).fill("?").join(", ")})`;
        return this.#db.prepare(`INSERT INTO staged (${COLUMNS}) VALUES ${Array(rows).fill(row).join(", ")}`);
    }
}

/** The rest of the message was looked at where it arrived. */
function bookingsOf(part: string): unknown {
    const message = parseJson(part);
    return message instanceof Object && "bookings" in message ? message.bookings : undefined;
}
