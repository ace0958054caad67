/**
 * The link against everything that goes wrong between a box and its central system, over a real Mosquitto: nothing is lost,
 * nothing is stored twice, and each lane's facts are stored in their order.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { CentralChild } from "./central-child.ts";
import { DarkNetwork } from "./dark-network.ts";
import { MOSQUITTO, Mosquitto, NEEDS_MOSQUITTO } from "./mosquitto.ts";
import { QUICK, SiteBox } from "./site-box.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
    for (const close of cleanUp.splice(0).reverse()) await close();
});

/** Looks at the file of what was stored, with no help from whoever wrote it. */
function storedLines(central: CentralChild): { sequence: number; lane: string; id: string }[] {
    return readFileSync(central.ledgerFile, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line))
        .map(({ sequence, subject, id }) => ({
            sequence: Number(sequence),
            lane: String(subject).split("/")[0] ?? "",
            id,
        }));
}

async function expectEverything(central: CentralChild, facts: number): Promise<void> {
    const report = await central.report();
    expect(report).toMatchObject({ distinct: facts, lost: 0, gaps: 0, conflicts: 0, brokenHashes: 0, malformed: 0 });
    const lines = storedLines(central);
    expect(new Set(lines.map(({ id }) => id)).size, "no fact is stored twice").toBe(lines.length);
    expect(lines).toHaveLength(facts);
    for (const lane of new Set(lines.map((line) => line.lane))) {
        const sequences = lines.filter((line) => line.lane === lane).map(({ sequence }) => sequence);
        expect(sequences, `the order of ${lane}`).toEqual(sequences.toSorted((a, b) => a - b));
    }
}

test("a broker killed and started again 100 times, with acknowledgements lost, repeated and from the future", {
    timeout: 240_000,
}, async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const broker = await Mosquitto.start();
    cleanUp.push(() => broker.kill());
    const central = await CentralChild.start({ broker: broker.url });
    cleanUp.push(() => central.stop());
    const box = new SiteBox(broker.url);
    cleanUp.push(() => box.close());
    box.link.start();
    let facts = 0;
    const commit = (count: number): void => {
        box.commit(count);
        facts += count;
    };
    for (let round = 0; round < 100; round++) {
        await box.until("the box is online", () => box.link.isOnline());
        commit(11);
        if (round % 10 === 3) central.order({ do: "lose-acks", count: 2 });
        if (round % 10 === 5) central.order({ do: "repeat-ack" });
        if (round % 10 === 7) central.order({ do: "future-ack", ahead: 50 });
        // Every tenth time it lives until something came through; otherwise it dies in whatever is going on.
        const heard = central.heard.length;
        if (round % 10 === 0) await central.until("something is stored", ({ is }) => is === "stored", heard);
        await broker.kill();
        commit(7);
        await broker.open();
    }
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    expect(facts).toBe(1_800);
    await expectEverything(central, facts);
});

test("a box killed twelve times in the middle of its facts", { timeout: 240_000 }, async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const broker = await Mosquitto.start();
    cleanUp.push(() => broker.kill());
    const central = await CentralChild.start({ broker: broker.url });
    cleanUp.push(() => central.stop());
    const folder = mkdtempSync(join(tmpdir(), "kordon-box-"));
    const mill = new URL("./box-mill-process.ts", import.meta.url).pathname;
    for (let life = 0; life < 12; life++) {
        const child = fork(mill, [broker.url, folder], { execArgv: ["--disable-warning=ExperimentalWarning"] });
        let said = 0;
        // Some lives end with the first facts online, others later.
        await new Promise<void>((resolve, reject) => {
            child.on("message", () => {
                said += 1;
                if (said > (life % 4) * 9) resolve();
            });
            child.once("exit", () => reject(new Error("it ended by itself")));
        });
        child.kill("SIGKILL");
        await once(child, "exit");
    }
    const last = new SiteBox(broker.url, {}, folder);
    cleanUp.push(() => last.close());
    last.link.start();
    await last.until("the outbox is empty", () => last.journal.depth() === 0);
    expect(last.journal.head().sequence).toBeGreaterThan(500);
    await expectEverything(central, last.journal.head().sequence);
});

test("connections that are half open: packets vanish and nobody is told", { timeout: 120_000 }, async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const missing = DarkNetwork.missing();
    context.skip(missing !== undefined, missing);
    const network = DarkNetwork.open();
    cleanUp.push(() => network.close());
    const broker = await Mosquitto.start([], network.place);
    cleanUp.push(() => broker.kill());
    const inside = broker.url.replace(network.place.address, "127.0.0.1");
    const central = await CentralChild.start({ broker: inside }, network.place.through);
    cleanUp.push(() => central.stop());
    const connection = { ...QUICK.connection, keepaliveS: 1, connectMsMax: 1_000 };
    const box = new SiteBox(broker.url, { limits: { ...QUICK, connection } });
    cleanUp.push(() => box.close());
    box.commit(100);
    box.link.start();
    await box.until("the first facts are through", () => box.journal.depth() === 0);
    for (const [cuts, more] of [400, 3].entries()) {
        network.cut();
        box.commit(more);
        await box.until(`the box notices cut ${cuts + 1}`, () => !box.link.isOnline());
        box.commit(20);
        network.mend();
        await box.until("everything is through", () => box.journal.depth() === 0);
    }
    await expectEverything(central, 543);
});
