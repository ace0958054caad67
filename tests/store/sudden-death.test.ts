/** SIGKILL at random moments: what was said to be done is there, and nothing is half there. */
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { verifyJournal } from "../../src/store/journal-audit.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { EMPTY_HASH, listHash, listOfVersion, wireText } from "./published-lists.ts";
import { tempFolder } from "./temp-folder.ts";

const LIST_SIZE = 400;

test("a list that was being changed is exactly one published version", { timeout: 300_000 }, () => {
    const folder = tempFolder();
    const draw = generator(20261122);
    const reached = new Set<number>();
    for (let n = 0; n < 25; n += 1) {
        const delayMs = draw() * 120;
        expect(run("list-victim.ts", folder, delayMs, LIST_SIZE).signal).toBe("SIGKILL");
        const db = new Database(join(folder, "bookings.db"));
        const list = db.prepare("SELECT version, hash FROM list").get() as { version: number; hash: string };
        const rows = db.prepare("SELECT record FROM bookings").pluck().all();
        expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
        db.close();
        const published = list.version === 0 ? [] : listOfVersion(list.version, LIST_SIZE);
        expect(list.hash).toBe(list.version === 0 ? EMPTY_HASH : listHash(published));
        expect(rows.sort()).toEqual(published.map(wireText).sort());
        reached.add(list.version);
    }
    expect(reached.size).toBeGreaterThan(5); // Else every process was killed before or after its work.
});

test("a journal that was being written has no gap, an intact chain, and all that commit() gave out", {
    timeout: 300_000,
}, () => {
    const folder = tempFolder();
    const draw = generator(19911216);
    let last = 0;
    for (let n = 0; n < 40; n += 1) {
        const { signal, stdout } = run("journal-victim.ts", folder, draw() * 60);
        expect(signal).toBe("SIGKILL");
        const said = Number(stdout.trim().split("\n").at(-1) || last);
        const verdict = verifyJournal(folder);
        expect(verdict).toMatchObject({ isIntact: true });
        const journal = openJournal(folder);
        const { sequence, hash } = journal.head();
        expect(verdict).toEqual({ isIntact: true, facts: sequence, head: hash });
        expect(sequence).toBeGreaterThanOrEqual(said);
        const waiting = journal.pending(0, 1_000_000).map((fact) => fact.sequence);
        expect(waiting).toEqual(
            Array.from({ length: journal.depth() }, (_, place) => sequence - journal.depth() + place + 1),
        );
        for (const { passage } of journal.openPassages()) {
            expect(journal.passageRecord(passage)).toMatchObject({
                inputs: [expect.objectContaining({ length: 2_000 })],
            });
        }
        journal.close();
        last = sequence;
    }
    expect(last).toBeGreaterThan(100);
});

function run(file: string, ...args: readonly (string | number)[]) {
    return spawnSync(process.execPath, [join(import.meta.dirname, file), ...args.map(String)], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
        env: { NODE_COMPILE_CACHE: join(tmpdir(), "kordon-compile-cache") },
    });
}

/** Numbers from 0 to 1 that are the same in every run. */
function generator(seed: number): () => number {
    let state = seed;
    return () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
    };
}
