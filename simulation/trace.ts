/** Everything that happened in a run, boiled down to one SHA-256: equal seeds must give equal traces. */
import { createHash } from "node:crypto";
import type { Fact } from "../src/core/fact/fact.ts";
import type { BarrierOrder } from "../src/ports/barrier.ts";

export class Trace {
    readonly #hash = createHash("sha256");
    /** Kept only when asked for: one line per fact, order, mishap and event of the world. */
    readonly lines: string[] | undefined;

    constructor(keepsLines: boolean) {
        this.lines = keepsLines ? [] : undefined;
    }

    /** A fact's own hash covers all that it says. */
    facts(atMs: number, facts: readonly Fact[]): void {
        for (const { sequence, hash, kind, lane, passage, data } of facts) {
            this.#hash.update(`fact ${hash}\n`);
            this.lines?.push(`fact ${atMs} ${sequence} ${kind} ${lane ?? ""} ${passage ?? ""} ${JSON.stringify(data)}`);
        }
    }

    order(atMs: number, lane: string, order: BarrierOrder): void {
        this.#note(`order ${atMs} ${lane} ${order}`);
    }

    /** Anything else that happened, as JSON. */
    event(atMs: number, event: object): void {
        this.#note(`event ${atMs} ${JSON.stringify(event)}`);
    }

    digest(): string {
        return this.#hash.copy().digest("hex");
    }

    #note(line: string): void {
        this.#hash.update(`${line}\n`);
        this.lines?.push(line);
    }
}
