/** An outbox and its facts in memory, with the rules of the port and a memory of what was taken out of it. */
import { createHash } from "node:crypto";
import type { Fact, Json } from "../../src/core/fact/fact.ts";
import type { Outbox } from "../../src/ports/journal.ts";

export class MemoryOutbox implements Outbox {
    readonly acknowledged: number[] = [];
    readonly quarantined = new Map<number, string>();
    /** Thrown by the next call, once. */
    fault: Error | undefined;
    #facts: Fact[] = [];
    #sequence = 0;
    #hash = "0".repeat(64);
    /** Largest number of facts ever asked for at once. */
    largestRead = 0;

    add(count: number, data: { readonly [key: string]: Json } = { text: "x" }): void {
        for (let i = 0; i < count; i++) {
            this.#sequence += 1;
            const previousHash = this.#hash;
            this.#hash = createHash("sha256").update(`${previousHash}${this.#sequence}`).digest("hex");
            this.#facts.push({
                kind: "vehicle.arrived",
                lane: "lane-1",
                passage: `p${this.#sequence}`,
                data,
                id: `journal-${this.#sequence}`,
                sequence: this.#sequence,
                utcMs: 1_900_000_000_000 + this.#sequence,
                isClockTrusted: true,
                hash: this.#hash,
                previousHash,
            });
        }
    }

    hashOf(sequence: number): string {
        const fact = this.#facts.find((candidate) => candidate.sequence === sequence);
        if (fact === undefined) throw new Error(`no fact ${sequence} in the outbox`);
        return fact.hash;
    }

    pending(after: number, limit: number): readonly Fact[] {
        this.#mayFail();
        this.largestRead = Math.max(this.largestRead, limit);
        return this.#facts.filter(({ sequence }) => sequence > after).slice(0, limit);
    }

    acknowledge(upTo: number): number {
        this.#mayFail();
        const before = this.#facts.length;
        this.acknowledged.push(...this.#facts.map(({ sequence }) => sequence).filter((sequence) => sequence <= upTo));
        this.#facts = this.#facts.filter(({ sequence }) => sequence > upTo);
        return before - this.#facts.length;
    }

    quarantine(sequence: number, reason: string): void {
        this.quarantined.set(sequence, reason);
        this.#facts = this.#facts.filter((fact) => fact.sequence !== sequence);
    }

    depth(): number {
        return this.#facts.length;
    }

    #mayFail(): void {
        const { fault } = this;
        this.fault = undefined;
        if (fault !== undefined) throw fault;
    }
}
