/** A process that commits without a pause and says after each commit how far it is, until it is killed. */
import { writeSync } from "node:fs";
import { openJournal } from "../../src/store/journal-store.ts";
import { dieAfter } from "./sudden-death.ts";

const [folder = "", delayMs = "0"] = process.argv.slice(2);
const journal = openJournal(folder);
const chunk = new Uint8Array(2_000);

await dieAfter(Number(delayMs));
for (let n = journal.head().sequence + 1; ; n += 1) {
    const passage = `p-${n}`;
    const drafts = [
        { kind: "vehicle.arrived", lane: "in-1", passage, data: { note: "x".repeat(n % 900) } },
        { kind: "decision.made", lane: "in-1", passage, data: {} },
        { kind: "passage.completed", lane: "in-1", passage, data: { n } },
    ] as const;
    const facts = journal.commit(
        { facts: drafts.slice(0, 1 + (n % 3)), inputs: { lane: "in-1", passage, chunk } },
        { utcMs: n, isClockTrusted: true },
    );
    if (n % 5 === 0) journal.acknowledge(journal.head().sequence - 10);
    writeSync(1, `${facts.at(-1)?.sequence}\n`);
}
