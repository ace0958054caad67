/**
 * The journal on disk: facts with their chain, the outbox of facts that the central system has not acknowledged,
 * the inputs of passages, and refused messages. One commit is one transaction, flushed before it returns; what only
 * takes away, such as an acknowledgement, is not waited for.
 */
import { randomBytes } from "node:crypto";
import type { Statement, Transaction } from "better-sqlite3";
import { canonicalJson } from "../core/fact/canonical-json.ts";
import { type Fact, type FactDraft, PASSAGE_ENDINGS } from "../core/fact/fact.ts";
import type { Delivery } from "../ports/delivery.ts";
import type {
    Journal,
    JournalArchive,
    JournalEntry,
    JournalHead,
    Outbox,
    PassageRecord,
    Quarantine,
    UsedNonces,
} from "../ports/journal.ts";
import { LOG_PAGES_MAX, type OpenDatabase } from "./database.ts";
import { DeliveryStore } from "./delivery-store.ts";
import { type FactRow, factHash, genesisHash } from "./fact-chain.ts";
import { JOURNAL_FILE, openJournalDatabase } from "./journal-schema.ts";
import { type JournalStatements, prepareJournal, type StoredFact, toFact } from "./journal-statements.ts";
import { LogUpkeep } from "./log-upkeep.ts";
import { guard } from "./store-errors.ts";

const COMMITS_UNMOVED_MAX = 100;
const REFUSED_KEPT_MAX = 1_000;
const REFUSED_BYTES_MAX = 64 << 10;

/** What one step of pruning took away; `isDone` when nothing is left that may go. */
export interface Pruned {
    readonly facts: number;
    readonly inputs: number;
    readonly isDone: boolean;
}

/** Opens `journal.db` in the site's state folder, made if it is not there. Throws `StoreFault`. */
export function openJournal(folder: string): JournalStore {
    return new JournalStore(openJournalDatabase(folder));
}

/** The same for a daemon that runs for months: the file's upkeep has a thread of its own, to be closed after the journal. */
export function openLastingJournal(folder: string): { readonly journal: JournalStore; readonly upkeep: LogUpkeep } {
    const db = openJournalDatabase(folder);
    db.pragma(`wal_autocheckpoint = ${LOG_PAGES_MAX}`);
    const upkeep = new LogUpkeep(folder, JOURNAL_FILE, COMMITS_UNMOVED_MAX);
    return { journal: new JournalStore(db, () => upkeep.committed()), upkeep };
}

/** One per process and file: sequence, hash and depth are kept in memory between commits. */
export class JournalStore implements Journal, JournalArchive, Outbox, Quarantine, UsedNonces {
    readonly #db: OpenDatabase;
    readonly #inTransaction: Transaction<(act: () => unknown) => unknown>;
    readonly #sql: JournalStatements;
    /** Beside the other statements: those serve journals of older programs too. */
    readonly #nonces: { readonly use: Statement<[string, number]>; readonly drop: Statement<[number]> };
    readonly #onCommitted: () => void;
    #head: JournalHead;
    #depth: number;
    readonly #deliveries = new Map<string, DeliveryStore>();

    constructor(db: OpenDatabase, onCommitted: () => void = () => undefined) {
        this.#db = db;
        this.#inTransaction = db.transaction((act) => act());
        this.#onCommitted = onCommitted;
        this.#sql = guard(JOURNAL_FILE, () => prepareJournal(db));
        this.#nonces = guard(JOURNAL_FILE, () => ({
            use: db.prepare("INSERT OR IGNORE INTO used_nonces VALUES (?, ?)"),
            drop: db.prepare("DELETE FROM used_nonces WHERE expires_utc_ms <= ?"),
        }));
        this.#head = this.#write(() => this.#readHead());
        this.#depth = guard(JOURNAL_FILE, () => this.#sql.depth.get() ?? 0);
    }

    commit(entry: JournalEntry, time: { readonly utcMs: number; readonly isClockTrusted: boolean }): readonly Fact[] {
        if (entry.facts.length === 0 && entry.inputs === undefined) return [];
        let head = this.#head;
        const facts: Fact[] = [];
        this.#write(() => {
            for (const draft of entry.facts) {
                const fact = this.#append(draft, head, time);
                head = { journalId: head.journalId, sequence: fact.sequence, hash: fact.hash };
                facts.push(fact);
            }
            const { inputs } = entry;
            if (inputs !== undefined)
                this.#sql.keepInputs.run(inputs.lane, inputs.passage, head.sequence, inputs.chunk);
        });
        this.#head = head;
        this.#depth += facts.length;
        return facts;
    }

    head(): JournalHead {
        return this.#head;
    }

    openPassages(): readonly { readonly lane: string; readonly passage: string }[] {
        return guard(JOURNAL_FILE, () => this.#sql.openPassages.all());
    }

    passageRecord(passage: string): PassageRecord {
        return guard(JOURNAL_FILE, () => ({
            facts: this.#sql.factsOf.all(passage).map((row) => this.#toFact(row)),
            inputs: this.#sql.inputsOf.all(passage),
        }));
    }

    factsAfter(after: number, limit: number): readonly Fact[] {
        return guard(JOURNAL_FILE, () => this.#sql.factsAfter.all(after, limit).map((row) => this.#toFact(row)));
    }

    pending(after: number, limit: number): readonly Fact[] {
        return guard(JOURNAL_FILE, () => this.#sql.pending.all(after, limit).map((row) => this.#toFact(row)));
    }

    acknowledge(sequence: number): number {
        // An acknowledgement from the future comes from another journal's time, e.g. before this disk was restored.
        if (!Number.isSafeInteger(sequence) || sequence > this.#head.sequence) return 0;
        const forgotten = this.#writeUnflushed(() => this.#sql.acknowledge.run(sequence).changes);
        this.#depth -= forgotten;
        return forgotten;
    }

    quarantine(sequence: number, reason: string): void {
        this.#depth -= this.#writeUnflushed(() => this.#sql.refuse.run(reason, sequence).changes);
    }

    depth(): number {
        return this.#depth;
    }

    /** Facts that only this journal has because the broker cannot carry them, oldest first. */
    quarantined(): readonly { readonly sequence: number; readonly reason: string }[] {
        return guard(JOURNAL_FILE, () =>
            this.#sql.quarantined.all().map(({ sequence, refused }) => ({ sequence, reason: refused })),
        );
    }

    /**
     * A person has brought a quarantined fact to the central system by another way: retention may take it. False when
     * there is no such fact.
     */
    settle(sequence: number): boolean {
        return this.#write(() => this.#sql.settle.run(sequence).changes === 1);
    }

    use(nonce: string, expiresUtcMs: number, nowUtcMs: number): boolean {
        return this.#write(() => {
            this.#nonces.drop.run(nowUtcMs);
            return this.#nonces.use.run(nonce, expiresUtcMs).changes === 1;
        });
    }

    put(source: string, payload: Uint8Array, reason: string, utcMs: number): void {
        this.#writeUnflushed(() => {
            const { lastInsertRowid } = this.#sql.putRefused.run(
                source,
                reason,
                utcMs,
                payload.subarray(0, REFUSED_BYTES_MAX),
            );
            this.#sql.dropRefused.run(Number(lastInsertRowid) - REFUSED_KEPT_MAX);
        });
    }

    count(): number {
        return guard(JOURNAL_FILE, () => this.#sql.refusedEver.get() ?? 0);
    }

    /** Opens a further way out, named the same in every run. While it is open, what it has not settled is not pruned. */
    openDelivery(way: string): Delivery {
        const delivery = this.#deliveries.get(way) ?? new DeliveryStore(this.#db, way, () => this.#head.sequence);
        this.#deliveries.set(way, delivery);
        return delivery;
    }

    /**
     * Removes up to `factsMax` of the oldest facts, with the inputs that came with them, and keeps the hash of the last
     * one so that the chain can still be verified. Stops before the first fact that is not acknowledged or not settled on an
     * open way, belongs to a passage still open, or was recorded at `beforeUtcMs` or later by a trusted clock (others go by their place).
     * Call it with a trusted clock only, again until `isDone`; the deletion is a fact for the caller to commit.
     */
    prune(beforeUtcMs: number, factsMax = 100): Pruned {
        return this.#writeUnflushed(() => {
            const first = (this.#sql.start.get()?.pruned_sequence ?? 0) + 1;
            const end = Math.min(first + factsMax, this.#head.sequence + 1);
            const needed = [...this.#deliveries.values()].map((delivery) => delivery.needsFrom());
            const keepFrom = Math.min(this.#sql.keepFrom.get({ beforeUtcMs, end }) ?? end, end, ...needed);
            const lastHash = this.#sql.hashAt.get(keepFrom - 1);
            if (keepFrom <= first || lastHash === undefined) return { facts: 0, inputs: 0, isDone: true };
            this.#sql.startAfter.run(keepFrom - 1, lastHash);
            const inputs = this.#sql.dropInputs.run(keepFrom).changes;
            const facts = this.#sql.dropFacts.run(keepFrom).changes;
            return { facts, inputs, isDone: facts < factsMax };
        });
    }

    close(): void {
        guard(JOURNAL_FILE, () => this.#db.close());
    }

    #append(draft: FactDraft, head: JournalHead, time: { utcMs: number; isClockTrusted: boolean }): Fact {
        const row: FactRow = {
            sequence: head.sequence + 1,
            kind: draft.kind,
            lane: draft.lane ?? null,
            passage: draft.passage ?? null,
            data: canonicalJson(draft.data),
            utc_ms: time.utcMs,
            is_clock_trusted: time.isClockTrusted ? 1 : 0,
        };
        const hash = factHash(head.hash, row);
        const isNewPassage = row.passage !== null && this.#sql.isKnownPassage.get(row.passage) === undefined;
        this.#sql.addFact.run({ ...row, hash });
        this.#sql.addToOutbox.run(row.sequence);
        if (PASSAGE_ENDINGS.has(draft.kind)) this.#sql.endPassage.run(row.passage);
        else if (isNewPassage) this.#sql.openPassage.run(row.passage, row.lane ?? "", row.sequence);
        return {
            ...draft,
            id: `${head.journalId}-${row.sequence}`,
            sequence: row.sequence,
            utcMs: time.utcMs,
            isClockTrusted: time.isClockTrusted,
            hash,
            previousHash: head.hash,
        };
    }

    #readHead(): JournalHead {
        const start = this.#sql.start.get();
        if (start === undefined) {
            const journalId = randomBytes(10).toString("hex");
            this.#sql.begin.run(journalId, genesisHash(journalId));
            return { journalId, sequence: 0, hash: genesisHash(journalId) };
        }
        const last = this.#sql.lastFact.get();
        return {
            journalId: start.journal_id,
            sequence: last?.sequence ?? start.pruned_sequence,
            hash: last?.hash ?? start.pruned_hash,
        };
    }

    #toFact(row: StoredFact): Fact {
        return toFact(row, this.#head.journalId);
    }

    #write<T>(act: () => T): T {
        const result = guard(JOURNAL_FILE, () => this.#inTransaction.immediate(act)) as T;
        this.#onCommitted();
        return result;
    }

    /**
     * For what may be forgotten by a power cut, because it comes again: the lanes' thread does not wait for the disk. The
     * next commit that is flushed takes it along, and nothing written later can survive without it.
     */
    #writeUnflushed<T>(act: () => T): T {
        guard(JOURNAL_FILE, () => this.#db.exec("PRAGMA synchronous = NORMAL"));
        try {
            return this.#write(act);
        } finally {
            guard(JOURNAL_FILE, () => this.#db.exec("PRAGMA synchronous = FULL"));
        }
    }
}
