/**
 * Puts a booking list together from its parts, which may come in any order and more than once. Holds one list at a
 * time, the newest begun, within bounds on its bytes: whoever publishes cannot fill the box's memory.
 */
import type { ListSnapshot } from "../ports/booking-list.ts";
import type { SnapshotPart } from "./messages.ts";

export type PartOutcome =
    | { readonly outcome: "complete"; readonly snapshot: ListSnapshot }
    | { readonly outcome: "waiting" | "ignored" }
    | { readonly outcome: "refused"; readonly reason: string };

interface Begun {
    readonly version: number;
    readonly hash: string;
    readonly parts: number;
    readonly received: Map<number, Uint8Array>;
    bytes: number;
}

export class SnapshotAssembly {
    readonly #bytesMax: number;
    #begun: Begun | undefined;

    /** `bytesMax`: of all bookings of one list as JSON text. */
    constructor(bytesMax: number) {
        this.#bytesMax = bytesMax;
    }

    isWaiting(): boolean {
        return this.#begun !== undefined;
    }

    /** What is missing is not coming any more. */
    giveUp(): void {
        this.#begun = undefined;
    }

    add({ version, hash, part, parts, bookings }: SnapshotPart): PartOutcome {
        if (part > parts) return { outcome: "refused", reason: `part ${part} of ${parts}` };
        if (this.#begun !== undefined && version < this.#begun.version) return { outcome: "ignored" };
        const begun = this.#listOf(version, hash, parts);
        if (begun.received.has(part)) return { outcome: "ignored" };
        const bytes = Buffer.from(JSON.stringify(bookings));
        begun.received.set(part, bytes);
        begun.bytes += bytes.byteLength;
        if (begun.bytes > this.#bytesMax) {
            this.giveUp();
            return { outcome: "refused", reason: `list ${version} is larger than ${this.#bytesMax} bytes` };
        }
        if (begun.received.size < parts) return { outcome: "waiting" };
        this.giveUp();
        const inOrder = [...begun.received].sort(([left], [right]) => left - right).map(([, received]) => received);
        return { outcome: "complete", snapshot: { version, hash, parts: inOrder } };
    }

    /** A part that does not belong to the list begun begins another one. */
    #listOf(version: number, hash: string, parts: number): Begun {
        const begun = this.#begun;
        if (begun?.version === version && begun.hash === hash && begun.parts === parts) return begun;
        const next: Begun = { version, hash, parts, received: new Map(), bytes: 0 };
        this.#begun = next;
        return next;
    }
}
