/** Whoever changes a row with tools of his own is found out: a thousand changes, each on a fresh copy of an intact journal. */
import type Database from "better-sqlite3";
import { expect, test } from "vitest";
import { verifyChain, verifyJournal } from "../../src/store/journal-audit.ts";
import { fact, journalIn, MORNING_MS, ofPassage, rawJournal, trusted } from "./journal-maker.ts";
import { tempFolder } from "./temp-folder.ts";

const FACTS = 40;

/** Sentences on what was changed; each leaves the first broken sequence to be found. */
const EDITS: Readonly<Record<string, (db: Database.Database, at: number, draw: (below: number) => number) => number>> =
    {
        "one character of the data": (db, at, draw) => {
            const data = String(db.prepare("SELECT data FROM facts WHERE sequence = ?").pluck().get(at));
            const place = draw(data.length);
            const other = String.fromCharCode(((data.charCodeAt(place) + 1 + draw(90)) % 94) + 32);
            const changed = data.slice(0, place) + (other === data[place] ? "\u007f" : other) + data.slice(place + 1);
            db.prepare("UPDATE facts SET data = ? WHERE sequence = ?").run(changed, at);
            return at;
        },
        "a blank in the data": (db, at) => {
            db.prepare("UPDATE facts SET data = data || ' ' WHERE sequence = ?").run(at);
            return at;
        },
        "the kind": (db, at) => {
            db.prepare("UPDATE facts SET kind = 'officer.ordered' WHERE sequence = ?").run(at);
            return at;
        },
        "the lane": (db, at, draw) => {
            db.prepare("UPDATE facts SET lane = ? WHERE sequence = ?").run(draw(2) === 0 ? null : "out-9", at);
            return at;
        },
        "the passage": (db, at, draw) => {
            db.prepare("UPDATE facts SET passage = ? WHERE sequence = ?").run(draw(2) === 0 ? "" : "p-other", at);
            return at;
        },
        "the time": (db, at, draw) => {
            db.prepare("UPDATE facts SET utc_ms = utc_ms + ? WHERE sequence = ?").run(1 + draw(1_000), at);
            return at;
        },
        "the trust in the clock": (db, at, draw) => {
            db.pragma("ignore_check_constraints = ON");
            db.prepare("UPDATE facts SET is_clock_trusted = is_clock_trusted + ? WHERE sequence = ?").run(
                1 + draw(3),
                at,
            );
            return at;
        },
        "the hash": (db, at, draw) => {
            const hash = String(db.prepare("SELECT hash FROM facts WHERE sequence = ?").pluck().get(at));
            const place = draw(64);
            const other = ((Number.parseInt(hash.charAt(place), 16) + 1 + draw(15)) % 16).toString(16);
            db.prepare("UPDATE facts SET hash = ? WHERE sequence = ?").run(
                hash.slice(0, place) + other + hash.slice(place + 1),
                at,
            );
            return at;
        },
        "a fact taken out": (db, at) => {
            db.prepare("DELETE FROM facts WHERE sequence = ?").run(at);
            return at;
        },
        "everything from a fact on": (db, at) => {
            db.prepare("DELETE FROM facts WHERE sequence >= ?").run(at);
            return at;
        },
        "a copy at the end": (db, at) => {
            db.prepare(
                `INSERT INTO facts SELECT ${FACTS + 1}, kind, lane, passage, data, utc_ms, is_clock_trusted, hash FROM facts WHERE sequence = ?`,
            ).run(at);
            return FACTS + 1;
        },
        "two contents exchanged": (db, at) => {
            const other = (at % FACTS) + 1;
            const rows = db
                .prepare("SELECT data, hash, sequence FROM facts WHERE sequence IN (?, ?)")
                .all(at, other) as Row[];
            const update = db.prepare("UPDATE facts SET data = ?, hash = ? WHERE sequence = ?");
            const [left, right] = rows;
            if (left === undefined || right === undefined) throw new Error("no rows to exchange");
            update.run(left.data, left.hash, right.sequence);
            update.run(right.data, right.hash, left.sequence);
            return Math.min(at, other);
        },
    };

interface Row {
    readonly data: string;
    readonly hash: string;
    readonly sequence: number;
}

test("finds each of 1,000 changes, at the first fact that is not as written", { timeout: 60_000 }, () => {
    const folder = filledJournal();
    const db = rawJournal(folder);
    db.pragma("foreign_keys = OFF");
    const draw = generator(20261122);
    const edits = Object.entries(EDITS);
    const missed: string[] = [];
    for (let n = 0; n < 1_000; n += 1) {
        const [name, edit] = edits[n % edits.length] ?? ["", () => 0];
        db.exec("SAVEPOINT before");
        const broken = edit(db, 1 + draw(FACTS), draw);
        const verdict = verifyChain(db);
        if (verdict.isIntact || verdict.sequence !== broken)
            missed.push(`${name}: ${JSON.stringify(verdict)}, not ${broken}`);
        db.exec("ROLLBACK TO before; RELEASE before");
    }
    expect(missed).toEqual([]);
    expect(verifyChain(db)).toMatchObject({ isIntact: true, facts: FACTS });
});

test("an untouched journal is intact, with the head that the store gave out, also while it is written", () => {
    const folder = tempFolder();
    const journal = journalIn(folder);
    expect(verifyJournal(folder)).toEqual({ isIntact: true, facts: 0, head: journal.head().hash });
    journal.commit({ facts: [fact("lane.started"), ofPassage("vehicle.arrived", "p-1")] }, trusted());
    expect(verifyJournal(folder)).toEqual({ isIntact: true, facts: 2, head: journal.head().hash });
});

test.each([
    ["another name for the journal", "UPDATE journal SET journal_id = 'x'", 1],
    ["another beginning of the chain", "UPDATE journal SET pruned_hash = 'x'", 1],
    ["a beginning further on", "UPDATE journal SET pruned_sequence = 3", 4],
    ["no beginning", "DELETE FROM journal", 1],
    ["no facts at all", "DELETE FROM facts", 1],
])("finds %s", (_, sql, sequence) => {
    const folder = filledJournal();
    const db = rawJournal(folder);
    db.pragma("foreign_keys = OFF");
    db.exec(sql);
    expect(verifyJournal(folder)).toMatchObject({ isIntact: false, sequence });
});

function filledJournal(): string {
    const folder = tempFolder();
    const journal = journalIn(folder);
    for (let n = 1; n <= FACTS; n += 1) {
        const draft = ofPassage(n % 5 === 0 ? "passage.completed" : "vehicle.recognised", `p-${Math.ceil(n / 5)}`, {
            plate: `${n}ABC02`,
            confidence: n / 100,
        });
        journal.commit({ facts: [draft] }, trusted(MORNING_MS + n * 1_000));
    }
    journal.close();
    return folder;
}

/** Numbers that are the same in every run (mulberry32). */
function generator(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
}
