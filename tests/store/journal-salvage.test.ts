/** A journal with nonsense in it gives out every fact that is not on the damaged pages, and says of each whether it is as written. */
import { closeSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type SalvagedFact, salvagedFacts } from "../../src/store/journal-salvage.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { ofPassage, rawJournal, trusted } from "./journal-maker.ts";
import { tempFolder } from "./temp-folder.ts";

const FACTS = 300;
const PAGE = 4_096;

function filled(): string {
    const folder = tempFolder();
    const journal = openJournal(folder);
    for (let n = 1; n <= FACTS; n += 1) {
        journal.commit(
            { facts: [ofPassage("vehicle.recognised", `p-${n}`, { note: `fact-${n}-${"x".repeat(300)}` })] },
            trusted(),
        );
    }
    journal.close();
    return folder;
}

function salvage(
    folder: string,
    after = 0,
): { readonly facts: readonly SalvagedFact[]; readonly lost: readonly number[] } {
    const lost: number[] = [];
    return { facts: [...salvagedFacts(folder, after, (sequence) => lost.push(sequence))], lost };
}

test("a whole journal comes out whole, from anywhere on", () => {
    const folder = filled();
    const { facts, lost } = salvage(folder);
    expect(lost).toEqual([]);
    expect(facts.map(({ sequence }) => sequence)).toEqual(Array.from({ length: FACTS }, (_, n) => n + 1));
    expect(facts.slice(1).every(({ isAsWritten }) => isAsWritten === true)).toBe(true);
    expect(salvage(folder, 250).facts.map(({ sequence, isAsWritten }) => [sequence, isAsWritten])).toEqual(
        Array.from({ length: 50 }, (_, n) => [251 + n, true]),
    );
});

test("around a damaged page everything else comes out, and what was on it is named", () => {
    const folder = filled();
    const path = join(folder, "journal.db");
    const needle = readFileSync(path).indexOf("fact-150-");
    const page = Math.floor(needle / PAGE) * PAGE;
    const file = openSync(path, "r+");
    writeSync(file, new Uint8Array(PAGE).fill(0xa5), 0, PAGE, page);
    closeSync(file);
    expect(statSync(path).size % PAGE).toBe(0);

    const { facts, lost } = salvage(folder);
    expect(lost).toContain(150);
    expect(lost.length).toBeGreaterThan(3);
    expect(lost.length).toBeLessThan(20);
    expect([...facts.map(({ sequence }) => sequence), ...lost].sort((a, b) => a - b)).toEqual(
        Array.from({ length: FACTS }, (_, n) => n + 1),
    );
    for (const fact of facts) expect(JSON.stringify(fact.data)).toContain(`fact-${fact.sequence}-`);
    const behind = facts.find(({ sequence }) => sequence > 150);
    expect(behind?.isAsWritten).toBeNull();
    expect(facts.at(-1)?.isAsWritten).toBe(true);
});

test("a fact that was changed afterwards is not as it was written, and the one after it is", () => {
    const folder = filled();
    const raw = rawJournal(folder);
    raw.prepare('UPDATE facts SET data = \'{"note":"another"}\' WHERE sequence = 7').run();
    raw.close();
    const { facts } = salvage(folder);
    expect(facts.slice(5, 8).map(({ isAsWritten }) => isAsWritten)).toEqual([true, false, true]);
});
