/** The journal's SQL, prepared once. Everything that reads facts gives them with the hash of the one before. */
import type { Statement } from "better-sqlite3";
import type { Fact, FactKind } from "../core/fact/fact.ts";
import type { OpenDatabase } from "./database.ts";
import type { FactRow } from "./fact-chain.ts";

export interface StoredFact extends FactRow {
    readonly hash: string;
    readonly previous_hash: string;
}

const FACT = `
    SELECT f.*, coalesce((SELECT p.hash FROM facts p WHERE p.sequence = f.sequence - 1),
                         (SELECT pruned_hash FROM journal)) AS previous_hash
    FROM facts f`;

/** A row as everybody else knows it. */
export function toFact(row: StoredFact, journalId: string): Fact {
    return {
        kind: row.kind as FactKind,
        ...(row.lane === null ? {} : { lane: row.lane }),
        ...(row.passage === null ? {} : { passage: row.passage }),
        data: JSON.parse(row.data),
        id: `${journalId}-${row.sequence}`,
        sequence: row.sequence,
        utcMs: row.utc_ms,
        isClockTrusted: row.is_clock_trusted === 1,
        hash: row.hash,
        previousHash: row.previous_hash,
    };
}

export type JournalStatements = ReturnType<typeof prepareJournal>;

/** `LIMIT +?`: SQLite plans a statement with a bare `LIMIT ?` anew for each value bound, which takes longer than running it. */
export function prepareJournal(db: OpenDatabase) {
    const query = <Parameters extends unknown[], Row>(sql: string): Statement<Parameters, Row> => db.prepare(sql);
    const value = <Parameters extends unknown[], Value>(sql: string): Statement<Parameters, Value> =>
        db.prepare<Parameters, Value>(sql).pluck();
    return {
        start: query<[], Start>("SELECT journal_id, pruned_sequence, pruned_hash FROM journal"),
        begin: query<[string, string], never>("INSERT INTO journal VALUES (1, ?, 0, ?)"),
        lastFact: query<[], { sequence: number; hash: string }>(
            "SELECT sequence, hash FROM facts ORDER BY sequence DESC LIMIT 1",
        ),

        addFact: query<[FactRow & { hash: string }], never>(
            `INSERT INTO facts VALUES (@sequence, @kind, @lane, @passage, @data, @utc_ms, @is_clock_trusted, @hash)`,
        ),
        isKnownPassage: value<[string], number>("SELECT 1 FROM facts WHERE passage = ? LIMIT 1"),
        openPassage: query<[string | null, string, number], never>("INSERT INTO open_passages VALUES (?, ?, ?)"),
        endPassage: query<[string | null], never>("DELETE FROM open_passages WHERE passage = ?"),
        openPassages: query<[], { lane: string; passage: string }>(
            "SELECT lane, passage FROM open_passages ORDER BY opened_by",
        ),
        keepInputs: query<[string, string, number, Uint8Array], never>(
            "INSERT INTO inputs (lane, passage, after_sequence, chunk) VALUES (?, ?, ?, ?)",
        ),
        factsOf: query<[string], StoredFact>(`${FACT} WHERE f.passage = ? ORDER BY f.sequence`),
        inputsOf: value<[string], Uint8Array>("SELECT chunk FROM inputs WHERE passage = ? ORDER BY id"),
        factsAfter: query<[number, number], StoredFact>(`${FACT} WHERE f.sequence > ? ORDER BY f.sequence LIMIT +?`),
        passages: query<[number], PassageRow>(
            `SELECT passage, lane, max(sequence) AS last FROM (
                SELECT passage, lane, max(sequence) AS sequence FROM facts WHERE passage IS NOT NULL GROUP BY passage
                UNION ALL SELECT passage, lane, max(after_sequence) FROM inputs GROUP BY passage)
             GROUP BY passage ORDER BY last DESC LIMIT +?`,
        ),

        addToOutbox: query<[number], never>("INSERT INTO outbox (sequence) VALUES (?)"),
        pending: query<[number, number], StoredFact>(
            `${FACT} JOIN outbox o USING (sequence) WHERE o.sequence > ? AND o.refused IS NULL ORDER BY o.sequence LIMIT +?`,
        ),
        acknowledge: query<[number], never>("DELETE FROM outbox WHERE sequence <= ? AND refused IS NULL"),
        refuse: query<[string, number], never>("UPDATE outbox SET refused = ? WHERE sequence = ? AND refused IS NULL"),
        quarantined: query<[], StoredFact & { refused: string }>(
            `SELECT q.*, o.refused FROM (${FACT}) q JOIN outbox o USING (sequence) WHERE o.refused IS NOT NULL
             ORDER BY o.sequence`,
        ),
        settle: query<[number], never>("DELETE FROM outbox WHERE sequence = ? AND refused IS NOT NULL"),
        depth: value<[], number>("SELECT count(*) FROM outbox WHERE refused IS NULL"),

        putRefused: query<[string, string, number, Uint8Array], never>(
            "INSERT INTO quarantine (source, reason, utc_ms, payload) VALUES (?, ?, ?, ?)",
        ),
        dropRefused: query<[number], never>("DELETE FROM quarantine WHERE id <= ?"),
        refusedEver: value<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'quarantine'"),

        keepFrom: value<[{ beforeUtcMs: number; end: number }], number | null>(
            `SELECT min(sequence) FROM (
                SELECT min(sequence) AS sequence FROM outbox
                UNION ALL SELECT min(opened_by) FROM open_passages
                UNION ALL SELECT min(sequence) FROM facts
                    WHERE sequence < @end AND utc_ms >= @beforeUtcMs AND is_clock_trusted = 1)`,
        ),
        hashAt: value<[number], string>("SELECT hash FROM facts WHERE sequence = ?"),
        startAfter: query<[number, string], never>("UPDATE journal SET pruned_sequence = ?, pruned_hash = ?"),
        dropFacts: query<[number], never>("DELETE FROM facts WHERE sequence < ?"),
        dropInputs: query<[number], never>(
            `DELETE FROM inputs WHERE id < coalesce(
                (SELECT id FROM inputs WHERE after_sequence >= ? ORDER BY id LIMIT 1), 9223372036854775807)`,
        ),
    };
}

/** A passage of which anything is kept, with the last fact known when that was written. */
export interface PassageRow {
    readonly passage: string;
    readonly lane: string;
    readonly last: number;
}

interface Start {
    readonly journal_id: string;
    readonly pruned_sequence: number;
    readonly pruned_hash: string;
}
