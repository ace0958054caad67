/**
 * The journal of a state folder for looking only: of a running daemon, or a copy from another machine. Everything it gives is
 * of one moment, that of its opening, whatever is written meanwhile.
 */
import type { Fact } from "../core/fact/fact.ts";
import { type JournalArchive, type JournalHead, type PassageRecord, StoreFault } from "../ports/journal.ts";
import type { OpenDatabase } from "./database.ts";
import { JOURNAL_FILE, openJournalReadOnly } from "./journal-schema.ts";
import { type JournalStatements, type PassageRow, prepareJournal, toFact } from "./journal-statements.ts";
import { guard } from "./store-errors.ts";

export class JournalReader implements JournalArchive {
    readonly #db: OpenDatabase;
    readonly #sql: JournalStatements;
    readonly #head: JournalHead;
    /** Up to here retention has deleted everything; 0 when nothing. */
    readonly prunedUpTo: number;

    /** Throws `StoreFault`. */
    constructor(folder: string) {
        this.#db = openJournalReadOnly(folder);
        this.#sql = guard(JOURNAL_FILE, () => prepareJournal(this.#db));
        const start = guard(JOURNAL_FILE, () => {
            this.#db.exec("BEGIN");
            return this.#sql.start.get();
        });
        if (start === undefined) {
            throw new StoreFault("DATABASE_CORRUPT", `${JOURNAL_FILE}: the journal has lost its own name`);
        }
        const { sequence, hash } = guard(JOURNAL_FILE, () => this.#sql.lastFact.get()) ?? {
            sequence: start.pruned_sequence,
            hash: start.pruned_hash,
        };
        this.#head = { journalId: start.journal_id, sequence, hash };
        this.prunedUpTo = start.pruned_sequence;
    }

    head(): JournalHead {
        return this.#head;
    }

    passageRecord(passage: string): PassageRecord {
        return guard(JOURNAL_FILE, () => ({
            facts: this.#sql.factsOf.all(passage).map((row) => toFact(row, this.#head.journalId)),
            inputs: this.#sql.inputsOf.all(passage),
        }));
    }

    factsAfter(after: number, limit: number): readonly Fact[] {
        return guard(JOURNAL_FILE, () =>
            this.#sql.factsAfter.all(after, limit).map((row) => toFact(row, this.#head.journalId)),
        );
    }

    /** Facts that the broker cannot carry, oldest first, with the reason. */
    withheld(): readonly { readonly fact: Fact; readonly reason: string }[] {
        return guard(JOURNAL_FILE, () =>
            this.#sql.quarantined
                .all()
                .map((row) => ({ fact: toFact(row, this.#head.journalId), reason: row.refused })),
        );
    }

    /** Facts that the central system has not acknowledged, withheld ones not among them. */
    waiting(): number {
        return guard(JOURNAL_FILE, () => this.#sql.depth.get() ?? 0);
    }

    /** The passages of which anything is kept, newest first. */
    passages(limit: number): readonly PassageRow[] {
        return guard(JOURNAL_FILE, () => this.#sql.passages.all(limit));
    }

    close(): void {
        this.#db.close();
    }
}
