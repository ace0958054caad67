/**
 * Goes through the whole chain of facts and says whether it is the one that was written, recorded inputs included: the fact
 * that ends a recording carries their hash. Used by `kordon audit verify`.
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { JournalHead } from "../ports/journal.ts";
import type { OpenDatabase } from "./database.ts";
import { type FactRow, factHash, genesisHash } from "./fact-chain.ts";
import { openJournalReadOnly } from "./journal-schema.ts";
import { guard } from "./store-errors.ts";

/** What `verifyChain` found; `sequence` is the first fact that is missing, foreign or changed. */
export type ChainVerdict =
    | { readonly isIntact: true; readonly facts: number; readonly head: string }
    | { readonly isIntact: false; readonly sequence: number; readonly reason: string };

/** A head that the box gave out before, such as in its MQTT status: whatever came up to it must still be there. */
export type PublishedHead = Pick<JournalHead, "sequence" | "hash">;

/**
 * Walks all facts from the beginning, or from where pruning ended. Also finds facts cut off at the end, by the highest
 * sequence that SQLite remembers and by a published head. Throws `StoreFault` (`DATABASE_CORRUPT`) where pages cannot be read.
 *
 * @internal exported for its test
 */
export function verifyChain(db: OpenDatabase, published?: PublishedHead): ChainVerdict {
    return guard(basename(db.name), () => db.transaction(() => walk(db, published))());
}

/** The same for the journal in a state folder; the daemon may go on writing. */
export function verifyJournal(folder: string, published?: PublishedHead): ChainVerdict {
    const db = openJournalReadOnly(folder);
    try {
        return verifyChain(db, published);
    } finally {
        db.close();
    }
}

/** What `passage.recorded` says of its chunks: the SHA-256 over all of them, one after the other, in lower-case hex. */
export function inputsHash(chunks: Iterable<Uint8Array>): string {
    const hash = createHash("sha256");
    for (const chunk of chunks) hash.update(chunk);
    return hash.digest("hex");
}

function walk(db: OpenDatabase, published: PublishedHead | undefined): ChainVerdict {
    const broken = (at: number, reason: string): ChainVerdict => ({ isIntact: false, sequence: at, reason });
    const start = db.prepare<[], Start>("SELECT journal_id, pruned_sequence, pruned_hash FROM journal").get();
    if (start === undefined) return broken(1, "the journal has lost its own name");
    let sequence = start.pruned_sequence;
    let head = start.pruned_hash;
    if (sequence === 0 && head !== genesisHash(start.journal_id)) {
        return broken(1, "the chain does not begin with this journal's id");
    }
    if (published !== undefined && published.sequence < sequence) {
        return broken(
            published.sequence,
            `it was pruned with all up to ${sequence}; hold a newer head against the journal`,
        );
    }
    if (isOther(published, sequence, head)) return broken(sequence, NOT_PUBLISHED);
    const inputs = db.prepare<[string], Uint8Array>("SELECT chunk FROM inputs WHERE passage = ? ORDER BY id").pluck();
    const rows = db.prepare<[], HashedRow>("SELECT * FROM facts ORDER BY sequence");
    for (const row of rows.iterate()) {
        sequence += 1;
        head = factHash(head, row);
        const reason = isOther(published, sequence, head) ? NOT_PUBLISHED : objectionTo(row, sequence, head);
        if (reason !== undefined) return broken(sequence, reason);
        const seal = sealOf(row);
        // Where pruning took the first chunks of a recording, the others prove nothing.
        if (seal === undefined || seal.from <= start.pruned_sequence) continue;
        if (inputsHash(inputs.iterate(seal.passage)) !== seal.sha256) {
            return broken(sequence, `the inputs kept for ${seal.passage} are not those that were recorded`);
        }
    }
    const remembered =
        db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'facts'").pluck().get() ?? 0;
    const highest = Math.max(remembered, published?.sequence ?? 0);
    if (highest !== sequence) return broken(sequence + 1, `facts up to ${highest} were written, this one is gone`);
    return { isIntact: true, facts: sequence - start.pruned_sequence, head };
}

const NOT_PUBLISHED = "its hash is not the one that was published";

function isOther(published: PublishedHead | undefined, sequence: number, hash: string): boolean {
    return published?.sequence === sequence && published.hash !== hash;
}

function objectionTo(row: HashedRow, sequence: number, hash: string): string | undefined {
    if (row.sequence !== sequence) return `followed by ${row.sequence}`;
    if (row.is_clock_trusted !== 0 && row.is_clock_trusted !== 1) return "is_clock_trusted is neither 0 nor 1";
    return row.hash === hash ? undefined : "its hash does not match its content";
}

/** What a fact at the end of a recording says of its inputs. */
function sealOf(row: HashedRow): { passage: string; from: number; sha256: string } | undefined {
    if (row.kind !== "passage.recorded" || row.passage === null) return undefined;
    return { passage: row.passage, ...(JSON.parse(row.data) as { from: number; sha256: string }) };
}

interface HashedRow extends FactRow {
    readonly hash: string;
}

interface Start {
    readonly journal_id: string;
    readonly pruned_sequence: number;
    readonly pruned_hash: string;
}
