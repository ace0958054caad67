/** The heartbeat of a site and what brings a tick forward; each tick asks for the list's stamp once, which is how they are counted. */
import { expect, test } from "vitest";
import { ClockTrust } from "../../src/runtime/clock-trust.ts";
import { openLog } from "../../src/runtime/log.ts";
import { SiteRunner } from "../../src/runtime/site-runner.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { tempFolder } from "../store/temp-folder.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";

function site() {
    const clock = new VirtualClock();
    const seen = { ticksMs: [] as number[], shows: 0 };
    const startMs = clock.monotonicMs();
    const runner = new SiteRunner({
        lanes: [],
        journal: openJournal(tempFolder()),
        clock,
        trust: new ClockTrust(clock),
        log: openLog("silent"),
        listStamp: () => {
            seen.ticksMs.push(clock.monotonicMs() - startMs);
            return { version: 0, hash: "", ageMs: 0 };
        },
        devices: () => [],
        onFacts: () => undefined,
        onHealth: () => undefined,
        onShow: () => {
            seen.shows++;
        },
    });
    return { clock, runner, seen };
}

test("beats every 50 ms, shows itself twice a second, and ends", async () => {
    const { clock, runner, seen } = site();
    runner.start();
    await clock.advance(175);
    expect(seen.ticksMs).toEqual([50, 100, 150]);
    await clock.advance(2_000 - 175);
    expect(seen.shows).toBe(4);
    runner.stop();
    const ticks = seen.ticksMs.length;
    await clock.advance(1_000);
    expect(seen.ticksMs).toHaveLength(ticks);
});

test("ticks at once when woken, once for all that woke it, and keeps its beat", async () => {
    const { clock, runner, seen } = site();
    runner.start();
    await clock.advance(60);
    runner.wake();
    runner.wake();
    expect(seen.ticksMs, "nothing acts inside the caller's event").toEqual([50]);
    await clock.advance(90);
    expect(seen.ticksMs).toEqual([50, 60, 100, 150]);
});

test("a beat that comes first serves for the tick that was woken", async () => {
    const { clock, runner, seen } = site();
    runner.start();
    await clock.advance(10);
    runner.wake();
    runner.tick();
    await clock.advance(30);
    expect(seen.ticksMs).toEqual([10]);
});

test("waking does not show more often", async () => {
    const { clock, runner, seen } = site();
    runner.start();
    for (let round = 0; round < 100; round++) {
        runner.wake();
        await clock.advance(10);
    }
    expect(seen.ticksMs.length).toBeGreaterThan(100);
    expect(seen.shows, "at the first tick, then twice a second").toBe(3);
});

test.each(["before the start", "after the end"])("is not woken %s", async (when) => {
    const { clock, runner, seen } = site();
    if (when === "after the end") {
        runner.start();
        runner.wake();
        runner.stop();
    }
    runner.wake();
    await clock.advance(200);
    expect(seen.ticksMs).toEqual([]);
});
