/**
 * What the simulated central system has stored: every distinct event in a JSON-lines file, flushed to the disk before
 * it is acknowledged. Keeps the accounts a test or a demonstration asks for: doubles, gaps, broken hash chains.
 */
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { canonicalJson } from "./canonical-json.ts";

/** A CloudEvent of the contract, as far as the ledger looks into it. */
export interface LedgerEvent {
    readonly id: string;
    readonly type: string;
    readonly time: string;
    readonly subject?: string;
    readonly sequence: string;
    readonly hash: string;
    readonly previoushash: string;
    readonly clocktrusted: boolean;
    readonly data: unknown;
}

export interface LedgerReport {
    /** Events that arrived, doubles included. */
    readonly recorded: number;
    readonly distinct: number;
    readonly duplicates: number;
    /** Runs of missing sequences, and how many sequences they miss. */
    readonly gaps: number;
    readonly lost: number;
    /** First arrivals whose predecessor had not arrived yet. */
    readonly outOfOrder: number;
    /** Events whose hash is not that of their content, or whose predecessor has another hash than they say. */
    readonly brokenHashes: number;
    /** Same id, other content. */
    readonly conflicts: number;
    readonly withheld: number;
    readonly malformed: number;
    readonly upTo: number;
}

interface Chain {
    readonly bySequence: Map<number, { readonly hash: string; readonly previousHash: string }>;
    upTo: number;
    highest: number;
}

const WITHHELD = "kz.kordon.fact.withheld.v1";

export class EventLedger {
    readonly #file: number;
    readonly #unwritten: string[] = [];
    /** One chain per journal: a box with a new disk begins a new journal. */
    readonly #chains = new Map<string, Chain>();
    #newest: Chain | undefined;
    #recorded = 0;
    #duplicates = 0;
    #outOfOrder = 0;
    #brokenHashes = 0;
    #conflicts = 0;
    #withheld = 0;
    #malformed = 0;

    /** Takes up what an earlier run wrote to `path`. */
    constructor(path: string) {
        this.#file = openSync(path, "a+", 0o640);
        for (const line of readFileSync(path, "utf8").split("\n")) {
            if (line !== "") this.#keep(JSON.parse(line));
        }
    }

    /** Takes one payload of the topic `events`; false when it is no event. */
    take(payload: string): boolean {
        const event = parseEvent(payload);
        if (event === undefined) {
            this.#malformed += 1;
            return false;
        }
        this.#recorded += 1;
        const outcome = this.#keep(event);
        if (outcome === "new") this.#unwritten.push(`${payload}\n`);
        else if (outcome === "double") this.#duplicates += 1;
        else this.#conflicts += 1;
        return true;
    }

    /** The box says that nothing of this journal below `sequence` will come again: from there on it is counted. */
    beginAt(journal: string, sequence: number): void {
        const chain = this.#chainOf(journal);
        chain.upTo = Math.max(chain.upTo, sequence - 1);
        moveOn(chain);
    }

    /** Puts everything taken on the disk, then says what may be acknowledged: all up to here has arrived. */
    flush(): { readonly upTo: number; readonly hash: string } | undefined {
        if (this.#unwritten.length > 0) {
            writeSync(this.#file, this.#unwritten.splice(0).join(""));
            fsyncSync(this.#file);
        }
        const chain = this.#newest;
        const hash = chain?.bySequence.get(chain.upTo)?.hash;
        return chain === undefined || hash === undefined ? undefined : { upTo: chain.upTo, hash };
    }

    report(): LedgerReport {
        const chains = [...this.#chains.values()];
        const distinct = chains.reduce((sum, chain) => sum + chain.bySequence.size, 0);
        const highest = chains.reduce((sum, chain) => sum + chain.highest, 0);
        return {
            recorded: this.#recorded,
            distinct,
            duplicates: this.#duplicates,
            gaps: chains.reduce((sum, chain) => sum + gapsOf(chain), 0),
            lost: highest - distinct,
            outOfOrder: this.#outOfOrder,
            brokenHashes: this.#brokenHashes + chains.reduce((sum, chain) => sum + brokenLinksOf(chain), 0),
            conflicts: this.#conflicts,
            withheld: this.#withheld,
            malformed: this.#malformed,
            upTo: this.#newest?.upTo ?? 0,
        };
    }

    close(): void {
        this.flush();
        closeSync(this.#file);
    }

    #keep(event: LedgerEvent): "new" | "double" | "conflict" {
        const sequence = Number(event.sequence);
        const journal = event.id.slice(0, event.id.lastIndexOf("-"));
        const chain = this.#chainOf(journal);
        this.#newest = chain;
        const known = chain.bySequence.get(sequence);
        if (known !== undefined) return known.hash === event.hash ? "double" : "conflict";
        if (!chain.bySequence.has(sequence - 1) && sequence > 1) this.#outOfOrder += 1;
        chain.bySequence.set(sequence, { hash: event.hash, previousHash: event.previoushash });
        chain.highest = Math.max(chain.highest, sequence);
        moveOn(chain);
        if (event.type === WITHHELD) this.#withheld += 1;
        else if (hashOfEvent(event) !== event.hash) this.#brokenHashes += 1;
        return "new";
    }

    #chainOf(journal: string): Chain {
        const chain = this.#chains.get(journal) ?? { bySequence: new Map(), upTo: 0, highest: 0 };
        this.#chains.set(journal, chain);
        return chain;
    }
}

function moveOn(chain: Chain): void {
    while (chain.bySequence.has(chain.upTo + 1)) chain.upTo += 1;
}

/** One payload of `events`; undefined when it is no event of the contract. */
export function parseEvent(payload: string): LedgerEvent | undefined {
    try {
        const event = JSON.parse(payload) as Partial<Record<string, unknown>>;
        const texts = ["id", "source", "type", "time", "sequence", "hash", "previoushash"];
        if (event["specversion"] !== "1.0" || texts.some((name) => typeof event[name] !== "string")) return undefined;
        if (!/^\d{16}$/.test(String(event["sequence"])) || typeof event["clocktrusted"] !== "boolean") return undefined;
        return event as unknown as LedgerEvent;
    } catch {
        return undefined;
    }
}

/** The contract's recipe: SHA-256 over the previous hash, a line feed and the fact as canonical JSON. */
export function hashOfEvent(event: LedgerEvent): string {
    const [lane, passage] = event.subject?.split("/") ?? [];
    const fact = canonicalJson({
        kind: event.type.replace(/^kz\.kordon\.(.+)\.v1$/, "$1"),
        lane,
        passage,
        data: event.data,
        sequence: Number(event.sequence),
        utcMs: Date.parse(event.time),
        isClockTrusted: event.clocktrusted,
    });
    return createHash("sha256").update(`${event.previoushash}\n${fact}`).digest("hex");
}

function gapsOf(chain: Chain): number {
    let gaps = 0;
    for (const sequence of chain.bySequence.keys()) {
        if (sequence > 1 && !chain.bySequence.has(sequence - 1)) gaps += 1;
    }
    return gaps;
}

function brokenLinksOf(chain: Chain): number {
    let broken = 0;
    for (const [sequence, { previousHash }] of chain.bySequence) {
        const before = chain.bySequence.get(sequence - 1);
        if (before !== undefined && before.hash !== previousHash) broken += 1;
    }
    return broken;
}
