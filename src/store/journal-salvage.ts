/**
 * Gets out of a journal what can still be read, fact by fact, also where pages are damaged. Every fact comes with the word of the
 * hash chain on it: as it was written, or not to be told because the fact before it is gone.
 */
import type { Json } from "../core/fact/fact.ts";
import { StoreFault } from "../ports/journal.ts";
import { type FactRow, factHash } from "./fact-chain.ts";
import { JOURNAL_FILE, openJournalReadOnly } from "./journal-schema.ts";
import { guard } from "./store-errors.ts";

/** One fact as it stands there. */
export interface SalvagedFact {
    readonly sequence: number;
    readonly kind: string;
    readonly lane: string | null;
    readonly passage: string | null;
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
    readonly data: Json;
    readonly hash: string;
    /** Whether its hash is that of its content after the fact before it; null where that one cannot be read. */
    readonly isAsWritten: boolean | null;
}

/** Facts read at once. */
const STRIDE = 200;

interface HashedRow extends FactRow {
    readonly hash: string;
}

/**
 * Facts with a sequence above `after`, lowest first, to the highest that the journal remembers; `onLost` hears of each sequence
 * up to there that cannot be read. Throws `StoreFault` where not even the table's beginning can.
 */
export function* salvagedFacts(
    folder: string,
    after: number,
    onLost: (sequence: number) => void,
): Generator<SalvagedFact> {
    const db = openJournalReadOnly(folder);
    try {
        const rows = guard(JOURNAL_FILE, () =>
            db.prepare<[number, number], HashedRow>(
                "SELECT * FROM facts WHERE sequence > ? AND sequence <= ? ORDER BY sequence",
            ),
        );
        const read = (from: number, to: number): readonly HashedRow[] | undefined => readable(() => rows.all(from, to));
        const highest = highestOf(db);
        let before = read(after - 1, after)?.[0]?.hash;
        for (let from = after; from < highest; from += STRIDE) {
            const to = Math.min(from + STRIDE, highest);
            // A page holds many facts: where it is damaged, each is tried by itself.
            const many =
                read(from, to) ??
                Array.from({ length: to - from }, (_, n) => read(from + n, from + n + 1)).flatMap((one) => one ?? []);
            let due = from + 1;
            for (const row of many) {
                for (; due < row.sequence; due += 1) {
                    onLost(due);
                    before = undefined;
                }
                yield factOf(row, before);
                before = row.hash;
                due += 1;
            }
            for (; due <= to; due += 1) {
                onLost(due);
                before = undefined;
            }
        }
    } finally {
        db.close();
    }
}

/** What SQLite remembers of the highest sequence, or what it finds. */
function highestOf(db: ReturnType<typeof openJournalReadOnly>): number {
    const one = (sql: string): number => readable(() => db.prepare<[], number | null>(sql).pluck().get() ?? 0) ?? 0;
    return Math.max(
        one("SELECT seq FROM sqlite_sequence WHERE name = 'facts'"),
        one("SELECT max(sequence) FROM facts"),
    );
}

/** Undefined where the file is damaged; everything else that a disk may say is thrown. */
function readable<T>(act: () => T): T | undefined {
    try {
        return guard(JOURNAL_FILE, act);
    } catch (error) {
        if (error instanceof StoreFault && error.code === "DATABASE_CORRUPT") return undefined;
        throw error;
    }
}

function factOf(row: HashedRow, before: string | undefined): SalvagedFact {
    const { sequence, kind, lane, passage, hash } = row;
    return {
        sequence,
        kind,
        lane,
        passage,
        utcMs: row.utc_ms,
        isClockTrusted: row.is_clock_trusted === 1,
        data: dataOf(row.data),
        hash,
        isAsWritten: before === undefined ? null : factHash(before, row) === hash,
    };
}

/** Damage may leave a row and spoil its text. */
function dataOf(text: string): Json {
    try {
        return JSON.parse(text) as Json;
    } catch {
        return text;
    }
}
