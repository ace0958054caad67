/** The rows of `bookings.db` that one transaction changes, and the hash and count that they add up to. */
import type { WireBooking } from "../core/booking/booking-wire.ts";
import type { ListVersion } from "../ports/booking-list.ts";
import { bookingColumns, COLUMN_NAMES, type ColumnValue, columnValues } from "./booking-columns.ts";
import { listReader, type PublishedList } from "./booking-schema.ts";
import type { OpenDatabase } from "./database.ts";
import { EMPTY_LIST_HASH, ListHash } from "./list-hash.ts";
import { ListRefusal } from "./list-refusal.ts";

/** What bookings add up to. */
export interface ListContent {
    readonly hash: ListHash;
    readonly bookings: number;
    /** Every sign of a folded tractor key. */
    readonly signs: ReadonlySet<string>;
}

/** Adds bookings up, from nothing or from what a list held before. */
export class ListSum implements ListContent {
    readonly hash: ListHash;
    readonly signs: Set<string>;
    bookings: number;

    constructor(before?: PublishedList) {
        this.hash = new ListHash(before?.hash ?? EMPTY_LIST_HASH);
        this.signs = new Set(before?.signs);
        this.bookings = before?.bookings ?? 0;
    }

    add(canonical: string, tractorFolded: string | null): void {
        this.hash.add(canonical);
        for (const sign of tractorFolded ?? "") this.signs.add(sign);
        this.bookings += 1;
    }

    subtract(canonical: string): void {
        this.hash.subtract(canonical);
        this.bookings -= 1;
    }
}

export class ListEdit {
    readonly #sql: ListStatements;
    readonly #sum: ListSum;
    readonly #inserted = new Set<string>();

    constructor(sql: ListStatements) {
        this.#sql = sql;
        this.#sum = new ListSum(sql.list());
    }

    insert({ booking, canonical }: WireBooking): void {
        if (this.#inserted.has(booking.id)) {
            throw new ListRefusal("LIST_CONTENT", `the booking ${booking.id} stands in it twice`);
        }
        this.#inserted.add(booking.id);
        const columns = bookingColumns(booking);
        this.#sql.insert.run(booking.id, canonical, ...columnValues(columns));
        this.#sum.add(canonical, columns.tractorFolded);
    }

    /** Does nothing for an id that the list does not hold: whether that is right, the hash will say. */
    remove(id: string): void {
        const record = this.#sql.remove.get(id);
        if (record !== undefined) this.#sum.subtract(record);
    }

    /** The last step. Throws `ListRefusal` when the rows do not add up to what was published. */
    publish(version: number, hash: string): ListVersion {
        return publishList(this.#sql, this.#sum, version, hash);
    }
}

/** Names the version that the rows now are. Throws `ListRefusal` when they do not add up to what was published. */
export function publishList(sql: ListStatements, content: ListContent, version: number, hash: string): ListVersion {
    const own = content.hash.hex();
    if (hash !== own) {
        throw new ListRefusal(
            "LIST_HASH",
            `version ${version} was published with the hash ${hash}, its content has ${own}`,
        );
    }
    const now = { version, hash, bookings: content.bookings };
    sql.publish.run({ ...now, signs: [...content.signs].join("") });
    return now;
}

export type ListStatements = ReturnType<typeof prepareListEdit>;

export function prepareListEdit(db: OpenDatabase) {
    return {
        list: listReader(db),
        publish: db.prepare<[PublishedList]>(
            "UPDATE list SET version = @version, hash = @hash, bookings = @bookings, signs = @signs",
        ),
        insert: db.prepare<[string, string, ...ColumnValue[]]>(
            `INSERT INTO bookings (id, record, ${COLUMN_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ),
        remove: db.prepare<[string], string>("DELETE FROM bookings WHERE id = ? RETURNING record").pluck(),
    };
}
