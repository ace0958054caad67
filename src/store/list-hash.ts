/**
 * Hash of a booking list: the sum, modulo 2^256, of the SHA-256 of each booking's canonical text. The order of the
 * bookings does not matter, and a change costs as much as it changes. It finds mistakes of copying and of versions;
 * who may publish a list is the broker's business.
 */
import { hash } from "node:crypto";

export const EMPTY_LIST_HASH = "0".repeat(64);

export class ListHash {
    #sum: bigint;

    /** `hex`: the hash to go on from. */
    constructor(hex: string) {
        this.#sum = BigInt(`0x${hex}`);
    }

    add(canonical: string): void {
        this.#sum += BigInt(`0x${hash("sha256", canonical)}`);
    }

    subtract(canonical: string): void {
        this.#sum -= BigInt(`0x${hash("sha256", canonical)}`);
    }

    /** 64 lower-case hex digits. */
    hex(): string {
        return BigInt.asUintN(256, this.#sum).toString(16).padStart(64, "0");
    }
}
