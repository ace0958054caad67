/** The same daemon against the real Mosquitto, which is killed and comes back in the middle of the day. */
import { afterEach, expect, test } from "vitest";
import { openJournal } from "../../src/store/journal-store.ts";
import { MOSQUITTO, Mosquitto, NEEDS_MOSQUITTO } from "../central/mosquitto.ts";
import { Checkpoint } from "./checkpoint.ts";

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
});

test("lorries go on through while the broker is gone, and everything arrives later, once and in order", {
    timeout: 300_000,
}, async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const broker = await Mosquitto.start();
    closing.push(() => broker.kill());
    const day = await Checkpoint.open({ passages: 4, seed: 3, speed: 6, broker: broker.url });
    closing.push(() => day.close());
    await day.startDaemon();
    await day.untilView("the list is there", ({ listVersion }) => listVersion > 0);
    day.startOfficer();
    day.order({ do: "start" });

    await day.until("the first lorry is dealt with", () => day.worldSaid.some(({ is }) => is === "left"));
    await broker.kill();
    const leftBefore = day.worldSaid.filter(({ is }) => is === "left").length;
    await day.until(
        "two more without a broker",
        () => day.worldSaid.filter(({ is }) => is === "left").length >= leftBefore + 2,
    );
    const { outbox, isOnline } = await day.view();
    expect(isOnline).toBe(false);
    expect(outbox).toBeGreaterThan(0);

    await broker.open();
    await day.until("the day is over", () => day.worldSaid.some(({ is }) => is === "finished"));
    await day.untilView("everything is acknowledged", (view) => view.outbox === 0);
    await day.stopDaemon();
    const journal = openJournal(day.stateFolder);
    // What the daemon said while it ended may still wait; everything else has to be stored.
    const stored = journal.head().sequence - journal.depth();
    journal.close();
    const report = await day.central.report();
    expect(report.distinct).toBeGreaterThanOrEqual(stored);
    expect(report).toMatchObject({ lost: 0, gaps: 0, conflicts: 0, brokenHashes: 0, malformed: 0 });
    const sequences = day.central.storedSequences();
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    expect(await day.truth()).toMatchObject({ strikes: 0, passedUnopened: [] });
});
