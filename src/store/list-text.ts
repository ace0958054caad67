/** Bookings in the JSON text that a list or a change to one arrives as, read one by one. */
import { parseWireBooking, type WireBooking } from "../core/booking/booking-wire.ts";
import { listAt, WireError } from "../core/booking/wire-value.ts";
import { ListRefusal } from "./list-refusal.ts";

/** Throws `ListRefusal`. */
export function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new ListRefusal("LIST_CONTENT", `not JSON: ${error instanceof Error ? error.message : error}`);
    }
}

/** Throws `WireError` that names the place below `path`. */
export function* wireBookings(json: unknown, path: string): Generator<WireBooking> {
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
