/** The rows of `bookings.db` that one transaction changes, and the hash and count that they add up to. */
import type { WireBooking } from "../core/booking/booking-wire.ts";
import type { ListOutcome, ListVersion } from "../ports/booking-list.ts";
import { listReader, type PublishedList } from "./booking-schema.ts";
import type { OpenDatabase } from "./database.ts";
import { EMPTY_LIST_HASH, ListHash } from "./list-hash.ts";
import { plateColumns } from "./plate-columns.ts";

/** Why a list is not taken; thrown inside a transaction, it undoes it. */
export class ListRefusal extends Error {
    readonly code: Extract<ListOutcome, { outcome: "refused" }>["code"];
    constructor(code: ListRefusal["code"], message: string) {
        super(message);
        this.name = "ListRefusal";
        this.code = code;
    }
}

export class ListEdit {
    readonly #sql: ListStatements;
    readonly #hash: ListHash;
    readonly #signs: Set<string>;
    readonly #inserted = new Set<string>();
    #bookings: number;

    private constructor(sql: ListStatements, before: PublishedList) {
        this.#sql = sql;
        this.#hash = new ListHash(before.hash);
        this.#signs = new Set(before.signs);
        this.#bookings = before.bookings;
    }

    /** Goes on from the list that is there. */
    static of(sql: ListStatements): ListEdit {
        return new ListEdit(sql, sql.list());
    }

    /** Begins by taking out every booking. */
    static empty(sql: ListStatements): ListEdit {
        sql.clear.run();
        return new ListEdit(sql, { version: 0, hash: EMPTY_LIST_HASH, bookings: 0, signs: "" });
    }

    insert({ booking, canonical }: WireBooking): void {
        if (this.#inserted.has(booking.id)) {
            throw new ListRefusal("LIST_CONTENT", `the booking ${booking.id} stands in it twice`);
        }
        this.#inserted.add(booking.id);
        const plates = plateColumns(booking);
        for (const sign of plates.tractorFolded ?? "") this.#signs.add(sign);
        const { tractor, tractorFolded, trailer1, trailer2 } = plates;
        this.#sql.insert.run(booking.id, canonical, tractor, tractorFolded, trailer1, trailer2);
        this.#hash.add(canonical);
        this.#bookings += 1;
    }

    /** Does nothing for an id that the list does not hold: whether that is right, the hash will say. */
    remove(id: string): void {
        const record = this.#sql.remove.get(id);
        if (record === undefined) return;
        this.#hash.subtract(record);
        this.#bookings -= 1;
    }

    /** The last step. Throws `ListRefusal` when the rows are not what was published. */
    publish(version: number, hash: string): ListVersion {
        const own = this.#hash.hex();
        if (hash !== own) {
            throw new ListRefusal(
                "LIST_HASH",
                `version ${version} was published with the hash ${hash}, its content has ${own}`,
            );
        }
        const now = { version, hash, bookings: this.#bookings };
        this.#sql.publish.run({ ...now, signs: [...this.#signs].join("") });
        return now;
    }
}

export type ListStatements = ReturnType<typeof prepareListEdit>;

export function prepareListEdit(db: OpenDatabase) {
    return {
        list: listReader(db),
        publish: db.prepare<[PublishedList]>(
            "UPDATE list SET version = @version, hash = @hash, bookings = @bookings, signs = @signs",
        ),
        clear: db.prepare("DELETE FROM bookings"),
        insert: db.prepare<[string, string, ...(string | null)[]]>(
            "INSERT INTO bookings (id, record, tractor, tractor_folded, trailer_1, trailer_2) VALUES (?, ?, ?, ?, ?, ?)",
        ),
        remove: db.prepare<[string], string>("DELETE FROM bookings WHERE id = ? RETURNING record").pluck(),
        indexes: db.prepare<[], { name: string; sql: string }>(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'bookings' AND sql IS NOT NULL",
        ),
    };
}
