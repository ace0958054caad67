/** The whole daemon with a backlog for both ways out is killed again and again while it tells it: to Mosquitto, and to CarGoRuqsat. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Random } from "../../simulators/world/random.ts";
import { passageFacts } from "../../src/cli/bench/passage-facts.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { verifyJournal } from "../../src/store/journal-audit.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { CgrChild, REGISTRATION } from "../central/cgr/cgr-child.ts";
import { MOSQUITTO, Mosquitto, NEEDS_MOSQUITTO } from "../central/mosquitto.ts";
import { Checkpoint } from "./checkpoint.ts";

const KILLS = 8;
/** Passages that the CarGoRuqsat way tells, ten a second. */
const TOLD = 80;
/** Others, which only the broker's way tells, before each life of the daemon. */
const BACKLOG = 600;
/** Nothing was recorded of these passages, and an audit would say so. */
const UNSEALED: readonly string[] = ["passage.recorded"];
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
});

/** Passages written while no daemon runs; gives the plates of those that have come to their end, if that is to be told. */
function fill(stateFolder: string, from: number, count: number, isTold: boolean): readonly unknown[] {
    const journal = openJournal(stateFolder);
    journal.openDelivery("cgr-checkpoint");
    const plates: unknown[] = [];
    for (let number = from; number < from + count; number += 1) {
        const left = isTold ? UNSEALED : [...UNSEALED, "passage.completed"];
        const facts = passageFacts("lane-1", number).filter(({ kind }) => !left.includes(kind));
        journal.commit({ facts }, { utcMs: systemClock.utcMs(), isClockTrusted: true });
        plates.push(...facts.flatMap(({ kind, data }) => (kind === "passage.completed" ? [data["plate"]] : [])));
    }
    journal.close();
    return plates;
}

function openDepth(stateFolder: string): number {
    const journal = openJournal(stateFolder);
    const depth = journal.depth();
    journal.close();
    return depth;
}

test("killed at many moments of telling, nothing is lost on either way and nothing is doubled after its id", {
    timeout: 300_000,
}, async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const broker = await Mosquitto.start(["set_tcp_nodelay true"]);
    closing.push(() => broker.kill());
    const server = await CgrChild.start();
    closing.push(() => server.stop());
    const cgr = {
        url: server.url,
        checkpoint: { registrationTokenFile: "registration" },
        dateTimeAs: "utc",
        directions: { in: "IN", out: "OUT" },
        reportsPerMinuteMax: 600,
    };
    const site = { central: { cgr } };
    const day = await Checkpoint.open({ passages: 1, seed: 7, speed: 6, broker: broker.url, site });
    closing.push(() => day.close());
    writeFileSync(join(day.folder, "registration"), REGISTRATION.checkpoint);
    const plates = fill(day.stateFolder, 0, TOLD, true);
    const random = new Random(7, "kills");

    const waitingAtDeath: number[] = [];
    const isAllTold = (): boolean => new Set(server.plates()).size === TOLD;
    for (let kill = 1; kill <= KILLS; kill += 1) {
        fill(day.stateFolder, kill * 1_000, BACKLOG, false);
        const [stored, told] = [day.central.heard.length, server.calls("CamEvent")];
        // An answer that never comes leaves the daemon with a report of which nobody knows whether it was taken.
        if (kill % 3 === 0) await server.order({ do: "fault", fault: "taken-silence" });
        await day.startDaemon();
        const [calls, messages] = [told + random.int(6), stored + random.int(20)];
        if (kill % 2 === 0) await server.until("it tells", () => server.calls("CamEvent") > calls || isAllTold());
        else await day.central.until("it drains", () => day.central.heard.length > messages);
        await systemClock.sleep(random.int(60));
        await day.killDaemon();
        waitingAtDeath.push(openDepth(day.stateFolder));
    }
    await day.startDaemon();
    await day.untilView("everything is acknowledged", ({ outbox }) => outbox === 0);
    await server.until("every passage was told", isAllTold);
    await day.stopDaemon();

    expect(waitingAtDeath.filter((facts) => facts > 0).length, String(waitingAtDeath)).toBeGreaterThan(KILLS / 3);
    const report = await day.central.report();
    const journal = openJournal(day.stateFolder);
    const acknowledged = journal.head().sequence - journal.depth();
    expect(journal.openDelivery("cgr-checkpoint").setAside()).toEqual([]);
    journal.close();
    expect(report).toMatchObject({ lost: 0, gaps: 0, conflicts: 0, brokenHashes: 0, malformed: 0 });
    expect(report.distinct).toBeGreaterThanOrEqual(acknowledged);
    expect(verifyJournal(day.stateFolder)).toMatchObject({ isIntact: true });
    const firsts = server.plates().filter((plate, index, all) => all.indexOf(plate) === index);
    expect(firsts).toEqual(plates);
    const { distinct, duplicates } = await server.report();
    expect(distinct).toBe(TOLD);
    expect(duplicates, "only what was under way when the daemon died").toBeLessThanOrEqual(2 * KILLS);
});
