/** The daemon is killed with SIGKILL at random moments of passages: no fact lost, none doubled, and no restart moves the boom. */
import { afterEach, expect, test } from "vitest";
import { Random } from "../../simulators/world/random.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { verifyJournal } from "../../src/store/journal-audit.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { Checkpoint } from "./checkpoint.ts";

let checkpoint: Checkpoint | undefined;

afterEach(async () => {
    await checkpoint?.close();
    checkpoint = undefined;
});

test("ten power cuts in the middle of a day", { timeout: 300_000 }, async ({ onTestFailed }) => {
    const day = await Checkpoint.open({ passages: 6, seed: 11, speed: 6 });
    checkpoint = day;
    onTestFailed(() => console.log(day.facts.slice(-20)));
    const random = new Random(11, "cuts");
    await day.startDaemon();
    day.startOfficer();
    day.order({ do: "start" });

    const isOver = (): boolean => day.worldSaid.some(({ is }) => is === "finished");
    let cuts = 0;
    while (cuts < 10 && !isOver()) {
        const before = day.facts.length;
        await day.until("something happens again", () => day.facts.length > before + 2 || isOver());
        // Anywhere within a passage: between two facts, in a pulse, while the boom moves.
        await systemClock.sleep(random.int(1_500));
        await day.killDaemon();
        const pulsesBefore = await day.truth();
        const commandedBefore = day.kinds("boom.commanded").length;
        cuts += 1;
        await day.startDaemon();
        await day.untilView("the lane has been taken up", ({ lanes }) => lanes[0]?.mode !== "starting");
        const pulsesAfter = await day.truth();
        const commanded = day.kinds("boom.commanded").length - commandedBefore;
        const pulsed =
            pulsesAfter.openPulses + pulsesAfter.closePulses - pulsesBefore.openPulses - pulsesBefore.closePulses;
        expect(pulsed, `cut ${cuts}: a pulse that no fact of the new run tells of`).toBeLessThanOrEqual(commanded);
    }
    await day.until("the day is over", isOver);
    await day.untilView("everything is acknowledged", ({ outbox }) => outbox === 0);
    await day.stopDaemon();

    expect(cuts).toBeGreaterThanOrEqual(5);
    const report = await day.central.report();
    const journal = openJournal(day.stateFolder);
    // What the daemon said while it ended may still wait; everything else has to be stored.
    const stored = journal.head().sequence - journal.depth();
    journal.close();
    expect(report.distinct).toBeGreaterThanOrEqual(stored);
    expect(report).toMatchObject({ lost: 0, gaps: 0, conflicts: 0, brokenHashes: 0, malformed: 0 });
    expect(verifyJournal(day.stateFolder)).toMatchObject({ isIntact: true });
    const truth = await day.truth();
    expect(truth).toMatchObject({ strikes: 0, lowersOnVehicle: 0 });
    expect(truth.opened.filter(({ booked }) => booked !== "valid")).toEqual([]);
});
