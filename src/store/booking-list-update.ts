/**
 * Puts a published list, or a change to it, into `bookings.db`: one transaction each, held against the hash that was
 * published with it. Runs in the list's own thread; `booking-writer.ts` is how the rest of the daemon reaches it.
 */
import { listAt, recordAt, textAt, WireError } from "../core/booking/wire-value.ts";
import type { ListDelta, ListOutcome, ListSnapshot, ListVersion } from "../ports/booking-list.ts";
import { BOOKINGS_FILE } from "./booking-schema.ts";
import type { OpenDatabase } from "./database.ts";
import { ListEdit, type ListStatements, prepareListEdit, publishList } from "./list-edit.ts";
import { ListRefusal } from "./list-refusal.ts";
import { ListStaging } from "./list-staging.ts";
import { parseJson, wireBookings } from "./list-text.ts";
import { guard } from "./store-errors.ts";

const CHANGES = new Set(["upsert", "remove"]);

/** Does at once, in the calling thread, what `BookingListWriter` promises. */
export class BookingListUpdate {
    readonly #db: OpenDatabase;
    readonly #staging: ListStaging;
    readonly #sql: ListStatements;

    constructor(db: OpenDatabase) {
        this.#db = db;
        this.#staging = guard(BOOKINGS_FILE, () => new ListStaging(db));
        this.#sql = guard(BOOKINGS_FILE, () => prepareListEdit(db));
    }

    /** Throws away what is staged. */
    begin(): void {
        guard(BOOKINGS_FILE, () => this.#staging.begin());
    }

    /** Reads a part of the list that is arriving. What is wrong with it comes out in `replace`; a fault of the disk at once. */
    stage(part: string): void {
        guard(BOOKINGS_FILE, () => this.#staging.add(part));
    }

    replace({ version, hash, mayGoBack = false }: ListSnapshot): ListOutcome {
        return this.#transaction((now) => {
            if (version < now.version && !mayGoBack) return undefined;
            if (version === now.version) {
                if (hash === now.hash) return undefined;
                if (!mayGoBack) {
                    throw new ListRefusal("LIST_HASH", `version ${version} is here already, with the hash ${now.hash}`);
                }
            }
            const content = this.#staging.content();
            this.#staging.takeOver();
            return publishList(this.#sql, content, version, hash);
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
            const edit = new ListEdit(this.#sql);
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
}
