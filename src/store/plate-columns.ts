/** The columns by which a booking is found from a plate, and their renewal when a new program makes other keys. */
import { hash } from "node:crypto";
import type { Booking } from "../core/booking/booking.ts";
import { parseWireBooking } from "../core/booking/booking-wire.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import { foldConfusable } from "../core/plate/plate-similarity.ts";
import type { OpenDatabase } from "./database.ts";

/** NULL for a plate without letters and digits: nothing may find it, not even another such plate. */
export interface PlateColumns {
    readonly tractor: string | null;
    readonly tractorFolded: string | null;
    readonly trailer1: string | null;
    readonly trailer2: string | null;
}

export function plateColumns({ tractor, trailers }: Booking): PlateColumns {
    return {
        tractor: tractor.key || null,
        tractorFolded: foldConfusable(tractor.key) || null,
        trailer1: trailers[0]?.key || null,
        trailer2: trailers[1]?.key || null,
    };
}

/** Without this a booked plate would not be found after an update of the program that changed how keys are made. */
export function refreshPlates(db: OpenDatabase): void {
    const rules = plateRules();
    const madeBy = db.prepare<[], string>("SELECT plate_rules FROM list").pluck().get();
    if (madeBy === rules) return;
    const update = db.prepare<[PlateColumns & { number: number }]>(
        `UPDATE bookings SET tractor = @tractor, tractor_folded = @tractorFolded, trailer_1 = @trailer1, trailer_2 = @trailer2
         WHERE number = @number`,
    );
    db.transaction(() => {
        const signs = new Set<string>();
        for (const { number, record } of db.prepare<[], Row>("SELECT number, record FROM bookings").all()) {
            const plates = plateColumns(parseWireBooking(JSON.parse(record)).booking);
            for (const sign of plates.tractorFolded ?? "") signs.add(sign);
            update.run({ ...plates, number });
        }
        db.prepare("UPDATE list SET plate_rules = ?, signs = ?").run(rules, [...signs].join(""));
    }).immediate();
}

interface Row {
    readonly number: number;
    readonly record: string;
}

/** What the rules make of each sign that plates are likely to hold, as one hash. */
function plateRules(): string {
    const signs = SCRIPTS.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, place) => String.fromCodePoint(first + place)),
    );
    return hash(
        "sha256",
        signs
            .map(toPlateKey)
            .map((key) => `${key} ${foldConfusable(key)}`)
            .join("\n"),
    );
}

/** Latin with its accents, Cyrillic, Arabic with the Persian letters. */
const SCRIPTS = [
    [0x20, 0x24f],
    [0x400, 0x52f],
    [0x600, 0x6ff],
] as const;
