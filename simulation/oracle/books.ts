/** Keeps books of facts: what was durable on the box, what the journal holds at the end, what the central system has stored. */

import type { LedgerReport } from "../../simulators/central/event-ledger.ts";
import type { Fact, FactKind } from "../../src/core/fact/fact.ts";

/** A passage ends once. */
const ENDINGS: ReadonlySet<FactKind> = new Set([
    "vehicle.left",
    "passage.completed",
    "passage.backed-out",
    "passage.interrupted",
    "passage.no-show",
]);

export interface FactBalance {
    readonly recorded: number;
    readonly lost: number;
    readonly duplicated: number;
}

export interface Decisions {
    readonly admitted: number;
    readonly refused: number;
    readonly referred: number;
    readonly tailgated: number;
    readonly backedOut: number;
}

export class Books {
    /** By sequence. */
    readonly #durable = new Map<number, string>();
    readonly #ended = new Set<string>();
    readonly #decided = new Map<string, string>();
    readonly #counts = new Map<string, number>();
    #doubled = 0;

    durable(facts: readonly Fact[]): void {
        for (const { sequence, hash, kind, passage = "", data } of facts) {
            if (this.#durable.has(sequence)) this.#doubled += 1;
            this.#durable.set(sequence, hash);
            this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
            if (ENDINGS.has(kind)) {
                if (this.#ended.has(passage)) this.#doubled += 1;
                this.#ended.add(passage);
            }
            // The first decision on a vehicle is what software alone made of it.
            if (kind === "decision.made" && !this.#decided.has(passage)) {
                this.#decided.set(passage, String(data["outcome"]));
            }
        }
    }

    decisions(): Decisions {
        const outcomes = [...this.#decided.values()];
        const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
        return {
            admitted: count("admit"),
            refused: count("refuse"),
            referred: count("refer"),
            tailgated: this.#counts.get("passage.tailgated") ?? 0,
            backedOut: this.#counts.get("passage.backed-out") ?? 0,
        };
    }

    /** `journal`: all facts of the journal in order. */
    balance(journal: readonly Fact[], { distinct, conflicts, malformed, brokenHashes }: LedgerReport): FactBalance {
        const missing = [...this.#durable].filter(([sequence, hash]) => journal[sequence - 1]?.hash !== hash).length;
        return {
            recorded: journal.length,
            lost: missing + Math.abs(journal.length - distinct) + malformed + brokenHashes,
            duplicated: this.#doubled + conflicts,
        };
    }
}
