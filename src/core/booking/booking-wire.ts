/**
 * A booking as the central system sends it: checked, understood, and in the one text that the list's hash is made of.
 * Fields beside these are refused, so that names and documents cannot come onto the box by mistake.
 */
import { toPlateKey } from "../plate/plate-key.ts";
import type { BookedPlate, Booking, BookingPriority } from "./booking.ts";
import { toBookingStatus } from "./booking-status.ts";
import { parseUtcInstant } from "./utc-instant.ts";
import { countAt, listAt, recordAt, textAt, WireError } from "./wire-value.ts";

/** A record understood, with its canonical text (RFC 8785) in wire form: strings stand in it as they were sent. */
export interface WireBooking {
    readonly booking: Booking;
    readonly canonical: string;
}

const FIELDS = new Set(
    "id queueNumber slotStart slotEnd checkpoint tractor trailers status late priority version".split(" "),
);
const PLATE_FIELDS = new Set(["plate", "country"]);
const PRIORITIES: ReadonlySet<unknown> = new Set<BookingPriority>(["in-turn", "out-of-turn", "accelerated"]);

/**
 * Reads one wire record: `{id, queueNumber?, slotStart, slotEnd, checkpoint, tractor: {plate, country?}, trailers:
 * [0 to 2 of the same], status, late, priority, version}`; times are RFC 3339 UTC. A status that is not known becomes
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
    const slotStart = instantAt(record["slotStart"], "$.slotStart");
    const slotEnd = instantAt(record["slotEnd"], "$.slotEnd");
    if (slotEnd.utcMs < slotStart.utcMs) throw new WireError("$.slotEnd", "a time not before slotStart");
    const tractor = plateAt(record["tractor"], "$.tractor");
    const trailers = trailersAt(record["trailers"]);

    const booking: Booking = {
        id,
        ...(queueNumber === undefined ? {} : { queueNumber }),
        slotStartUtcMs: slotStart.utcMs,
        slotEndUtcMs: slotEnd.utcMs,
        checkpoint,
        tractor,
        trailers,
        status: toBookingStatus(status),
        isLate: late,
        priority,
        version,
    };
    // Members in the order of their names, and checked values only: `JSON.stringify` then gives the canonical text.
    const canonical = JSON.stringify({
        checkpoint,
        id,
        late,
        priority,
        queueNumber,
        slotEnd: slotEnd.text,
        slotStart: slotStart.text,
        status,
        tractor: wirePlate(tractor),
        trailers: trailers.map(wirePlate),
        version,
    });
    return { booking, canonical };
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

function instantAt(json: unknown, path: string): { readonly text: string; readonly utcMs: number } {
    const text = textAt(json, path, 24);
    const utcMs = parseUtcInstant(text);
    if (utcMs === undefined) throw new WireError(path, "a time such as 2026-11-22T08:30:00Z");
    return { text, utcMs };
}

function wirePlate(plate: BookedPlate): { readonly country: string | undefined; readonly plate: string } {
    return { country: plate.country, plate: plate.text };
}

function isPriority(json: unknown): json is BookingPriority {
    return PRIORITIES.has(json);
}
