/** A further way out has a mark of its own: it survives a restart, and nothing above it is pruned while the way is open. */
import { expect, test } from "vitest";
import type { JournalStore } from "../../src/store/journal-store.ts";
import { fact, journalIn, MORNING_MS, rawJournal, trusted } from "./journal-maker.ts";
import { tempFolder } from "./temp-folder.ts";

const LATER_MS = MORNING_MS + 1_000_000_000;

function commit(journal: JournalStore, count: number): void {
    journal.commit({ facts: Array.from({ length: count }, () => fact("lane.started")) }, trusted());
}

function sequencesIn(journal: JournalStore): number[] {
    return journal.factsAfter(0, 1_000).map(({ sequence }) => sequence);
}

test("a way begins at the journal's end and keeps its mark over a restart", () => {
    const folder = tempFolder();
    const journal = journalIn(folder);
    commit(journal, 3);
    const way = journal.openDelivery("cgr");
    expect(way.settledUpTo()).toBe(3);
    commit(journal, 4);
    way.settle(5);
    expect(way.settledUpTo()).toBe(5);
    journal.close();
    expect(journalIn(folder).openDelivery("cgr").settledUpTo()).toBe(5);
});

test("the mark goes neither back nor beyond the journal's end", () => {
    const journal = journalIn(tempFolder());
    const way = journal.openDelivery("cgr");
    commit(journal, 4);
    way.settle(3);
    way.settle(2);
    way.settle(9);
    expect(way.settledUpTo()).toBe(3);
});

test("nothing is pruned that one of two open ways, or the outbox, still needs", () => {
    const folder = tempFolder();
    const journal = journalIn(folder);
    const [first, second] = [journal.openDelivery("one"), journal.openDelivery("two")];
    commit(journal, 9);
    journal.acknowledge(8);
    first.settle(6);
    second.settle(4);
    journal.prune(LATER_MS);
    expect(sequencesIn(journal)).toEqual([5, 6, 7, 8, 9]);
    second.settle(9);
    journal.prune(LATER_MS);
    expect(sequencesIn(journal)).toEqual([7, 8, 9]);
    first.settle(9);
    journal.prune(LATER_MS);
    expect(sequencesIn(journal)).toEqual([9]);
    journal.acknowledge(9);
    journal.prune(LATER_MS);
    expect(sequencesIn(journal)).toEqual([]);
});

test("what was left behind is kept until a person releases it", () => {
    const folder = tempFolder();
    const journal = journalIn(folder);
    const way = journal.openDelivery("cgr");
    commit(journal, 5);
    journal.acknowledge(5);
    way.settle(5, [{ sequence: 3, reason: "refused" }]);
    journal.prune(LATER_MS);
    expect(sequencesIn(journal)).toEqual([3, 4, 5]);
    expect(way.setAside()).toEqual([{ sequence: 3, reason: "refused" }]);
    const release = (sequence: number): boolean => way.release(sequence, "A. Officer", "entered in the portal");
    expect([release(3), release(3), release(4)]).toEqual([true, false, false]);
    journal.prune(LATER_MS);
    expect(sequencesIn(journal)).toEqual([]);
});

test("a way that is no longer set up holds nothing, and goes on from its mark when it comes back", () => {
    const folder = tempFolder();
    const before = journalIn(folder);
    before.openDelivery("cgr");
    commit(before, 5);
    before.openDelivery("cgr").settle(3, [{ sequence: 2, reason: "refused" }]);
    before.close();
    const without = journalIn(folder);
    without.acknowledge(5);
    without.prune(LATER_MS);
    expect(sequencesIn(without)).toEqual([]);
    without.close();
    const again = journalIn(folder).openDelivery("cgr");
    expect([again.settledUpTo(), again.setAside()]).toEqual([3, []]);
});

test("mark and left-behind facts move together or not at all", () => {
    const folder = tempFolder();
    const journal = journalIn(folder);
    const way = journal.openDelivery("cgr");
    commit(journal, 3);
    rawJournal(folder).exec("CREATE TRIGGER no BEFORE UPDATE ON deliveries BEGIN SELECT raise(ABORT, 'no'); END");
    expect(() => way.settle(3, [{ sequence: 2, reason: "refused" }])).toThrow();
    expect([way.settledUpTo(), way.setAside()]).toEqual([0, []]);
});
