/**
 * Keeps account of a booking list's parts, which may come in any order and more than once: which of them is new, which
 * begins a list and which completes it. One list at a time, the newest begun, within bounds on its bytes: whoever publishes
 * cannot fill the box's memory. The parts themselves go on to the store as they come.
 */
import type { SnapshotPart } from "./messages.ts";

export type PartOutcome =
    | {
          readonly outcome: "taken";
          readonly isFirst: boolean;
          readonly isLast: boolean;
      }
    | { readonly outcome: "ignored" }
    | { readonly outcome: "refused"; readonly reason: string };

interface Begun {
    readonly version: number;
    readonly hash: string;
    readonly parts: number;
    readonly received: Set<number>;
    bytes: number;
}

export class SnapshotAssembly {
    readonly #bytesMax: number;
    #begun: Begun | undefined;

    /** `bytesMax`: of all parts of one list together. */
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

    /** `bytes`: what the part's message takes. */
    add({ version, hash, part, parts }: SnapshotPart, bytes: number): PartOutcome {
        if (part > parts) return { outcome: "refused", reason: `part ${part} of ${parts}` };
        if (this.#begun !== undefined && version < this.#begun.version) return { outcome: "ignored" };
        const begun = this.#listOf(version, hash, parts);
        if (begun.received.has(part)) return { outcome: "ignored" };
        begun.received.add(part);
        begun.bytes += bytes;
        if (begun.bytes > this.#bytesMax) {
            this.giveUp();
            return { outcome: "refused", reason: `list ${version} is larger than ${this.#bytesMax} bytes` };
        }
        const isLast = begun.received.size === parts;
        if (isLast) this.giveUp();
        return { outcome: "taken", isFirst: begun.received.size === 1, isLast };
    }

    /** A part that does not belong to the list begun begins another one. */
    #listOf(version: number, hash: string, parts: number): Begun {
        const begun = this.#begun;
        if (begun?.version === version && begun.hash === hash && begun.parts === parts) return begun;
        const next: Begun = { version, hash, parts, received: new Set(), bytes: 0 };
        this.#begun = next;
        return next;
    }
}
