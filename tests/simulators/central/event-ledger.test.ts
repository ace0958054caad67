import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EventLedger, type LedgerEvent } from "../../../simulators/central/event-ledger.ts";
import { factEvent, withheldEvent } from "../../../src/core/fact/fact-event.ts";
import { openJournal } from "../../../src/store/journal-store.ts";

/** Events of a real journal: their hashes come from the store, which the ledger has never seen. */
function events(count: number, folder = mkdtempSync(join(tmpdir(), "kordon-journal-"))): LedgerEvent[] {
    const journal = openJournal(folder);
    const facts = Array.from({ length: count }, (_, i) => ({
        kind: "weighing.completed" as const,
        ...(i % 2 === 0 ? { lane: "lane-1" } : {}),
        ...(i % 4 === 0 ? { passage: `p-${i}` } : {}),
        data: { b: [i, null, "ё"], a: { "10": 1, "9": true }, grossKg: 12_340.5 },
    }));
    journal.commit({ facts }, { utcMs: 1_900_000_000_123, isClockTrusted: false });
    const written = journal.factsAfter(0, count).map((fact) => factEvent("site", fact));
    journal.close();
    return written;
}

function ledger(path = join(mkdtempSync(join(tmpdir(), "kordon-ledger-")), "events.jsonl")) {
    const made = new EventLedger(path);
    return {
        path,
        ledger: made,
        take: (...taken: unknown[]) => taken.map((event) => made.take(JSON.stringify(event))),
    };
}

test("its own account of the hash chain agrees with the store's", () => {
    const { ledger: made, take } = ledger();
    const all = events(9);
    take(...all);
    expect(made.report()).toEqual({
        recorded: 9,
        distinct: 9,
        duplicates: 0,
        gaps: 0,
        lost: 0,
        outOfOrder: 0,
        brokenHashes: 0,
        conflicts: 0,
        withheld: 0,
        malformed: 0,
        upTo: 9,
    });
    expect(made.flush()).toEqual({ upTo: 9, hash: all[8]?.hash });
});

test("any change of content, place or link is found", () => {
    const [first, second, third] = events(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error("three events");
    for (const changed of [
        { ...second, data: { ...(second.data as object), grossKg: 1 } },
        { ...second, subject: "lane-2" },
        { ...second, time: "2030-03-17T17:46:40.124Z" },
        { ...second, clocktrusted: true },
        { ...second, type: "kz.kordon.alarm.raised.v1" },
        { ...second, previoushash: "0".repeat(64) },
        { ...second, hash: "0".repeat(64) },
    ]) {
        const { ledger: made, take } = ledger();
        take(first, changed, third);
        expect(made.report().brokenHashes).toBeGreaterThan(0);
    }
});

test("doubles, conflicts, gaps and disorder are told apart, and only what is whole is acknowledged", () => {
    const all = events(9);
    const at = (n: number): LedgerEvent => all[n - 1] ?? fail();
    const { ledger: made, take } = ledger();
    take(at(1), at(2), at(2), at(5), at(6), at(9), at(2), { ...at(1), hash: "0".repeat(64) });
    expect(made.report()).toMatchObject({
        recorded: 8,
        distinct: 5,
        duplicates: 2,
        conflicts: 1,
        gaps: 2,
        lost: 4,
        outOfOrder: 2,
        upTo: 2,
    });
    take(at(3), at(4));
    expect(made.flush()).toEqual({ upTo: 6, hash: at(6).hash });
});

test("a stand-in keeps the chain whole", () => {
    const folder = mkdtempSync(join(tmpdir(), "kordon-journal-"));
    const all = events(3, folder);
    const journal = openJournal(folder);
    const [second] = journal.factsAfter(1, 1);
    journal.close();
    if (second === undefined) throw new Error("no second fact");
    const { ledger: made, take } = ledger();
    take(all[0], withheldEvent("site", second, "too large"), all[2]);
    expect(made.report()).toMatchObject({ distinct: 3, withheld: 1, brokenHashes: 0, upTo: 3 });
});

test("what was flushed is there after a restart, and a new journal begins at its own 1", () => {
    const { path, ledger: made, take } = ledger();
    const all = events(4);
    take(...all);
    made.close();
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(5);
    const again = ledger(path);
    expect(again.ledger.flush()).toEqual({ upTo: 4, hash: all[3]?.hash });
    again.take(all[3], ...events(2));
    expect(again.ledger.report()).toMatchObject({ distinct: 6, duplicates: 1, lost: 0, upTo: 2 });
});

test.each(["", "{", "null", "[]", "{}", '{"specversion":"1.0"}'])("%j is no event", (text) => {
    const { ledger: made } = ledger();
    expect(made.take(text)).toBe(false);
    expect(made.report()).toMatchObject({ malformed: 1, recorded: 0 });
});

function fail(): never {
    throw new Error("no such event");
}
