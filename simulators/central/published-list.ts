/**
 * The booking list as the central system publishes it: versions, snapshots in parts, deltas, and the list's hash by
 * an implementation of its own (the sum of the bookings' hashes does not depend on their order).
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** As it stands in the contract; the list only needs its id and hashes the rest as it is. */
export interface WireBooking {
    readonly id: string;
    readonly version: number;
    readonly [field: string]: unknown;
}

export interface ListDelta {
    readonly from: number;
    readonly to: number;
    readonly hash: string;
    readonly upsert: readonly WireBooking[];
    readonly remove: readonly string[];
}

export interface SnapshotPart {
    readonly version: number;
    readonly hash: string;
    readonly part: number;
    readonly parts: number;
    readonly bookings: readonly WireBooking[];
}

/** Deltas kept for sites that were away; older sites get a snapshot. */
const HISTORY_MAX = 200;
const MODULUS = 1n << 256n;

export class PublishedList {
    #bookings = new Map<string, WireBooking>();
    #sum = 0n;
    #version = 1;
    readonly #history: ListDelta[] = [];
    readonly #hashAt = new Map<number, string>();

    constructor(bookings: readonly WireBooking[]) {
        for (const booking of bookings) this.#put(booking);
        this.#hashAt.set(this.#version, this.hash);
    }

    get version(): number {
        return this.#version;
    }

    get hash(): string {
        return this.#sum.toString(16).padStart(64, "0");
    }

    get size(): number {
        return this.#bookings.size;
    }

    booking(id: string): WireBooking | undefined {
        return this.#bookings.get(id);
    }

    change(upsert: readonly WireBooking[], remove: readonly string[]): ListDelta {
        for (const booking of upsert) this.#put(booking);
        for (const id of remove) this.#take(id);
        const from = this.#version;
        this.#version += 1;
        const delta = { from, to: this.#version, hash: this.hash, upsert, remove };
        this.#hashAt.set(this.#version, this.hash);
        this.#history.push(delta);
        if (this.#history.length > HISTORY_MAX) this.#history.shift();
        return delta;
    }

    /** What leads from that version to the newest; undefined when the way is not known. */
    deltasSince(version: number, hash: string): readonly ListDelta[] | undefined {
        if (this.#hashAt.get(version) !== hash) return undefined;
        const deltas = this.#history.filter(({ from }) => from >= version);
        return version === this.#version || deltas[0]?.from === version ? deltas : undefined;
    }

    /** At least one part, also when the list is empty. */
    snapshot(bookingsPerPart: number): readonly SnapshotPart[] {
        const all = [...this.#bookings.values()];
        const parts = Math.max(1, Math.ceil(all.length / bookingsPerPart));
        return Array.from({ length: parts }, (_, index) => ({
            version: this.#version,
            hash: this.hash,
            part: index + 1,
            parts,
            bookings: all.slice(index * bookingsPerPart, (index + 1) * bookingsPerPart),
        }));
    }

    #put(booking: WireBooking): void {
        this.#take(booking.id);
        this.#bookings.set(booking.id, booking);
        this.#sum = (this.#sum + hashOf(booking)) % MODULUS;
    }

    #take(id: string): void {
        const booking = this.#bookings.get(id);
        if (booking === undefined) return;
        this.#bookings.delete(id);
        this.#sum = (this.#sum - hashOf(booking) + MODULUS) % MODULUS;
    }
}

function hashOf(booking: WireBooking): bigint {
    return BigInt(`0x${createHash("sha256").update(canonicalJson(booking)).digest("hex")}`);
}
