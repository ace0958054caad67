/** The link with the real store against the simulated central system in its own process, over its own broker. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { CentralConfigInput } from "../../simulators/central/central-config.ts";
import type { FromCentral } from "../../simulators/central/central-messages.ts";
import type { CentralLinkOptions } from "../../src/central/central-link.ts";
import { CentralChild } from "./central-child.ts";
import { QUICK, SiteBox } from "./site-box.ts";
import { wireBookings } from "./wire-bookings.ts";

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
    for (const close of cleanUp.splice(0).reverse()) await close();
});

async function centralSystem(config: Partial<CentralConfigInput> = {}): Promise<CentralChild> {
    const central = await CentralChild.start(config);
    cleanUp.push(() => central.stop());
    return central;
}

function siteBox(url: string, options: Partial<CentralLinkOptions> = {}): SiteBox {
    const box = new SiteBox(url, options);
    cleanUp.push(() => box.close());
    return box;
}

const isState = (state: string) => (message: FromCentral) =>
    message.is === "status" && (message.status as { state?: unknown } | undefined)?.state === state;

const WHOLE = { gaps: 0, lost: 0, outOfOrder: 0, brokenHashes: 0, conflicts: 0, malformed: 0 };

test("facts arrive whole, in order, once, and leave the outbox", async () => {
    const central = await centralSystem();
    const box = siteBox(central.url);
    box.commit(500);
    box.link.start();
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    box.commit(1);
    await box.until("the outbox is empty again", () => box.journal.depth() === 0);
    expect(await central.report()).toMatchObject({ ...WHOLE, recorded: 501, distinct: 501 });
    expect(box.link.health()).toMatchObject({ device: "central", state: "well", failures: 0 });
});

test("the link starts without a broker, and a backlog arrives when the broker comes", async () => {
    const central = await centralSystem();
    await central.vanish();
    const box = siteBox(central.url);
    box.link.start();
    box.commit(300);
    await box.until("the broker is missed", () => box.link.health().state === "failed");
    expect(box.link.isOnline()).toBe(false);
    expect(box.link.health()).toMatchObject({ code: "NOT_CONNECTED", failures: 1 });
    expect(box.journal.depth()).toBe(300);
    await central.return();
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    expect(await central.report()).toMatchObject({ ...WHOLE, distinct: 300 });
});

test("outages in the middle of a stream lose nothing, with and without the broker's memory", async () => {
    const central = await centralSystem();
    const box = siteBox(central.url);
    box.link.start();
    for (const forget of [false, true]) {
        box.commit(400);
        await central.until("the first facts are stored", ({ is }) => is === "stored", central.heard.length);
        await central.vanish({ forget });
        box.commit(400);
        await central.return();
        await box.until("the outbox is empty", () => box.journal.depth() === 0);
    }
    expect(await central.report()).toMatchObject({ ...WHOLE, distinct: 1_600, upTo: 1_600 });
    expect(central.storedSequences()).toEqual(Array.from({ length: 1_600 }, (_, i) => i + 1));
});

test("lost acknowledgements make doubles, which the central system knows by their ids", async () => {
    const central = await centralSystem();
    const box = siteBox(central.url);
    central.order({ do: "lose-acks", count: 3 });
    box.commit(10);
    box.link.start();
    await box.until("nobody acknowledges", () => box.link.health().state === "failed");
    expect(box.link.health()).toMatchObject({ code: "NO_REPLY" });
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    const report = await central.report();
    expect(report).toMatchObject({ ...WHOLE, distinct: 10 });
    expect(report.duplicates).toBeGreaterThan(0);
    await box.until("all is well again", () => box.link.health().state === "well");
});

test("repeated acknowledgements and those from the future remove nothing", async () => {
    const central = await centralSystem();
    const box = siteBox(central.url);
    box.commit(5);
    box.link.start();
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    central.order({ do: "lose-acks", count: 1 });
    box.commit(5);
    await central.until("they are stored", (message) => message.is === "stored" && message.isLost);
    central.order({ do: "repeat-ack" }); // Names fact 10, so it is as good as the lost one.
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    const from = central.heard.length;
    central.order({ do: "vanish" });
    await central.until("it is gone", ({ is }) => is === "gone", from);
    box.commit(3);
    await central.return();
    central.order({ do: "future-ack", ahead: 50 });
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    expect(await central.report()).toMatchObject({ ...WHOLE, distinct: 13 });
});

test("a fact that the broker refuses goes as a stand-in, the fact itself stays on the box", async () => {
    const central = await centralSystem();
    central.order({ do: "refuse-events", count: 1, code: 0x99 });
    const box = siteBox(central.url);
    box.commit(3);
    box.commit(1, { text: "z".repeat(200_000) });
    box.commit(3);
    box.link.start();
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    expect(await central.report()).toMatchObject({ ...WHOLE, distinct: 7, withheld: 2 });
    const withheld = box.told.filter(({ is }) => is === "factWithheld").map(({ what }) => what[0]);
    expect(withheld.sort()).toEqual([1, 4]);
    expect(box.journal.factsAfter(0, 10)).toHaveLength(7);
});

test("a half-open connection is found out by the keepalive", async () => {
    const central = await centralSystem();
    const limits = { ...QUICK, connection: { ...QUICK.connection, keepaliveS: 1 } };
    const box = siteBox(central.url, { limits });
    box.link.start();
    await box.until("the link is online", () => box.link.isOnline());
    central.order({ do: "fall-silent" });
    await box.until("the silence is noticed", () => !box.link.isOnline());
    await central.vanish();
    await central.return();
    box.commit(1);
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
});

test("the list arrives in parts, follows every change, and is confirmed", async () => {
    const central = await centralSystem({ bookings: wireBookings(95), bookingsPerPart: 10 });
    const box = siteBox(central.url);
    expect(box.link.listAgeMs()).toBe(Number.POSITIVE_INFINITY);
    box.link.start();
    await box.until("the list is confirmed", () => Number.isFinite(box.link.listAgeMs()));
    const ready = central.heard.find(({ is }) => is === "ready");
    expect(ready).toMatchObject({ list: { version: 1, hash: box.list.version().hash } });
    expect(box.list.version()).toMatchObject({ version: 1, bookings: 95 });
    central.order({ do: "set-status", id: "B-2", status: "Въехал на пункт пропуска" });
    await box.until("the change is here", () => box.list.version().version === 2);
    expect(box.list.byId("B-2")).toMatchObject({ status: "entered", version: 2 });
    central.order({ do: "change", remove: ["B-3"], isAnnounced: false });
    await box.until("the silent change is found by asking", () => box.list.version().version === 3);
    expect(box.list.version().bookings).toBe(94);
    await central.until(
        "the status shows the list",
        (message) => message.is === "status" && JSON.stringify(message.status).includes(box.list.version().hash),
    );
});

test("a snapshot that stays incomplete is asked for again", async () => {
    const day = { seed: 7, passages: 40, checkpoint: "nur-zholy", startUtcMs: 1_900_000_000_000, otherBookings: 20 };
    const central = await centralSystem({ day, bookingsPerPart: 10 });
    central.order({ do: "cut-snapshots", count: 1 });
    const box = siteBox(central.url);
    box.link.start();
    await box.until("the list is here", () => box.list.version().version === 1);
    expect(box.told.some(({ is, what }) => is === "listTrouble" && what[0] === "LIST_INCOMPLETE")).toBe(true);
    expect(box.list.version().bookings, "the bookings of a simulated day, all of them").toBeGreaterThan(20);
});

test("a change that does not follow or does not add up leaves the list as it was", async () => {
    const central = await centralSystem({ bookings: wireBookings(5) });
    const box = siteBox(central.url);
    box.link.start();
    await box.until("the list is confirmed", () => Number.isFinite(box.link.listAgeMs()));
    const { hash } = box.list.version();
    const wrong = { from: 1, to: 2, hash: "a".repeat(64), upsert: [], remove: ["B-1"] };
    for (const delta of [wrong, { ...wrong, from: 7, to: 8 }]) {
        central.order({ do: "say", topic: "bookings/delta", text: JSON.stringify(delta) });
    }
    const codes = (): unknown[] => box.told.filter(({ is }) => is === "listTrouble").map(({ what }) => what[0]);
    await box.until("both are refused", () => codes().includes("LIST_HASH") && codes().includes("LIST_GAP"));
    expect(box.list.version()).toMatchObject({ version: 1, hash, bookings: 5 });
    const wantsSnapshot = (message: FromCentral): boolean =>
        message.is === "request" && (message.request as { wants?: unknown }).wants === "snapshot";
    await central.until("the whole list is asked for", wantsSnapshot);
});

test("an answer from another time does not confirm the list", async () => {
    const central = await centralSystem({ bookings: wireBookings(5) });
    const box = siteBox(central.url);
    box.link.start();
    await box.until("the list is confirmed", () => Number.isFinite(box.link.listAgeMs()));
    const { version, hash } = box.list.version();
    await central.vanish();
    await box.until("the list grows old", () => box.link.listAgeMs() > 300);
    const ageMs = box.link.listAgeMs();
    await central.return();
    central.order({
        do: "say",
        topic: "bookings/version",
        text: JSON.stringify({ version, hash: "b".repeat(64), ref: "someone-else" }),
    });
    await box.until("a fresh answer confirms it", () => box.link.listAgeMs() < ageMs);
    expect(box.told.some(({ is }) => is === "listTrouble")).toBe(false);
    expect(box.list.version()).toMatchObject({ version, hash });
});

test("what is malformed is kept with the reason, and the link goes on", async () => {
    const central = await centralSystem({ bookings: wireBookings(5) });
    const box = siteBox(central.url);
    box.link.start();
    await box.until("the list is here", () => box.list.version().version === 1);
    const topics = ["ack", "bookings/snapshot", "bookings/delta", "bookings/version", "commands"];
    const texts = ["", "{", "[]", "null", '{"upTo":-1}', '{"version":"1"}', "\u0000", '{"upTo":1e999,"hash":"x"}'];
    for (const topic of topics.slice(0, 2)) for (const text of texts) central.order({ do: "say", topic, text });
    for (const topic of topics.slice(2)) central.order({ do: "say", topic, text: "nonsense" });
    await box.until("all are refused", () => box.link.refusedMessages() === 2 * texts.length + 3);
    expect(box.journal.count()).toBe(2 * texts.length + 3);
    central.order({ do: "set-status", id: "B-1", status: "Отозван" });
    box.commit(2);
    await box.until("the list goes on", () => box.list.version().version === 2);
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
});

test("a command is carried out and answered; repeated, late and retained ones are refused with a code", async () => {
    const central = await centralSystem();
    const orders: unknown[] = [];
    const box = siteBox(central.url, {
        onCommand: async (command) => {
            orders.push(command.order);
            if (command.order === "close")
                return { outcome: "refused", code: "LANE_OCCUPIED", detail: "a vehicle is there" };
            if (command.order === "mode") throw new Error("no such lane");
            return { outcome: "done" };
        },
        limits: { commands: { lifetimeMsMax: 60_000, skewMsMax: 0, runningMax: 16, answerMsMax: 5_000 } },
    });
    box.link.start();
    await central.until("the box is online", isState("online"));
    const answerTo = async (fields: Record<string, unknown>): Promise<unknown> => {
        const from = central.heard.length;
        central.order({ do: "command", fields });
        await central.until("it is answered", ({ is }) => is === "answer", from);
        const answer = central.heard.slice(from).find((message) => message.is === "answer");
        if (answer?.is !== "answer") throw new Error("no answer");
        expect(answer.correlation).toBe(fields["nonce"]);
        return answer.answer;
    };
    const past = "2020-01-01T00:00:00Z";
    const open = { order: "open", lane: "lane-1", nonce: "nonce-0001" };
    expect(await answerTo(open)).toMatchObject({ nonce: "nonce-0001", outcome: "done" });
    expect(await answerTo(open)).toMatchObject({ outcome: "refused", code: "REPEATED", earlier: "done" });
    expect(await answerTo({ ...open, nonce: "nonce-0002", issued: past, expires: past })).toMatchObject({
        code: "STALE",
    });
    expect(await answerTo({ ...open, nonce: "nonce-0003", order: "close" })).toMatchObject({ code: "LANE_OCCUPIED" });
    const mode = { ...open, nonce: "nonce-0004", order: "mode", mode: "out-of-service" };
    expect(await answerTo(mode)).toMatchObject({ outcome: "failed", code: "FAILED" });
    expect(await answerTo({ order: "sync", nonce: "nonce-0005" })).toMatchObject({ outcome: "done" });
    expect(await answerTo({ ...open, nonce: "nonce-0006", order: "lift" })).toMatchObject({
        nonce: null,
        code: "MALFORMED",
    });
    expect(await answerTo({ ...open, nonce: "nonce-0007", speed: 3 })).toMatchObject({ code: "MALFORMED" });
    expect(orders).toEqual(["open", "close", "mode"]);
    const refusals = box.told.filter(({ is }) => is === "commandRefused").map(({ what }) => what[1]);
    expect(refusals).toEqual(["REPEATED", "STALE"]);
    expect(box.journal.count()).toBe(2);
});

test("device health and status are retained, and a clean stop says so", async () => {
    const central = await centralSystem();
    const box = new SiteBox(central.url);
    box.link.publishDeviceHealth([{ device: "camera-1", state: "well", failures: 0 }]);
    box.link.start();
    await central.until("the camera is known", (message) => message.is === "device" && message.device === "camera-1");
    box.link.publishDeviceHealth([{ device: "camera-1", state: "failed", code: "NO_REPLY", failures: 1 }]);
    const isFailed = (message: FromCentral): boolean =>
        message.is === "device" && (message.health as { state?: unknown }).state === "failed";
    await central.until("its failure is known", isFailed);
    await box.close();
    await central.until("the box said goodbye", isState("offline"));
    const last = central.heard.filter(({ is }) => is === "status").at(-1);
    expect(last).toMatchObject({ status: { state: "offline", reason: "stopped" } });
});

test("a central system that lost everything goes on from what status names as first waiting, though the box has pruned the rest", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kordon-box-"));
    const before = await centralSystem();
    const box = new SiteBox(before.url, {}, folder);
    box.commit(20);
    box.link.start();
    await box.until("everything is acknowledged", () => box.journal.depth() === 0);
    expect(box.journal.prune(Number.MAX_SAFE_INTEGER)).toMatchObject({ facts: 20 });
    box.commit(3);
    await box.until("all of it is acknowledged", () => box.journal.depth() === 0);
    await box.close();

    const empty = await centralSystem();
    const again = new SiteBox(empty.url, {}, folder);
    cleanUp.push(() => again.close());
    again.commit(5);
    again.link.start();
    await again.until("the new central system acknowledges", () => again.journal.depth() === 0);
    expect(await empty.report()).toMatchObject({ distinct: 5, lost: 23, upTo: 28, brokenHashes: 0 });
    const first = empty.heard.find(isState("online")) as { readonly status: unknown };
    expect(first.status).toMatchObject({ firstWaiting: 24, waitingFacts: 5, head: { sequence: 28 } });
    again.link.publishStatus();
    await empty.until("nothing waits", (message) => {
        const { status } = message as { readonly status?: { readonly firstWaiting?: number } };
        return message.is === "status" && status?.firstWaiting === 29;
    });
});

test("status names the journal's newest fact, so that a cut-off end can be proven", async () => {
    const central = await centralSystem();
    const box = siteBox(central.url);
    box.commit(3);
    box.link.start();
    await central.until("it is online", isState("online"));
    const { status } = central.heard.findLast(isState("online")) as { readonly status: unknown };
    expect(status).toMatchObject({ head: box.journal.head() });
    expect(box.journal.head().sequence).toBe(3);
});
