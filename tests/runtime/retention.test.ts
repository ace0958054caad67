/** Retention deletes by trusted time only, says what it deleted, and survives a disk that refuses. */
import { expect, test } from "vitest";
import type { FactDraft } from "../../src/core/fact/fact.ts";
import type { Log } from "../../src/runtime/log.ts";
import { Retention, type RetentionParts } from "../../src/runtime/retention.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";

const DAY_MS = 86_400_000;

function retention(change: Partial<RetentionParts> = {}): {
    round: () => Promise<void>;
    facts: FactDraft[];
    before: number[];
    warnings: string[];
} {
    const facts: FactDraft[] = [];
    const before: number[] = [];
    const warnings: string[] = [];
    const rule = new Retention({
        journalDaysMax: 10,
        clock: new VirtualClock(),
        log: { warn: (_fields: object, text: string) => void warnings.push(text) } as unknown as Log,
        isClockTrusted: () => true,
        pruneEvidence: async () => [{ bytes: 100 }, { bytes: 50 }],
        pruneJournal: (beforeUtcMs) => {
            before.push(beforeUtcMs);
            return { facts: 7, inputs: 1, isDone: true };
        },
        remember: (more) => void facts.push(...more),
        ...change,
    });
    return { round: () => rule.run(), facts, before, warnings };
}

test("deletes what is too old and records how much", async () => {
    const { round, facts, before } = retention();
    await round();
    const [beforeUtcMs] = before;
    expect(facts).toEqual([
        { kind: "evidence.deleted", data: { pictures: 2, bytes: 150 } },
        { kind: "journal.pruned", data: { facts: 7, beforeUtcMs } },
    ]);
    expect(beforeUtcMs).toBe(new VirtualClock().utcMs() - 10 * DAY_MS);
});

test("touches nothing while the clock is not trusted", async () => {
    const { round, facts, before } = retention({ isClockTrusted: () => false });
    await round();
    expect({ facts, before }).toEqual({ facts: [], before: [] });
});

test("nothing deleted is no fact", async () => {
    const none = { facts: 0, inputs: 0, isDone: true };
    const { round, facts } = retention({ pruneEvidence: async () => [], pruneJournal: () => none });
    await round();
    expect(facts).toEqual([]);
});

test("a disk that refuses is a warning, and the next round tries again", async () => {
    const { round, warnings } = retention({ pruneEvidence: () => Promise.reject(new Error("read-only")) });
    await round();
    expect(warnings).toEqual(["retention: not everything could be deleted, tried again in an hour"]);
});
