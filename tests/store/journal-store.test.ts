/** The journal and its outbox on a real file: what is committed, what waits, what is acknowledged, what a restart finds. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fact, journalIn, MORNING_MS, ofPassage, rawJournal, trusted } from "./journal-maker.ts";
import { tempFolder } from "./temp-folder.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("commit", () => {
    test("numbers facts without gaps and chains them as documented", () => {
        const journal = journalIn(tempFolder());
        const { journalId } = journal.head();
        const genesis = sha256(journalId);
        expect(journal.head()).toEqual({ journalId, sequence: 0, hash: genesis });

        const [first] = journal.commit(
            {
                facts: [
                    { kind: "weighing.completed", lane: "in-1", passage: "p-1", data: { kg: 40_000, axles: [1, 2] } },
                ],
            },
            { utcMs: MORNING_MS, isClockTrusted: true },
        );
        const firstHash = sha256(
            `${genesis}\n{"data":{"axles":[1,2],"kg":40000},"isClockTrusted":true,"kind":"weighing.completed","lane":"in-1",` +
                `"passage":"p-1","sequence":1,"utcMs":${MORNING_MS}}`,
        );
        expect(first).toEqual({
            id: `${journalId}-1`,
            sequence: 1,
            kind: "weighing.completed",
            lane: "in-1",
            passage: "p-1",
            data: { kg: 40_000, axles: [1, 2] },
            utcMs: MORNING_MS,
            isClockTrusted: true,
            hash: firstHash,
            previousHash: genesis,
        });

        const [second, third] = journal.commit(
            { facts: [fact("list.changed", { data: { version: 7 } }), fact("clock.trust")] },
            { utcMs: 12, isClockTrusted: false },
        );
        const secondHash = sha256(
            `${firstHash}\n{"data":{"version":7},"isClockTrusted":false,"kind":"list.changed","sequence":2,"utcMs":12}`,
        );
        expect(second).toMatchObject({ sequence: 2, hash: secondHash, previousHash: firstHash });
        expect(second).not.toHaveProperty("lane");
        expect(third).toMatchObject({ sequence: 3, previousHash: secondHash });
        expect(journal.head()).toEqual({ journalId, sequence: 3, hash: third?.hash });
    });

    test("what is read back is what was given out", () => {
        const journal = journalIn(tempFolder());
        const committed = journal.commit(
            {
                facts: [
                    fact("lane.started"),
                    ofPassage("vehicle.arrived", "p-1", { note: "Ә Ғ Қ \u0000 \u{1f69b}", n: -0.5 }),
                ],
            },
            trusted(),
        );
        expect(journal.pending(0, 10)).toEqual(committed);
        expect(journal.factsAfter(0, 10)).toEqual(committed);
        expect(journal.factsAfter(1, 10)).toEqual(committed.slice(1));
        expect(journal.passageRecord("p-1").facts).toEqual(committed.slice(1));
    });

    test("an entry with nothing in it is nothing", () => {
        const journal = journalIn(tempFolder());
        expect(journal.commit({ facts: [] }, trusted())).toEqual([]);
        expect(journal.head().sequence).toBe(0);
    });

    test("all of an entry is written or nothing: a fact that JSON cannot carry takes its neighbours with it", () => {
        const journal = journalIn(tempFolder());
        journal.commit({ facts: [fact("lane.started")] }, trusted());
        const before = journal.head();
        const entry = {
            facts: [ofPassage("vehicle.arrived", "p-1"), fact("lane.fault", { data: { kg: Number.NaN } })],
            inputs: { lane: "in-1", passage: "p-1", chunk: new Uint8Array([1]) },
        };
        expect(() => journal.commit(entry, trusted())).toThrow("$.kg is NaN");
        expect(journal.head()).toEqual(before);
        expect(journal.depth()).toBe(1);
        expect(journal.openPassages()).toEqual([]);
        expect(journal.passageRecord("p-1")).toEqual({ facts: [], inputs: [] });
        const [next] = journal.commit({ facts: [fact("lane.reset")] }, trusted());
        expect(next).toMatchObject({ sequence: 2, previousHash: before.hash });
    });

    test("keeps the inputs of a passage in the order of their commits, with facts or without", () => {
        const journal = journalIn(tempFolder());
        const inputs = (passage: string, byte: number) => ({
            lane: "in-1",
            passage,
            chunk: new Uint8Array([byte, 0, 255]),
        });
        journal.commit({ facts: [ofPassage("vehicle.arrived", "p-1")], inputs: inputs("p-1", 1) }, trusted());
        journal.commit({ facts: [], inputs: inputs("p-2", 2) }, trusted());
        journal.commit({ facts: [], inputs: inputs("p-1", 3) }, trusted());
        expect(journal.passageRecord("p-1").inputs.map((chunk) => [...chunk])).toEqual([
            [1, 0, 255],
            [3, 0, 255],
        ]);
        expect(journal.head().sequence).toBe(1);
    });
});

describe("open passages", () => {
    const endings = [
        "vehicle.left",
        "passage.completed",
        "passage.backed-out",
        "passage.interrupted",
        "passage.no-show",
    ] as const;

    test("a passage is open from its first fact on, after a restart too", () => {
        const folder = tempFolder();
        const journal = journalIn(folder);
        journal.commit(
            { facts: [fact("lane.started", { lane: "in-1" }), ofPassage("vehicle.arrived", "p-2")] },
            trusted(),
        );
        journal.commit({ facts: [{ ...ofPassage("vehicle.arrived", "p-1"), lane: "out-1" }] }, trusted());
        journal.commit({ facts: [ofPassage("decision.made", "p-2")] }, trusted());
        const open = [
            { lane: "in-1", passage: "p-2" },
            { lane: "out-1", passage: "p-1" },
        ];
        expect(journal.openPassages()).toEqual(open);
        expect(journalIn(folder).openPassages()).toEqual(open);
    });

    test.each(endings)("%s ends it, and what comes later does not begin it again", (ending) => {
        const journal = journalIn(tempFolder());
        journal.commit(
            { facts: [ofPassage("vehicle.arrived", "p-1"), ofPassage("vehicle.arrived", "p-2")] },
            trusted(),
        );
        journal.commit({ facts: [ofPassage(ending, "p-1")] }, trusted());
        journal.commit({ facts: [ofPassage("boom.closed", "p-1")] }, trusted());
        expect(journal.openPassages()).toEqual([{ lane: "in-1", passage: "p-2" }]);
    });

    test("begun and ended in one commit", () => {
        const journal = journalIn(tempFolder());
        journal.commit({ facts: [ofPassage("vehicle.arrived", "p-1"), ofPassage("vehicle.left", "p-1")] }, trusted());
        expect(journal.openPassages()).toEqual([]);
    });
});

describe("outbox", () => {
    const tenFacts = (folder: string) => {
        const journal = journalIn(folder);
        for (let n = 1; n <= 10; n += 1) journal.commit({ facts: [fact("alarm.raised", { data: { n } })] }, trusted());
        return journal;
    };
    const sequences = (facts: readonly { sequence: number }[]) => facts.map(({ sequence }) => sequence);

    test("gives what waits, in order, in pieces", () => {
        const journal = tenFacts(tempFolder());
        expect(sequences(journal.pending(0, 3))).toEqual([1, 2, 3]);
        expect(sequences(journal.pending(3, 100))).toEqual([4, 5, 6, 7, 8, 9, 10]);
        expect(journal.pending(10, 3)).toEqual([]);
    });

    test.each([
        ["the past", 0, 0],
        ["below everything", -5, 0],
        ["some", 4, 4],
        ["all", 10, 10],
        ["the future", 11, 0],
        ["the far future", 2 ** 52, 0],
        ["half a fact", 4.5, 0],
        ["nothing that counts", Number.NaN, 0],
    ])("an acknowledgement of %s", (_, sequence, forgotten) => {
        const journal = tenFacts(tempFolder());
        expect(journal.acknowledge(sequence)).toBe(forgotten);
        expect(journal.depth()).toBe(10 - forgotten);
        expect(journal.acknowledge(sequence)).toBe(0);
        expect(journal.depth()).toBe(10 - forgotten);
        expect(journal.pending(0, 100)).toHaveLength(10 - forgotten);
        expect(journal.factsAfter(0, 100)).toHaveLength(10);
    });

    test("acknowledgements out of order: the lower one changes nothing", () => {
        const journal = tenFacts(tempFolder());
        journal.acknowledge(7);
        expect(journal.acknowledge(3)).toBe(0);
        expect(sequences(journal.pending(0, 100))).toEqual([8, 9, 10]);
    });

    test("a restart finds head, depth and what waits", () => {
        const folder = tempFolder();
        const journal = tenFacts(folder);
        journal.acknowledge(4);
        journal.quarantine(6, "too large");
        const head = journal.head();
        const waiting = journal.pending(0, 100);
        journal.close();
        const again = journalIn(folder);
        expect(again.head()).toEqual(head);
        expect(again.depth()).toBe(5);
        expect(again.pending(0, 100)).toEqual(waiting);
    });

    test("a quarantined fact is out of the way, is not acknowledged with the others and keeps its reason", () => {
        const folder = tempFolder();
        const journal = tenFacts(folder);
        journal.quarantine(2, "payload too large");
        journal.quarantine(2, "a second reason");
        journal.quarantine(99, "not there");
        expect(journal.depth()).toBe(9);
        expect(sequences(journal.pending(0, 3))).toEqual([1, 3, 4]);
        expect(journal.acknowledge(10)).toBe(9);
        expect(journal.depth()).toBe(0);
        expect(journal.quarantined()).toEqual([{ sequence: 2, reason: "payload too large" }]);
        expect(rawJournal(folder).prepare("SELECT sequence FROM outbox").pluck().all()).toEqual([2]);
    });

    test("a quarantined fact that a person has settled holds nothing up any more; a waiting one cannot be settled", () => {
        const journal = tenFacts(tempFolder());
        journal.quarantine(2, "payload too large");
        journal.acknowledge(9);
        journal.settle(10);
        journal.settle(2);
        expect(journal.quarantined()).toEqual([]);
        expect(journal.depth()).toBe(1);
        expect(journal.prune(MORNING_MS + 1).facts).toBe(9);
    });

    test("two journals never share an id", () => {
        const ids = [tempFolder(), tempFolder()].map((folder) =>
            journalIn(folder).commit({ facts: [fact("lane.started")] }, trusted()),
        );
        expect(ids[0]?.[0]?.id).not.toBe(ids[1]?.[0]?.id);
    });
});

describe("quarantine of messages", () => {
    test("counts all, keeps the newest thousand and the beginning of each", () => {
        const folder = tempFolder();
        const journal = journalIn(folder);
        for (let n = 1; n <= 1_005; n += 1)
            journal.put("commands", new Uint8Array([n & 255]), `reason ${n}`, MORNING_MS + n);
        journal.put("commands", new Uint8Array(70_000).fill(7), "far too long", MORNING_MS);
        expect(journal.count()).toBe(1_006);
        const kept = rawJournal(folder)
            .prepare("SELECT count(*) AS n, min(id) AS first, max(length(payload)) AS bytes FROM quarantine")
            .get();
        expect(kept).toEqual({ n: 1_000, first: 7, bytes: 65_536 });
        journal.close();
        expect(journalIn(folder).count()).toBe(1_006);
    });
});

describe("used nonces", () => {
    test("are used once, also by the next run, until their command has expired", () => {
        const folder = tempFolder();
        const first = journalIn(folder);
        expect(first.use("nonce-0001", 5_000, 1_000)).toBe(true);
        expect(first.use("nonce-0001", 9_000, 1_001)).toBe(false);
        const second = journalIn(folder);
        expect(second.use("nonce-0001", 9_000, 4_999)).toBe(false);
        expect(second.use("nonce-0002", 9_000, 4_999)).toBe(true);
        expect(second.use("nonce-0001", 9_000, 5_000)).toBe(true);
    });
});
