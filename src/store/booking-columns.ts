/** The columns by which a booking is found, and their renewal when a new program makes other ones of the same booking. */
import { hash } from "node:crypto";
import type { Booking } from "../core/booking/booking.ts";
import { parseWireBooking } from "../core/booking/booking-wire.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import { foldConfusable } from "../core/plate/plate-similarity.ts";
import type { OpenDatabase } from "./database.ts";

/** NULL for a plate without letters and digits: nothing may find it, not even another such plate. */
export interface BookingColumns {
    readonly tractor: string | null;
    readonly tractorFolded: string | null;
    readonly trailer1: string | null;
    readonly trailer2: string | null;
    /** Nearly all bookings wait; the index of those that are called holds no others. */
    readonly isCalled: 1 | null;
}

/** Their names in the table, in the order of `columnValues`. */
export const COLUMN_NAMES = "tractor, tractor_folded, trailer_1, trailer_2, is_called";

export function bookingColumns({ tractor, trailers, status }: Booking): BookingColumns {
    return {
        tractor: tractor.key || null,
        tractorFolded: foldConfusable(tractor.key) || null,
        trailer1: trailers[0]?.key || null,
        trailer2: trailers[1]?.key || null,
        isCalled: status === "called" ? 1 : null,
    };
}

export function columnValues({ tractor, tractorFolded, trailer1, trailer2, isCalled }: BookingColumns): ColumnValue[] {
    return [tractor, tractorFolded, trailer1, trailer2, isCalled];
}

export type ColumnValue = string | 1 | null;

/** Without this a booking would not be found after an update of the program that changed how its columns are made. */
export function refreshColumns(db: OpenDatabase): void {
    rules ??= columnRules();
    const madeBy = db.prepare<[], string>("SELECT plate_rules FROM list").pluck().get();
    if (madeBy === rules) return;
    const update = db.prepare<[BookingColumns & { number: number }]>(
        `UPDATE bookings SET tractor = @tractor, tractor_folded = @tractorFolded, trailer_1 = @trailer1, trailer_2 = @trailer2,
         is_called = @isCalled WHERE number = @number`,
    );
    db.transaction(() => {
        const signs = new Set<string>();
        for (const { number, record } of db.prepare<[], Row>("SELECT number, record FROM bookings").all()) {
            const columns = bookingColumns(parseWireBooking(JSON.parse(record)).booking);
            for (const sign of columns.tractorFolded ?? "") signs.add(sign);
            update.run({ ...columns, number });
        }
        db.prepare("UPDATE list SET plate_rules = ?, signs = ?").run(rules, [...signs].join(""));
    }).immediate();
}

/** The same for as long as the process lives. */
let rules: string | undefined;

interface Row {
    readonly number: number;
    readonly record: string;
}

/** The columns, and what the rules make of each sign that plates are likely to hold, as one hash. */
function columnRules(): string {
    const signs = SCRIPTS.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, place) => String.fromCodePoint(first + place)),
    );
    return hash(
        "sha256",
        [COLUMN_NAMES, ...signs.map(toPlateKey).map((key) => `${key} ${foldConfusable(key)}`)].join("\n"),
    );
}

/** Latin with its accents, Cyrillic, Arabic with the Persian letters. */
const SCRIPTS = [
    [0x20, 0x24f],
    [0x400, 0x52f],
    [0x600, 0x6ff],
] as const;
