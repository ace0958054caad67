/** How far each further way out has come, as rows of `journal.db`: a mark per way and the facts it had to leave behind. */
import type { Statement } from "better-sqlite3";
import type { Delivery, SetAside } from "../ports/delivery.ts";
import type { OpenDatabase } from "./database.ts";
import { JOURNAL_FILE } from "./journal-schema.ts";
import { guard } from "./store-errors.ts";

export class DeliveryStore implements Delivery {
    readonly #db: OpenDatabase;
    readonly #way: string;
    readonly #headSequence: () => number;
    readonly #sql: Statements;
    #settled: number;

    /**
     * A way that is new here begins at the journal's end: what happened before it was set up is not its business.
     * `headSequence` is the newest fact's at any moment.
     */
    constructor(db: OpenDatabase, way: string, headSequence: () => number) {
        this.#db = db;
        this.#way = way;
        this.#headSequence = headSequence;
        this.#sql = guard(JOURNAL_FILE, () => prepare(db));
        this.#settled = guard(JOURNAL_FILE, () => {
            this.#sql.begin.run(way, headSequence());
            return this.#sql.settled.get(way) ?? 0;
        });
    }

    settledUpTo(): number {
        return this.#settled;
    }

    settle(upTo: number, leftBehind: readonly SetAside[] = []): void {
        if (upTo <= this.#settled || upTo > this.#headSequence()) return;
        guard(JOURNAL_FILE, () =>
            this.#db
                .transaction(() => {
                    for (const { sequence, reason } of leftBehind) this.#sql.leave.run(sequence, this.#way, reason);
                    this.#sql.settle.run(upTo, this.#way);
                })
                .immediate(),
        );
        this.#settled = upTo;
    }

    setAside(): readonly SetAside[] {
        return guard(JOURNAL_FILE, () => this.#sql.leftBehind.all(this.#way));
    }

    release(sequence: number, by: string, why: string): boolean {
        return guard(JOURNAL_FILE, () => this.#sql.release.run(by, why, this.#way, sequence).changes > 0);
    }

    /** The lowest sequence that this way may still need. */
    needsFrom(): number {
        const [first] = this.setAside();
        return Math.min(this.#settled + 1, first?.sequence ?? Number.POSITIVE_INFINITY);
    }
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: OpenDatabase) {
    const settled: Statement<[string], number> = db
        .prepare<[string], number>("SELECT settled FROM deliveries WHERE way = ?")
        .pluck();
    return {
        settled,
        begin: db.prepare<[string, number]>("INSERT INTO deliveries VALUES (?, ?) ON CONFLICT DO NOTHING"),
        settle: db.prepare<[number, string]>("UPDATE deliveries SET settled = ? WHERE way = ?"),
        leave: db.prepare<[number, string, string]>(
            "INSERT OR IGNORE INTO set_aside (sequence, way, reason) VALUES (?, ?, ?)",
        ),
        leftBehind: db.prepare<[string], SetAside>(
            "SELECT sequence, reason FROM set_aside WHERE way = ? AND released_by IS NULL ORDER BY sequence",
        ),
        release: db.prepare<[string, string, string, number]>(
            `UPDATE set_aside SET released_by = ?, released_why = ?
             WHERE way = ? AND sequence = ? AND released_by IS NULL`,
        ),
    };
}
