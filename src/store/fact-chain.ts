/**
 * The hash chain over the facts: each fact's hash covers the hash before it, so that no row can be changed, taken out
 * or put in afterwards without breaking every hash that follows.
 */
import { hash } from "node:crypto";

/** A row of the table `facts`, as far as its hash covers it. `data` is canonical JSON text. */
export interface FactRow {
    readonly sequence: number;
    readonly kind: string;
    readonly lane: string | null;
    readonly passage: string | null;
    readonly data: string;
    readonly utc_ms: number;
    readonly is_clock_trusted: number;
}

/** What the first fact of a journal has before it. */
export function genesisHash(journalId: string): string {
    return hash("sha256", journalId);
}

/**
 * SHA-256 over the previous hash, a line feed and the fact as canonical JSON (members sorted, absent ones left out).
 * `data` enters as the text that is stored, so a change of one blank in it is found too.
 */
export function factHash(previousHash: string, fact: FactRow): string {
    const lane = fact.lane === null ? "" : `,"lane":${JSON.stringify(fact.lane)}`;
    const passage = fact.passage === null ? "" : `,"passage":${JSON.stringify(fact.passage)}`;
    const canonical =
        `{"data":${fact.data},"isClockTrusted":${fact.is_clock_trusted === 1},"kind":${JSON.stringify(fact.kind)}` +
        `${lane}${passage},"sequence":${fact.sequence},"utcMs":${fact.utc_ms}}`;
    return hash("sha256", `${previousHash}\n${canonical}`);
}
