/** Look-ups in the booking list, on a connection of their own that sees the last published version and never a half one. */
import type { Booking } from "../core/booking/booking.ts";
import { parseWireBooking } from "../core/booking/booking-wire.ts";
import type { PlateKey } from "../core/plate/plate-key.ts";
import { diffPlates, foldConfusable } from "../core/plate/plate-similarity.ts";
import type { BookingList, ListVersion, PlateHit } from "../ports/booking-list.ts";
import { BOOKINGS_FILE, listReader, openBookingDatabase } from "./booking-schema.ts";
import { LOCK_WAIT_MS, type OpenDatabase } from "./database.ts";
import { guard } from "./store-errors.ts";

/** Opens `bookings.db` in the site's state folder, made if it is not there. Throws `StoreFault`. */
export function openBookings(folder: string): BookingStore {
    return new BookingStore(openBookingDatabase(folder, LOCK_WAIT_MS.lane));
}

export class BookingStore implements BookingList {
    readonly #db: OpenDatabase;
    readonly #sql: Statements;
    #seen:
        | { readonly dataVersion: number; readonly version: ListVersion; readonly signs: readonly string[] }
        | undefined;

    constructor(db: OpenDatabase) {
        this.#db = db;
        this.#sql = guard(BOOKINGS_FILE, () => prepare(db));
    }

    version(): ListVersion {
        return guard(BOOKINGS_FILE, () => this.#list().version);
    }

    byPlate(key: PlateKey): readonly PlateHit[] {
        return guard(BOOKINGS_FILE, () =>
            this.#sql.byPlate
                .all({ key, folded: foldConfusable(key) })
                .map(({ role, record }) => ({ role, booking: toBooking(record) })),
        );
    }

    near(key: PlateKey, limit: number): readonly Booking[] {
        if (key === "") return [];
        return guard(BOOKINGS_FILE, () => {
            const around = [...neighbours([...foldConfusable(key)], this.#list().signs)];
            const keys = this.#sql.tractorsLike.all(JSON.stringify(around)).filter((other) => other !== key);
            return keys
                .map((other) => ({ other, distance: diffPlates(key, other).distance }))
                .sort((a, b) => a.distance - b.distance || (a.other < b.other ? -1 : 1))
                .slice(0, limit)
                .flatMap(({ other }) => this.#sql.byTractor.all(foldConfusable(other), other).map(toBooking))
                .slice(0, limit);
        });
    }

    byId(id: string): Booking | undefined {
        return guard(BOOKINGS_FILE, () => {
            const record = this.#sql.byId.get(id);
            return record === undefined ? undefined : toBooking(record);
        });
    }

    close(): void {
        guard(BOOKINGS_FILE, () => this.#db.close());
    }

    /** `data_version` changes whenever another connection has committed; asking for it costs no disk access. */
    #list(): { readonly version: ListVersion; readonly signs: readonly string[] } {
        const dataVersion = this.#sql.dataVersion.get() ?? 0;
        if (this.#seen?.dataVersion !== dataVersion) {
            const { signs, ...version } = this.#sql.list();
            this.#seen = { dataVersion, version, signs: [...signs] };
        }
        return this.#seen;
    }
}

/** The text itself and every text with one sign taken out, exchanged or put in. */
function neighbours(text: readonly string[], signs: readonly string[]): ReadonlySet<string> {
    const found = new Set([text.join("")]);
    for (let place = 0; place <= text.length; place += 1) {
        const before = text.slice(0, place).join("");
        const after = text.slice(place).join("");
        const afterNext = text.slice(place + 1).join("");
        found.add(before + afterNext);
        for (const sign of signs) {
            found.add(before + sign + after);
            if (place < text.length) found.add(before + sign + afterNext);
        }
    }
    return found;
}

function toBooking(record: string): Booking {
    return parseWireBooking(JSON.parse(record)).booking;
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: OpenDatabase) {
    return {
        dataVersion: db.prepare<[], number>("PRAGMA data_version").pluck(),
        list: listReader(db),
        byId: db.prepare<[string], string>("SELECT record FROM bookings WHERE id = ?").pluck(),
        byPlate: db.prepare<[{ key: string; folded: string }], { role: PlateHit["role"]; record: string }>(
            `SELECT 'tractor' AS role, record FROM bookings WHERE tractor_folded = @folded AND tractor = @key
             UNION ALL SELECT 'trailer', record FROM bookings WHERE trailer_1 = @key OR trailer_2 = @key`,
        ),
        byTractor: db
            .prepare<[string, string], string>("SELECT record FROM bookings WHERE tractor_folded = ? AND tractor = ?")
            .pluck(),
        tractorsLike: db
            .prepare<[string], PlateKey>(
                `SELECT DISTINCT tractor FROM json_each(?) CROSS JOIN bookings ON tractor_folded = json_each.value`,
            )
            .pluck(),
    };
}
