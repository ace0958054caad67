/**
 * A booking as the central system sends it: checked, understood, and in the one text that the list's hash is made of.
 * Fields beside these are refused, so that names and documents cannot come onto the box by mistake.
 */
import { toPlateKey } from "../plate/plate-key.ts";
import { type BookedPlate, type Booking, type BookingPriority, COMBINATIONS, PRIORITY_CATEGORIES } from "./booking.ts";
import { toBookingStatus } from "./booking-status.ts";
import { parseUtcInstant } from "./utc-instant.ts";
import { countAt, listAt, recordAt, textAt, WireError } from "./wire-value.ts";

/** A record that was checked, and what it means. */
export class WireBooking {
    readonly booking: Booking;
    readonly #record: WireRecord;

    constructor(booking: Booking, record: WireRecord) {
        this.booking = booking;
        this.#record = record;
    }

    /** The record's canonical text (RFC 8785): strings stand in it as they were sent. */
    get canonical(): string {
        const record = this.#record;
        // Members in the order of their names, and checked values only: `JSON.stringify` then gives the canonical text.
        return JSON.stringify({
            calledAt: record["calledAt"],
            calledUntil: record["calledUntil"],
            category: record["category"],
            checkpoint: record["checkpoint"],
            combination: record["combination"],
            holds: record["holds"],
            id: record["id"],
            late: record["late"],
            permittedMassKg: record["permittedMassKg"],
            priority: record["priority"],
            queueNumber: record["queueNumber"],
            slotEnd: record["slotEnd"],
            slotStart: record["slotStart"],
            status: record["status"],
            tractor: wirePlate(this.booking.tractor),
            trailers: this.booking.trailers.map(wirePlate),
            version: record["version"],
        });
    }
}

type WireRecord = Readonly<Record<string, unknown>>;

/** What not every central system says; left out, they are no part of the canonical text. */
const DETAIL_FIELDS = "calledAt calledUntil category combination holds permittedMassKg".split(" ");
const FIELDS = new Set([
    ..."id queueNumber slotStart slotEnd checkpoint tractor trailers status late priority version".split(" "),
    ...DETAIL_FIELDS,
]);
const PLATE_FIELDS = new Set(["plate", "country"]);
const PRIORITIES: ReadonlySet<unknown> = new Set<BookingPriority>(["in-turn", "out-of-turn", "accelerated"]);

/**
 * Reads one wire record: `{id, queueNumber?, slotStart, slotEnd, checkpoint, tractor: {plate, country?}, trailers:
 * [0 to 2 of the same], status, late, priority, version}`, and where they are known `calledAt`, `calledUntil`,
 * `category`, `combination`, `holds`, `permittedMassKg`; times are RFC 3339 UTC. A status that is not known becomes
 * `unknown`; a plate without one letter or digit gets the empty key, which matches nothing. Throws `WireError`.
 */
export function parseWireBooking(json: unknown): WireBooking {
    const record = recordAt(json, "$", FIELDS);
    const { late, priority } = record;
    const id = textAt(record["id"], "$.id", 64);
    const checkpoint = textAt(record["checkpoint"], "$.checkpoint", 64);
    const status = textAt(record["status"], "$.status", 100);
    const queueNumber =
        record["queueNumber"] === undefined ? undefined : countAt(record["queueNumber"], "$.queueNumber");
    const version = countAt(record["version"], "$.version");
    if (typeof late !== "boolean") throw new WireError("$.late", "true or false");
    if (!isPriority(priority)) throw new WireError("$.priority", [...PRIORITIES].join(", "));
    const slotStartUtcMs = instantAt(record["slotStart"], "$.slotStart");
    const slotEndUtcMs = instantAt(record["slotEnd"], "$.slotEnd");
    if (slotEndUtcMs < slotStartUtcMs) throw new WireError("$.slotEnd", "a time not before slotStart");
    const tractor = plateAt(record["tractor"], "$.tractor");
    const trailers = trailersAt(record["trailers"]);

    const booking: Booking = {
        id,
        ...(queueNumber === undefined ? {} : { queueNumber }),
        slotStartUtcMs,
        slotEndUtcMs,
        checkpoint,
        tractor,
        trailers,
        status: toBookingStatus(status),
        isLate: late,
        priority,
        ...detailsAt(record),
        version,
    };
    return new WireBooking(booking, record);
}

const NO_DETAILS: Partial<Booking> = {};

function detailsAt(record: WireRecord): Partial<Booking> {
    // Most records have none of them, and a list has a hundred thousand records.
    if (!DETAIL_FIELDS.some((field) => record[field] !== undefined)) return NO_DETAILS;
    const calledAtUtcMs = optional(record["calledAt"], (json) => instantAt(json, "$.calledAt"));
    const calledUntilUtcMs = optional(record["calledUntil"], (json) => instantAt(json, "$.calledUntil"));
    const category = optional(record["category"], (json) => oneOf(json, "$.category", PRIORITY_CATEGORIES));
    const combination = optional(record["combination"], (json) => oneOf(json, "$.combination", COMBINATIONS));
    const holds = optional(record["holds"], holdsAt);
    const permittedMassKg = optional(record["permittedMassKg"], (json) => countAt(json, "$.permittedMassKg"));
    return {
        ...(calledAtUtcMs !== undefined && { calledAtUtcMs }),
        ...(calledUntilUtcMs !== undefined && { calledUntilUtcMs }),
        ...(category && { category }),
        ...(combination && { combination }),
        ...(holds && { holds }),
        ...(permittedMassKg && { permittedMassKg }),
    };
}

function holdsAt(json: unknown): readonly string[] {
    const holds = listAt(json, "$.holds");
    if (holds.length > 10) throw new WireError("$.holds", "at most 10 codes");
    return holds.map((hold, index) => textAt(hold, `$.holds[${index}]`, 64));
}

function optional<T>(json: unknown, read: (json: unknown) => T): T | undefined {
    return json === undefined ? undefined : read(json);
}

function oneOf<const Words extends readonly string[]>(json: unknown, path: string, words: Words): Words[number] {
    const word = words.find((each) => each === json);
    if (word === undefined) throw new WireError(path, words.join(", "));
    return word;
}

function plateAt(json: unknown, path: string): BookedPlate {
    const { plate, country } = recordAt(json, path, PLATE_FIELDS);
    const text = textAt(plate, `${path}.plate`, 32);
    const key = toPlateKey(text);
    if (country === undefined) return { text, key };
    if (typeof country !== "string" || !/^[A-Z]{2}$/.test(country)) {
        throw new WireError(`${path}.country`, "two capital letters (ISO 3166-1 alpha-2)");
    }
    return { text, key, country };
}

function trailersAt(json: unknown): readonly BookedPlate[] {
    const trailers = listAt(json, "$.trailers");
    if (trailers.length > 2) throw new WireError("$.trailers", "at most 2 plates");
    return trailers.map((trailer, index) => plateAt(trailer, `$.trailers[${index}]`));
}

function instantAt(json: unknown, path: string): number {
    const utcMs = parseUtcInstant(textAt(json, path, 24));
    if (utcMs === undefined) throw new WireError(path, "a time such as 2026-11-22T08:30:00Z");
    return utcMs;
}

function wirePlate(plate: BookedPlate): { readonly country: string | undefined; readonly plate: string } {
    return { country: plate.country, plate: plate.text };
}

function isPriority(json: unknown): json is BookingPriority {
    return PRIORITIES.has(json);
}
