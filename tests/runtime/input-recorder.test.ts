/** Whatever opens a boom can be replayed from the journal: with a vehicle and without, over restarts, kills and broken disks. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LaneImage } from "../../src/core/lane/lane-image.ts";
import { StoreFault } from "../../src/ports/journal.ts";
import { verifyJournal } from "../../src/store/journal-audit.ts";
import { booking, PLAN } from "../core/lane/lane-harness.ts";
import { tempFolder } from "../store/temp-folder.ts";
import { recordedPassage } from "./recorded-passage.ts";
import { type BenchStart, BOOKED, PROGRAM, RunnerBench, wholePassage } from "./runner-bench.ts";

function benchIn(folder = tempFolder(), start: BenchStart = {}): RunnerBench {
    const bench = new RunnerBench(folder, { bookings: BOOKED, ...start });
    onTestFinished(() => bench.journal.close());
    return bench;
}

/** Every image of the bench, beside the recorder. */
function watch(bench: RunnerBench): LaneImage[] {
    const images: LaneImage[] = [];
    const tick = bench.tick.bind(bench);
    bench.tick = () => {
        tick();
        if (bench.runner.image !== undefined) images.push(structuredClone(bench.runner.image));
    };
    return images;
}

/** Ids of all that was recorded, in the order of their ends. */
function recorded(bench: RunnerBench): string[] {
    return bench.facts.flatMap(({ kind, passage }) => (kind === "passage.recorded" && passage ? [passage] : []));
}

function expectReplays(bench: RunnerBench, passage: string) {
    const { verdict, recordings, ...size } = recordedPassage(bench.journal, passage);
    expect(verdict.difference).toBeUndefined();
    expect(verdict.isWhole).toBe(true);
    return { ...size, recordings, ticks: verdict.replays.flatMap(({ ticks }) => ticks) };
}

const ordersIn = (ticks: ReturnType<typeof expectReplays>["ticks"]): string[] =>
    ticks.flatMap(({ orders }) => orders.map(({ order }) => order));

describe("a lorry's whole visit", () => {
    test("is recorded from its approach to the closed boom, with every image that mattered", async () => {
        const bench = benchIn();
        const images = watch(bench);
        await wholePassage(bench);
        const { recordings, ticks } = expectReplays(bench, bench.passage());
        expect(recorded(bench)).toEqual([bench.passage()]);
        expect(recordings).toHaveLength(1);
        expect(recordings[0]).toMatchObject({ program: PROGRAM, plan: PLAN, state: { mode: { at: "idle" } } });
        expect(ordersIn(ticks)).toEqual(["raise", "lower"]);
        expect(ticks.flatMap(({ facts }) => facts.map(({ kind }) => kind))).toEqual(
            bench.kinds().filter((kind) => kind !== "lane.started" && kind !== "passage.recorded"),
        );
        // Each recorded image is the one of its moment; each one left out had nothing new in it.
        const byMoment = new Map(images.map((image) => [image.nowMs, image]));
        for (const { image } of ticks) expect(image).toEqual(byMoment.get(image.nowMs));
        const shown = ({ reads, contacts, requests, echo }: LaneImage): string =>
            JSON.stringify([reads, Object.values(contacts).map((reading) => reading?.isActive), requests, echo]);
        const moments = ticks.map(({ image }) => image.nowMs);
        const during = images.filter(({ nowMs }) => nowMs >= (moments[0] ?? 0) && nowMs <= (moments.at(-1) ?? 0));
        expect(new Set(ticks.map(({ image }) => shown(image)))).toEqual(new Set(during.map(shown)));
    });

    test("of a minute takes less than 20 KB", async () => {
        const bench = await wholePassage(benchIn());
        const { bytes, ticks } = expectReplays(bench, bench.passage());
        expect((ticks.at(-1)?.image.nowMs ?? 0) - (ticks[0]?.image.nowMs ?? 0)).toBeGreaterThan(50_000);
        expect(bytes).toBeLessThan(20_000);
    });

    test("is followed by the next with a recording of its own, and nothing is recorded in between", async () => {
        const bench = await wholePassage(benchIn());
        const before = bench.facts.length;
        await bench.pass(60_000);
        await wholePassage(bench, "777KZZ01");
        const [first, second, ...rest] = recorded(bench);
        expect(rest).toEqual([]);
        expect(first).toBe(bench.passage());
        expect(bench.facts.slice(before).find(({ kind }) => kind === "vehicle.arrived")?.passage).toBe(second);
        const { recordings } = expectReplays(bench, second ?? "");
        expectReplays(bench, first ?? "");
        const state = recordings[0]?.state;
        expect(state?.mode.at).toBe("idle");
        expect(recordings[0]?.ticks[0]?.image.nowMs).toBeGreaterThan(bench.nowMs - 60_000);
    });

    test("that waits long for an officer costs little, and the officer's word is in it", async () => {
        const bench = await benchIn().pass(200);
        await bench.show("999ZZZ09").set({ approachLoop: true }).pass(9_000);
        bench.show(undefined);
        await bench.pass(1_200_000);
        const waited = recordedPassage(bench.journal, bench.passage());
        expect(waited.verdict).toMatchObject({ isWhole: false });
        expect(waited.verdict.difference).toBeUndefined();
        expect(waited.bytes).toBeLessThan(10_000);
        await bench.ask("accept", { bookingId: "b-1" }).pass(200);
        await bench.armUp();
        await bench.set({ approachLoop: false }).pass(5_000);
        await bench.armDown();
        await bench.pass(200);
        const { ticks } = expectReplays(bench, bench.passage());
        expect(ticks.some(({ image }) => image.requests.some(({ by }) => by.name === "A. Officer"))).toBe(true);
        expect(ordersIn(ticks)).toEqual(["raise", "lower"]);
    }, 60_000);

    test("that another follows under the closing boom ends where the other's begins", async () => {
        const bench = await benchIn().pass(200);
        await bench.show("123ABC02").set({ approachLoop: true }).pass(4_000);
        await bench.armUp();
        await bench.set({ boomLoop: true, photocell1: true }).pass(1_000);
        await bench.set({ approachLoop: false, exitLoop: true }).pass(1_000);
        await bench.set({ boomLoop: false, photocell1: false }).pass(500);
        await bench.show(undefined).set({ exitLoop: false }).pass(2_500);
        await bench.set({ limitOpen: false, boomLoop: true }).pass(200);
        expect(bench.orders).toEqual(["raise", "lower", "raise"]);
        await bench.set({ limitOpen: true }).pass(1_000);
        await bench.set({ boomLoop: false, exitLoop: true }).pass(500);
        await bench.set({ exitLoop: false }).pass(3_000);
        await bench.armDown();
        await bench.pass(200);
        const [first, second, ...rest] = recorded(bench);
        expect(rest).toEqual([]);
        expect(first).toBe(bench.passage());
        expect(ordersIn(expectReplays(bench, first ?? "").ticks)).toEqual(["raise", "lower", "raise"]);
        expect(ordersIn(expectReplays(bench, second ?? "").ticks)).toEqual(["lower"]);
    });
});

describe("openings without a vehicle", () => {
    test("an officer's order at an empty lane", async () => {
        const bench = await benchIn().pass(200);
        await bench.ask("open").pass(200);
        await bench.armUp();
        await bench.pass(25_000);
        await bench.armDown();
        await bench.pass(200);
        const [passage, ...rest] = recorded(bench);
        expect(rest).toEqual([]);
        const { ticks } = expectReplays(bench, passage ?? "");
        expect(ordersIn(ticks)).toEqual(["raise", "lower"]);
        expect(ticks[0]?.facts[0]).toMatchObject({ kind: "officer.ordered", data: { by: "A. Officer" } });
    });

    test("an emergency, however long it lasts, and its reset", async () => {
        const bench = await benchIn().pass(200);
        await bench.set({ emergency: true }).pass(100);
        await bench.armUp();
        await bench.pass(600_000);
        await bench.set({ emergency: false }).ask("reset").pass(100);
        const [passage, ...rest] = recorded(bench);
        expect(rest).toEqual([]);
        const { ticks, bytes } = expectReplays(bench, passage ?? "");
        expect(ticks[0]?.facts.map(({ kind }) => kind)).toContain("emergency.raised");
        expect(ordersIn(ticks)).toContain("raise");
        expect(bytes).toBeLessThan(5_000);
        expect(bench.journal.openPassages()).toEqual([]);
    });

    test("a boom found open, and the passage under it", async () => {
        const bench = benchIn().set({ limitClosed: false, limitOpen: true });
        await bench.pass(500);
        expect(recorded(bench)).toEqual([]);
        await bench.set({ boomLoop: true, photocell1: true }).pass(1_000);
        await bench.set({ exitLoop: true, boomLoop: false, photocell1: false }).pass(1_000);
        await bench.set({ exitLoop: false }).pass(3_000);
        await bench.armDown();
        await bench.pass(200);
        const [passage] = recorded(bench);
        const { ticks, recordings } = expectReplays(bench, passage ?? "");
        expect(recordings[0]?.state.mode).toMatchObject({ at: "manual", why: "found-open" });
        expect(ticks.flatMap(({ facts }) => facts.map(({ kind }) => kind))).toContain("passage.begun");
    });

    test("a boom held open, and the order that closes it", async () => {
        const bench = await benchIn().pass(200);
        await bench.ask("hold-open").pass(200);
        await bench.armUp();
        await bench.pass(5_000);
        await bench.ask("close").pass(200);
        await bench.armDown();
        await bench.pass(200);
        const orders = recorded(bench).flatMap((passage) => ordersIn(expectReplays(bench, passage).ticks));
        expect(orders).toEqual(["raise", "lower"]);
    });

    test("a boom moved by somebody else is in no order of ours, and still recorded", async () => {
        const bench = await benchIn().pass(200);
        await bench.set({ limitClosed: false }).pass(1_000);
        expect(bench.kinds()).toContain("boom.moved-unasked");
        const [passage] = recorded(bench);
        expect(ordersIn(expectReplays(bench, passage ?? "").ticks)).toEqual([]);
    });
});

describe("nothing is recorded", () => {
    test.each<[string, (bench: RunnerBench) => Promise<unknown>]>([
        ["of an empty lane", (bench) => bench.pass(60_000)],
        [
            "of somebody who only touches the loop",
            (bench) =>
                bench
                    .set({ approachLoop: true })
                    .pass(100)
                    .then(() => bench.set({ approachLoop: false }).pass(5_000)),
        ],
        [
            "of a lane out of service",
            (bench) =>
                bench
                    .ask("out-of-service")
                    .pass(5_000)
                    .then(() => bench.set({ approachLoop: true }).pass(5_000)),
        ],
        ["of an order that an empty lane refuses", (bench) => bench.ask("close").pass(5_000)],
    ])("%s", async (_, live) => {
        const bench = await benchIn().pass(200);
        await live(bench);
        expect(recorded(bench)).toEqual([]);
        expect(bench.journal.passageRecord("").inputs).toEqual([]);
    });
});

describe("trouble", () => {
    test("a disk that refuses for a while leaves no trace but the ticks that count", async () => {
        const bench = await benchIn().pass(200);
        const commit = bench.journal.commit.bind(bench.journal);
        const tick = bench.tick.bind(bench);
        let refused = 0;
        bench.tick = () => {
            try {
                tick();
            } catch (error) {
                if (!(error instanceof StoreFault)) throw error;
                refused += 1;
            }
        };
        let calls = 0;
        bench.journal.commit = (entry, time) => {
            const isSomething = entry.facts.length > 0 || entry.inputs !== undefined;
            if (isSomething) calls += 1;
            if (isSomething && calls % 3 !== 0) throw new StoreFault("DISK_FULL", "full");
            return commit(entry, time);
        };
        await wholePassage(bench);
        expect(refused).toBeGreaterThan(10);
        expect(bench.orders).toEqual(["raise", "lower"]);
        expectReplays(bench, bench.passage());
    });

    test("a restart while the lorry stands under the boom: two recordings, one seal over both", async () => {
        const folder = tempFolder();
        const before = benchIn(folder);
        await before.pass(200);
        await before.show("123ABC02").set({ approachLoop: true }).pass(4_000);
        await before.armUp();
        await before.set({ boomLoop: true, photocell1: true, approachLoop: false }).pass(2_000);
        before.journal.close();

        const after = benchIn(folder, { nowMs: 77_000 });
        after.set({ limitClosed: false, limitOpen: true, boomLoop: true, photocell1: true });
        await after.pass(1_000);
        await after.set({ exitLoop: true }).pass(500);
        await after.set({ boomLoop: false, photocell1: false }).pass(1_000);
        await after.set({ exitLoop: false }).pass(3_000);
        await after.armDown();
        await after.pass(200);
        const { recordings, ticks } = expectReplays(after, before.passage());
        expect(recordings).toHaveLength(2);
        expect(ordersIn(ticks)).toEqual(["raise", "lower"]);
        expect(verifyJournal(folder)).toMatchObject({ isIntact: true });
    });

    test("SIGKILL in the middle: what is there replays up to the cut, and less than a second is lost", {
        timeout: 60_000,
    }, () => {
        for (const killAfterTicks of [60, 155, 333, 700]) {
            const folder = tempFolder();
            const { signal, stdout } = spawnSync(
                process.execPath,
                [join(import.meta.dirname, "recording-victim.ts"), folder, String(killAfterTicks)],
                { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
            );
            expect(signal).toBe("SIGKILL");
            const { passage, changedMs, mode } = JSON.parse(stdout) as Record<"passage" | "mode", string> & {
                readonly changedMs: number;
            };
            const bench = benchIn(folder, { nowMs: 1_000 });
            const { verdict, recordings } = recordedPassage(bench.journal, passage);
            expect(verdict.difference).toBeUndefined();
            expect(verdict.isWhole).toBe(false);
            expect(verdict.replays[0]?.end.mode.at).toBe(mode);
            expect(changedMs - (recordings[0]?.ticks.at(-1)?.image.nowMs ?? 0)).toBeLessThan(1_100);
        }
    });
});

test("passages of a lane whose bookings nobody knows are recorded too", async () => {
    const bench = await benchIn(tempFolder(), { bookings: [booking("1A")] }).pass(200);
    await bench.show("999ZZZ09").set({ approachLoop: true }).pass(9_000);
    await bench.set({ approachLoop: false }).pass(2_000);
    const { ticks } = expectReplays(bench, bench.passage());
    expect(ticks.flatMap(({ facts }) => facts.map(({ kind }) => kind))).toEqual(
        expect.arrayContaining(["vehicle.refused", "vehicle.left"]),
    );
});
