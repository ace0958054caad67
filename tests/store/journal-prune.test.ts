/** Retention: what may go goes, what somebody still needs stays, and the chain can be verified before and after. */
import { describe, expect, test } from "vitest";
import { verifyJournal } from "../../src/store/journal-audit.ts";
import type { JournalStore } from "../../src/store/journal-store.ts";
import { fact, journalIn, MORNING_MS, ofPassage, rawJournal, trusted } from "./journal-maker.ts";
import { tempFolder } from "./temp-folder.ts";

const HOUR_MS = 3_600_000;
const LATER_MS = MORNING_MS + 1_000 * HOUR_MS;

/** One completed passage an hour, three facts and two chunks each; returns the state folder too. */
function journalOfHours(hours: number): { journal: JournalStore; folder: string } {
    const folder = tempFolder();
    const journal = journalIn(folder);
    for (let hour = 0; hour < hours; hour += 1) {
        const passage = `p-${hour}`;
        const time = trusted(MORNING_MS + hour * HOUR_MS);
        const inputs = { lane: "in-1", passage, chunk: new Uint8Array([hour]) };
        journal.commit({ facts: [ofPassage("vehicle.arrived", passage)], inputs }, time);
        journal.commit(
            { facts: [ofPassage("boom.opened", passage), ofPassage("passage.completed", passage)], inputs },
            time,
        );
    }
    return { journal, folder };
}

describe("prune", () => {
    test("takes away what is old and acknowledged, with its inputs, and nothing else", () => {
        const { journal, folder } = journalOfHours(5);
        journal.acknowledge(15);
        const head = journal.head();
        const kept = journal.factsAfter(6, 100);
        expect(journal.prune(MORNING_MS + 2 * HOUR_MS)).toEqual({ facts: 6, inputs: 4, isDone: true });
        expect(journal.factsAfter(0, 100)).toEqual(kept);
        expect(journal.passageRecord("p-1")).toEqual({ facts: [], inputs: [] });
        expect(journal.passageRecord("p-2").inputs).toHaveLength(2);
        expect(journal.head()).toEqual(head);
        expect(verifyJournal(folder)).toEqual({ isIntact: true, facts: 9, head: head.hash });
        expect(journal.prune(MORNING_MS + 2 * HOUR_MS)).toEqual({ facts: 0, inputs: 0, isDone: true });
    });

    test("works in steps", () => {
        const { journal, folder } = journalOfHours(4);
        journal.acknowledge(12);
        const steps = [1, 2, 3, 4].map(() => journal.prune(LATER_MS, 4));
        expect(steps.map(({ facts, isDone }) => [facts, isDone])).toEqual([
            [4, false],
            [4, false],
            [4, false],
            [0, true],
        ]);
        expect(verifyJournal(folder)).toMatchObject({ isIntact: true, facts: 0 });
    });

    test("goes on with the same chain after everything was taken away, over a restart", () => {
        const { journal, folder } = journalOfHours(2);
        journal.acknowledge(6);
        const head = journal.head();
        journal.prune(LATER_MS);
        journal.close();
        const again = journalIn(folder);
        expect(again.head()).toEqual(head);
        const [next] = again.commit({ facts: [fact("lane.started")] }, trusted(LATER_MS));
        expect(next).toMatchObject({ sequence: 7, previousHash: head.hash });
        expect(again.factsAfter(0, 1)).toEqual([next]);
        expect(verifyJournal(folder)).toMatchObject({ isIntact: true, facts: 1 });
    });

    test.each<[string, (journal: JournalStore) => void, number]>([
        ["not acknowledged", (journal) => journal.acknowledge(7), 7],
        [
            "quarantined",
            (journal) => {
                journal.quarantine(4, "too large");
                journal.acknowledge(15);
            },
            3,
        ],
        ["nothing acknowledged at all", () => undefined, 0],
    ])("stops before a fact that is %s", (_, prepare, pruned) => {
        const { journal, folder } = journalOfHours(5);
        prepare(journal);
        expect(journal.prune(LATER_MS).facts).toBe(pruned);
        expect(verifyJournal(folder)).toMatchObject({ isIntact: true, facts: 15 - pruned });
    });

    test("stops before a passage that is still open, however old", () => {
        const folder = tempFolder();
        const journal = journalIn(folder);
        journal.commit(
            { facts: [fact("lane.started"), ofPassage("vehicle.arrived", "p-1"), fact("alarm.raised")] },
            trusted(),
        );
        journal.acknowledge(3);
        expect(journal.prune(LATER_MS).facts).toBe(1);
        journal.commit({ facts: [ofPassage("vehicle.left", "p-1")] }, trusted());
        journal.acknowledge(4);
        expect(journal.prune(LATER_MS).facts).toBe(3);
    });

    test("facts recorded by a clock that was not trusted go by their place among the others", () => {
        const journal = journalIn(tempFolder());
        const commit = (utcMs: number, isClockTrusted: boolean) =>
            journal.commit({ facts: [fact("alarm.raised")] }, { utcMs, isClockTrusted });
        commit(MORNING_MS, true);
        commit(LATER_MS * 2, false); // a clock that runs in the future
        commit(MORNING_MS + HOUR_MS, true);
        commit(0, false); // a clock that began in 1970
        journal.acknowledge(4);
        expect(journal.prune(MORNING_MS + HOUR_MS).facts).toBe(2);
        expect(journal.factsAfter(0, 10).map(({ sequence }) => sequence)).toEqual([3, 4]);
    });

    test("a change in what is kept is found after pruning too", () => {
        const { journal, folder } = journalOfHours(3);
        journal.acknowledge(9);
        journal.prune(MORNING_MS + HOUR_MS);
        rawJournal(folder).exec("UPDATE facts SET lane = 'in-2' WHERE sequence = 4");
        expect(verifyJournal(folder)).toMatchObject({ isIntact: false, sequence: 4 });
    });

    test("what was taken away is not left readable in the file", () => {
        const folder = tempFolder();
        const journal = journalIn(folder);
        journal.commit({ facts: [fact("vehicle.recognised", { data: { plate: "777SECRET02" } })] }, trusted());
        journal.acknowledge(1);
        journal.prune(LATER_MS);
        journal.close();
        const raw = rawJournal(folder);
        raw.pragma("wal_checkpoint(TRUNCATE)");
        expect(raw.serialize().includes("777SECRET02")).toBe(false);
    });
});
