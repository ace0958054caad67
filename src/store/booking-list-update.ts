/**
 * Puts a published list, or a change to it, into `bookings.db`: one transaction each, held against the hash that was
 * published with it. Runs in the list's own thread; `booking-writer.ts` is how the rest of the daemon reaches it.
 */
import { parseWireBooking, type WireBooking } from "../core/booking/booking-wire.ts";
import { listAt, recordAt, textAt, WireError } from "../core/booking/wire-value.ts";
import type { ListDelta, ListOutcome, ListSnapshot, ListVersion } from "../ports/booking-list.ts";
import { BOOKINGS_FILE } from "./booking-schema.ts";
import type { OpenDatabase } from "./database.ts";
import { ListEdit, ListRefusal, type ListStatements, prepareListEdit } from "./list-edit.ts";
import { guard } from "./store-errors.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const CHANGES = new Set(["upsert", "remove"]);

/** Does at once, in the calling thread, what `BookingListWriter` promises. */
export class BookingListUpdate {
    readonly #db: OpenDatabase;
    readonly #sql: ListStatements;

    constructor(db: OpenDatabase) {
        this.#db = db;
        this.#sql = guard(BOOKINGS_FILE, () => prepareListEdit(db));
    }

    replace({ version, hash, parts }: ListSnapshot): ListOutcome {
        return this.#transaction((now) => {
            if (version < now.version) return undefined;
            if (version === now.version) {
                if (hash === now.hash) return undefined;
                throw new ListRefusal("LIST_HASH", `version ${version} is here already, with the hash ${now.hash}`);
            }
            const edit = ListEdit.empty(this.#sql);
            this.#withoutIndexes(() => {
                for (const [index, part] of parts.entries()) {
                    for (const booking of wireBookings(parseJson(part), `part ${index + 1}: $`)) edit.insert(booking);
                }
            });
            return edit.publish(version, hash);
        });
    }

    change({ from, to, hash, changes }: ListDelta): ListOutcome {
        return this.#transaction((now) => {
            if (to <= now.version) return undefined;
            if (from !== now.version) {
                throw new ListRefusal(
                    "LIST_GAP",
                    `a change from ${from} to ${to}, and the list here is ${now.version}`,
                );
            }
            const record = recordAt(parseJson(changes), "$", CHANGES);
            const ids = listAt(record["remove"], "$.remove").map((id, index) => textAt(id, `$.remove[${index}]`, 64));
            const bookings = [...wireBookings(record["upsert"], "$.upsert")];
            const edit = ListEdit.of(this.#sql);
            for (const id of ids) edit.remove(id);
            for (const { booking } of bookings) edit.remove(booking.id);
            for (const booking of bookings) edit.insert(booking);
            return edit.publish(to, hash);
        });
    }

    /** `act` gives the version it published, or undefined when there was nothing to do. */
    #transaction(act: (now: ListVersion) => ListVersion | undefined): ListOutcome {
        const transaction = this.#db.transaction((): ListOutcome => {
            const { version, hash, bookings } = this.#sql.list();
            const before = { version, hash, bookings };
            const after = act(before);
            return after === undefined ? { outcome: "ignored", now: before } : { outcome: "applied", now: after };
        });
        try {
            return guard(BOOKINGS_FILE, () => transaction.immediate());
        } catch (error) {
            if (error instanceof ListRefusal) return { outcome: "refused", code: error.code, reason: error.message };
            if (error instanceof WireError) return { outcome: "refused", code: "LIST_CONTENT", reason: error.message };
            throw error;
        }
    }

    /** Sorting an index once takes half the time of keeping it sorted while rows come in. */
    #withoutIndexes(fill: () => void): void {
        const indexes = this.#sql.indexes.all();
        for (const { name } of indexes) this.#db.exec(`DROP INDEX ${name}`);
        fill();
        for (const { sql } of indexes) this.#db.exec(sql);
    }
}

function parseJson(bytes: Uint8Array): unknown {
    try {
        return JSON.parse(UTF8.decode(bytes));
    } catch (error) {
        throw new ListRefusal("LIST_CONTENT", `not JSON in UTF-8: ${error instanceof Error ? error.message : error}`);
    }
}

function* wireBookings(json: unknown, path: string): Generator<WireBooking> {
    for (const [index, record] of listAt(json, path).entries()) {
        try {
            yield parseWireBooking(record);
        } catch (error) {
            throw error instanceof WireError
                ? new WireError(`${path}[${index}]${error.path.slice(1)}`, error.expected)
                : error;
        }
    }
}
