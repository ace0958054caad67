/** A journal that exists only for a case: its events have the form, the sequence and the hash chain of the contract. */
import { hash } from "node:crypto";
import { canonicalJson } from "../../core/fact/canonical-json.ts";
import type { Fact, FactKind, Json } from "../../core/fact/fact.ts";
import { type FactEvent, factEvent, withheldEvent } from "../../core/fact/fact-event.ts";

export interface EventAbout {
    readonly kind?: string;
    readonly lane?: string | null;
    readonly passage?: string;
    readonly utcMs?: number;
    readonly isClockTrusted?: boolean;
}

export class TestJournal {
    readonly id: string;
    readonly #site: string;
    readonly #utcMs: () => number;
    readonly #hashes: string[];

    /** `id`: letters and digits. */
    constructor(site: string, id: string, utcMs: () => number) {
        this.#site = site;
        this.id = id;
        this.#utcMs = utcMs;
        this.#hashes = [hash("sha256", id)];
    }

    get sequence(): number {
        return this.#hashes.length - 1;
    }

    hashOf(sequence: number): string | undefined {
        return this.#hashes[sequence];
    }

    /** The next event; the journal goes on from it. */
    next(data: { readonly [key: string]: Json } = {}, about: EventAbout = {}): FactEvent {
        return factEvent(this.#site, this.#append(data, about));
    }

    several(count: number): readonly FactEvent[] {
        return Array.from({ length: count }, (_, n) => this.next({ n }));
    }

    /** Stands in for a fact that could not be carried. */
    nextWithheld(): FactEvent {
        return withheldEvent(this.#site, this.#append({}, {}), "too large");
    }

    /** Where the kind does not matter, it is an alarm, and an alarm has a code. */
    #append(more: { readonly [key: string]: Json }, about: EventAbout): Fact {
        const data = about.kind === undefined ? { code: "CONFORMANCE", ...more } : more;
        const { kind = "alarm.raised", lane = "lane-1", passage, isClockTrusted = true } = about;
        const previousHash = this.#hashes.at(-1) ?? "";
        const place = {
            sequence: this.sequence + 1,
            utcMs: about.utcMs ?? this.#utcMs(),
            isClockTrusted,
            ...(lane === null ? {} : { lane }),
            ...(passage === undefined ? {} : { passage }),
        };
        const own = hash("sha256", `${previousHash}\n${canonicalJson({ kind, data, ...place })}`);
        this.#hashes.push(own);
        // A newer box may know kinds that this one does not.
        return { kind: kind as FactKind, data, id: `${this.id}-${place.sequence}`, hash: own, previousHash, ...place };
    }
}
