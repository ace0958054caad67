/**
 * Which plates the central system has booked, in which state, version by version: the oracle's own account, made from what was
 * published and nothing that the daemon computed.
 */
import type { WireBooking } from "../../simulators/scenarios/wire-booking.ts";
import type { StatusChange } from "../link/simulated-central.ts";

/** Cyrillic letters that bookers type for Latin ones. */
const TYPED: Readonly<Record<string, string>> = {
    А: "A",
    В: "B",
    Е: "E",
    К: "K",
    М: "M",
    Н: "H",
    О: "O",
    Р: "P",
    С: "C",
    Т: "T",
    У: "Y",
    Х: "X",
};

interface Booked {
    readonly id: string;
    /** In order of versions; the first holds from the beginning. */
    readonly states: { readonly fromVersion: number; readonly status: string }[];
}

export class BookedPlates {
    readonly #byPlate = new Map<string, Booked[]>();
    readonly #byId = new Map<string, Booked>();
    /** Bare texts of what cameras read: the same few, again and again. */
    readonly #read = new Map<string, string>();

    constructor(bookings: readonly WireBooking[]) {
        for (const { id, tractor, status } of bookings) {
            const booked: Booked = { id, states: [{ fromVersion: 0, status }] };
            const plate = bare(tractor.plate);
            this.#byId.set(id, booked);
            this.#byPlate.set(plate, [...(this.#byPlate.get(plate) ?? []), booked]);
        }
    }

    note({ bookingId, status, version }: StatusChange): void {
        this.#byId.get(bookingId)?.states.push({ fromVersion: version, status });
    }

    /** Whether the list of this version held a booking of exactly this plate in one of these states. */
    has(text: string, version: number, states: readonly string[]): boolean {
        const plate = this.#read.get(text) ?? bare(text);
        this.#read.set(text, plate);
        const booked = this.#byPlate.get(plate) ?? [];
        return booked.some(({ states: history }) => {
            const now = history.findLast(({ fromVersion }) => fromVersion <= version);
            return now !== undefined && states.includes(now.status);
        });
    }
}

function bare(text: string): string {
    return Array.from(text.toUpperCase(), (sign) => TYPED[sign] ?? sign)
        .filter((sign) => /[\p{L}\p{N}]/u.test(sign))
        .join("");
}
