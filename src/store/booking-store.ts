/** Look-ups in the booking list, on a connection of their own that sees the last published version and never a half one. */
import { join } from "node:path";
import type { Booking } from "../core/booking/booking.ts";
import { parseWireBooking } from "../core/booking/booking-wire.ts";
import type { PlateKey } from "../core/plate/plate-key.ts";
import { diffPlates, foldConfusable } from "../core/plate/plate-similarity.ts";
import type { BookingCalls, BookingList, BookingSlots, ListVersion, PlateHit } from "../ports/booking-list.ts";
import { StoreFault } from "../ports/journal.ts";
import { BOOKINGS_FILE, listReader, openBookingDatabase } from "./booking-schema.ts";
import { LOCK_WAIT_MS, type OpenDatabase, setAside } from "./database.ts";
import { guard } from "./store-errors.ts";

/**
 * Holds the indexes of the plates of 1,000,000 bookings; the pages of single bookings come and go. A page that is not here
 * is a call into the system, after which a busy machine lets others go first. A shorter list takes as much less.
 */
const CACHE_KIB = 65_536;

/**
 * Opens `bookings.db` in the site's state folder, made if it is not there. A damaged file is set aside where `onDamaged` wants
 * to hear of it: the list is the central system's, which sends it again. Throws `StoreFault`.
 */
export function openBookings(folder: string, onDamaged?: (fault: StoreFault, kept: string) => void): BookingStore {
    const db = openOrSetAside(folder, onDamaged);
    db.pragma(`cache_size = -${CACHE_KIB}`);
    return new BookingStore(db);
}

function openOrSetAside(folder: string, onDamaged: Parameters<typeof openBookings>[1]): OpenDatabase {
    try {
        return openBookingDatabase(folder, LOCK_WAIT_MS.lane);
    } catch (error) {
        if (!(error instanceof StoreFault) || error.code !== "DATABASE_CORRUPT" || onDamaged === undefined) throw error;
        const kept = setAside(join(folder, BOOKINGS_FILE));
        onDamaged(error, kept);
        return openBookingDatabase(folder, LOCK_WAIT_MS.lane);
    }
}

export class BookingStore implements BookingList, BookingSlots, BookingCalls {
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
                .map(([role, record]) => ({ role, booking: toBooking(record) })),
        );
    }

    near(key: PlateKey, limit: number): readonly Booking[] {
        if (key === "") return [];
        return guard(BOOKINGS_FILE, () => {
            // In the order of the index, where most of them lie on a few pages.
            const around = [...neighbours([...foldConfusable(key)], this.#list().signs)].sort();
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

    inSlots(
        after: number,
        rows: number,
        { fromUtcMs, untilUtcMs }: { readonly fromUtcMs: number; readonly untilUtcMs: number },
    ): { readonly bookings: readonly Booking[]; readonly next: number | undefined } {
        return guard(BOOKINGS_FILE, () => {
            const to = after + rows;
            // Seconds of UTC compare as texts; the thousandths that some senders add are looked at below.
            const [from, until] = [fromUtcMs - 1_000, untilUtcMs].map((utcMs) => new Date(utcMs).toISOString());
            const records = this.#sql.inSlots.all(after, to, from ?? "", `${until?.slice(0, 19)}~`);
            const bookings = records
                .map(toBooking)
                .filter(({ slotStartUtcMs }) => slotStartUtcMs >= fromUtcMs && slotStartUtcMs <= untilUtcMs);
            return { bookings, next: to < (this.#sql.lastNumber.get() ?? 0) ? to : undefined };
        });
    }

    called(limit: number): readonly Booking[] {
        return guard(BOOKINGS_FILE, () => this.#sql.called.all(limit).map(toBooking));
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
        // One statement: each one takes and leaves a lock of the log, which is a call into the system both times.
        byPlate: db
            .prepare<[{ key: string; folded: string }], [PlateHit["role"], string]>(
                `SELECT 'tractor', record FROM bookings WHERE tractor_folded = @folded AND tractor = @key
                 UNION ALL SELECT 'trailer', record FROM bookings WHERE trailer_1 = @key
                 UNION ALL SELECT 'trailer', record FROM bookings WHERE trailer_2 = @key AND trailer_1 IS NOT @key`,
            )
            .raw(),
        inSlots: db
            .prepare<[number, number, string, string], string>(
                `SELECT record FROM bookings WHERE number > ? AND number <= ? AND record ->> '$.slotStart' BETWEEN ? AND ?`,
            )
            .pluck(),
        lastNumber: db.prepare<[], number | null>("SELECT max(number) FROM bookings").pluck(),
        called: db.prepare<[number], string>("SELECT record FROM bookings WHERE is_called = 1 LIMIT +?").pluck(),
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
