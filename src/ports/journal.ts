/** The journal and its outbox: the only memory of what happened. One transaction holds a fact, its outbox row and its inputs. */
import type { Fact, FactDraft } from "../core/fact/fact.ts";

/** Everything one tick wants remembered. Either all of it is on disk when `commit` returns, or none of it. */
export interface JournalEntry {
    readonly facts: readonly FactDraft[];
    /** Inputs of a passage for later replay, opaque to the store; absent when the tick has nothing to add. */
    readonly inputs?: { readonly lane: string; readonly passage: string; readonly chunk: Uint8Array };
}

/** The newest fact's place in the chain, enough to continue it. */
export interface JournalHead {
    /** Random, made when the journal was; part of every fact's id, so that a new disk never repeats an id. */
    readonly journalId: string;
    /** Highest sequence, 0 when empty. */
    readonly sequence: number;
    /** Hash of the highest fact, of the journal id when empty. */
    readonly hash: string;
}

/** Writes facts, gap-free and chained. */
export interface Journal {
    /** Throws `StoreFault` when the disk refuses; nothing is written then. */
    commit(entry: JournalEntry, time: { readonly utcMs: number; readonly isClockTrusted: boolean }): readonly Fact[];
    head(): JournalHead;
    /** Passages begun and not ended, e.g. after a crash: `[lane, passage]`. */
    openPassages(): readonly { readonly lane: string; readonly passage: string }[];
}

/** Everything kept of one passage. */
export interface PassageRecord {
    readonly facts: readonly Fact[];
    /** Chunks in the order of their commits. */
    readonly inputs: readonly Uint8Array[];
}

/** The journal read back, for replay, search and audit. */
export interface JournalArchive {
    /** Empty lists when nothing of it is kept. */
    passageRecord(passage: string): PassageRecord;
    /** Facts with a sequence above `after`, lowest first, at most `limit`. */
    factsAfter(after: number, limit: number): readonly Fact[];
}

/** Facts on their way to the central system. */
export interface Outbox {
    /** Facts not yet acknowledged with a sequence above `after`, lowest first. */
    pending(after: number, limit: number): readonly Fact[];
    /** Forgets rows up to and including `sequence`; the journal keeps the facts. Returns how many went; an unknown or old one does nothing. */
    acknowledge(sequence: number): number;
    /**
     * Takes one fact that the broker cannot carry out of the way, with the reason. It no longer counts as waiting, no
     * acknowledgement covers it, and it and what follows stay in the journal: nobody else has it.
     */
    quarantine(sequence: number, reason: string): void;
    /** Rows waiting, quarantined ones not among them. O(1). */
    depth(): number;
}

/** Numbers of commands that were taken, so that none is carried out twice, not even by the next run of the daemon. */
export interface UsedNonces {
    /**
     * Writes the nonce down and returns true, or false when it was used before. Kept until `expiresUtcMs` is over, since an
     * expired command is refused anyway. Throws `StoreFault`: then nobody may act.
     */
    use(nonce: string, expiresUtcMs: number, nowUtcMs: number): boolean;
}

/** Messages from outside that were refused: kept with the reason, counted, bounded. */
export interface Quarantine {
    /** Keeps the newest 1,000 messages and the first 64 KiB of each. */
    put(source: string, payload: Uint8Array, reason: string, utcMs: number): void;
    /** How many were ever put, whether still kept or not. */
    count(): number;
}

/**
 * `DISK_FULL`, `DISK_READ_ONLY`, `DISK_FAILED`, `DATABASE_CORRUPT`: latch an alarm, lanes go to the officer.
 * `DATABASE_BUSY`: retry. `DATABASE_TOO_NEW`: refuse the start.
 */
export type StoreFaultCode =
    | "DISK_FULL"
    | "DISK_READ_ONLY"
    | "DISK_FAILED"
    | "DATABASE_CORRUPT"
    | "DATABASE_BUSY"
    | "DATABASE_TOO_NEW";

/** The disk did not do what was asked; the message says what to do next. */
export class StoreFault extends Error {
    readonly code: StoreFaultCode;
    constructor(code: StoreFaultCode, message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "StoreFault";
        this.code = code;
    }
}
