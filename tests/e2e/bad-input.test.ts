/** What comes in wrong is refused, counted and recorded, and everything else goes on. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openJournal } from "../../src/store/journal-store.ts";
import { Checkpoint } from "./checkpoint.ts";

const KORDON = new URL("../../kordon", import.meta.url).pathname;
const EXAMPLE = new URL("../../config/example-site.yaml", import.meta.url).pathname;

let checkpoint: Checkpoint | undefined;

afterEach(async () => {
    await checkpoint?.close();
    checkpoint = undefined;
});

function kordon(...args: readonly string[]): {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
} {
    const { status, stdout, stderr } = spawnSync(KORDON, args, { encoding: "utf8" });
    return { code: status, out: stdout, err: stderr };
}

describe("command line", () => {
    test("a wrong site file: exit 2, file, line, path and what was expected; nothing is started", () => {
        const folder = mkdtempSync(join(tmpdir(), "kordon-bad-"));
        const file = join(folder, "site.yaml");
        writeFileSync(file, readFileSync(EXAMPLE, "utf8").replace("role: checkpoint-entry", "role: side-door"));
        for (const command of ["run", "check"]) {
            const { code, out, err } = kordon(command, "--site", file);
            expect({ code, out }).toEqual({ code: 2, out: "" });
            expect(err).toMatch(/site\.yaml:\d+: lanes\.lane-1\.role: .*checkpoint-entry/);
        }
        expect(existsSync(join(folder, "../var/nur-zholy"))).toBe(false);
    });

    test.each([
        ["no site file", ["check"], 2, /--site/],
        ["an unknown command", ["opne"], 2, /unknown command/],
        ["a number that is none", ["demo", "--passages", "many"], 2, /whole number from 1 to 10000/],
        ["no daemon to ask", ["lanes", "--site", EXAMPLE], 1, /no daemon is running here; start it with kordon run/],
    ])("%s", (_name, args, expected, complaint) => {
        const { code, out, err } = kordon(...args);
        expect(code).toBe(expected);
        expect(out).toBe("");
        expect(err).toMatch(complaint);
    });

    test("check and version speak JSON and nothing else on stdout", () => {
        const check = JSON.parse(kordon("check", "--site", EXAMPLE, "--json").out);
        expect(check).toMatchObject({
            site: "nur-zholy",
            modules: [{ id: "io-1", problems: [] }],
            lanes: [{ id: "lane-1" }],
        });
        expect(JSON.parse(kordon("version", "--json").out)).toMatchObject({
            kordon: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        });
        expect(kordon("check", "--site", EXAMPLE).out).toContain("Moxa ioLogik E1214 (simulated)");
    });
});

test("malformed messages go to quarantine with the reason; the daemon goes on", { timeout: 120_000 }, async () => {
    const day = await Checkpoint.open({ passages: 1, seed: 5, speed: 6 });
    checkpoint = day;
    await day.startDaemon();
    await day.untilView("the list is there", ({ listVersion }) => listVersion > 0);
    for (const [topic, text] of [
        ["commands", "not JSON"],
        ["ack", '{"upTo": -1}'],
        ["bookings/delta", '{"from": "yesterday"}'],
        ["bookings/snapshot", "[]"],
    ] as const) {
        day.central.order({ do: "say", topic, text });
    }
    await day.untilView("all four are refused", ({ refusedMessages }) => refusedMessages === 4);
    day.startOfficer();
    day.order({ do: "start" });
    await day.until("a lorry is dealt with all the same", () => day.worldSaid.some(({ is }) => is === "finished"));
    await day.stopDaemon();
    const journal = openJournal(day.stateFolder);
    expect(journal.count()).toBe(4);
    journal.close();
});

test("a module that answers nonsense is failed and tried again; the lane waits and goes on", {
    timeout: 120_000,
}, async () => {
    const day = await Checkpoint.open({ passages: 1, seed: 5, speed: 6 });
    checkpoint = day;
    await day.startDaemon();
    await day.untilView("the lane rests", ({ lanes }) => lanes[0]?.mode === "idle");
    const healthOf = (device: string): unknown =>
        day.kinds("device.health").findLast(({ data }) => data["device"] === device)?.data["state"];
    for (const kind of ["garbage", "silence", "wrong-unit"]) {
        day.order({ do: "wire", lane: "lane-1", fault: { kind } });
        await day.until(`${kind} is noticed`, () => healthOf("io-1") === "failed");
        day.order({ do: "wire", lane: "lane-1", fault: { kind: "none" } });
        await day.until("it is well again", () => healthOf("io-1") === "well");
    }
    expect(day.kinds("boom.commanded")).toEqual([]);
    day.startOfficer();
    day.order({ do: "start" });
    await day.until("the lorry is dealt with", () => day.worldSaid.some(({ is }) => is === "finished"));
    expect(await day.truth()).toMatchObject({ strikes: 0, lowersOnVehicle: 0 });
});

test("without a broker at the start the lane works, and everything arrives later, once", {
    timeout: 120_000,
}, async () => {
    const day = await Checkpoint.open({ passages: 2, seed: 9, speed: 6 });
    checkpoint = day;
    await day.central.vanish();
    await day.startDaemon();
    await day.untilView("the lane rests", ({ lanes }) => lanes[0]?.mode === "idle");
    day.startOfficer();
    day.order({ do: "start" });
    await day.until("the day is over", () => day.worldSaid.some(({ is }) => is === "finished"));
    expect((await day.view()).outbox).toBeGreaterThan(0);
    await day.central.return();
    await day.untilView("everything is acknowledged", ({ outbox }) => outbox === 0);
    await day.stopDaemon();
    const journal = openJournal(day.stateFolder);
    const report = await day.central.report();
    expect(report).toMatchObject({ lost: 0, conflicts: 0, brokenHashes: 0 });
    // What the daemon said while it ended may still wait; everything else has to be stored.
    expect(report.distinct).toBeGreaterThanOrEqual(journal.head().sequence - journal.depth());
    journal.close();
});
