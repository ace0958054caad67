/** OPEN and CLOSE relays: the right one, never both, never too close together, and a raise before everything else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RelayBarrier, type RelayBarrierPlan } from "../../../../devices/barrier/relay/relay-barrier.ts";
import type { BarrierOrder } from "../../../../src/ports/barrier.ts";
import { settle, VirtualClock } from "../../../transport/virtual-clock.ts";
import { FakeRelays, type OnTime, POLL_MS, type RelayFaults } from "./fake-relays.ts";

const OPEN = 0;
const CLOSE = 1;
const PULSE_MS = 700;
const GAP_MS = 500;

function barrierOn(faults: RelayFaults = {}, options: Partial<RelayBarrierPlan> = {}) {
    const clock = new VirtualClock();
    const io = new FakeRelays(clock, faults);
    const barrier = new RelayBarrier({
        id: "boom",
        open: { io, output: OPEN },
        close: { io, output: CLOSE },
        pulseMs: PULSE_MS,
        gapMsMin: GAP_MS,
        clock,
        ...options,
    });
    return { clock, io, barrier };
}

/** A barrier that has been running for a while: what happened before the start no longer counts. */
async function calm(faults: RelayFaults = {}, options: Partial<RelayBarrierPlan> = {}) {
    const parts = barrierOn(faults, options);
    await parts.clock.advance(5_000);
    return parts;
}

const times = (io: FakeRelays): readonly (readonly [number, number, number | undefined])[] =>
    io.onTimes.map(({ output, fromMs, toMs }) => [output, fromMs, toMs]);

describe("one order", () => {
    test.each([
        ["raise", OPEN],
        ["lower", CLOSE],
    ] as const)("%s pulses its own relay once and resolves when that was seen", async (order, output) => {
        const { clock, io, barrier } = await calm();
        const startMs = clock.monotonicMs();
        await clock.until(barrier.order(order));
        expect(clock.monotonicMs() - startMs).toBeLessThanOrEqual(2 + POLL_MS + 2);
        await clock.advance(3_000);
        expect(times(io)).toEqual([[output, startMs + 2, startMs + 2 + PULSE_MS]]);
        expect(barrier.health()).toEqual({ device: "boom", state: "well", failures: 0 });
    });

    test("the same order during its own pulse is that pulse", async () => {
        const { clock, io, barrier } = await calm();
        await clock.until(barrier.order("raise"));
        await clock.advance(300);
        await clock.until(barrier.order("raise"), 1);
        await clock.advance(3_000);
        expect(io.onTimes).toHaveLength(1);
    });

    test("given again after its pulse, it is a new pulse", async () => {
        const { clock, io, barrier } = await calm();
        for (let count = 0; count < 2; count++) {
            await clock.until(barrier.order("raise"));
            await clock.advance(1_000);
        }
        expect(io.onTimes).toHaveLength(2);
    });
});

describe("two orders", () => {
    test("a lower waits for the OPEN pulse to end and for the gap", async () => {
        const { clock, io, barrier } = await calm();
        await clock.until(barrier.order("raise"));
        await clock.until(barrier.order("lower"));
        const [open, close] = io.onTimes;
        expect([open?.output, close?.output]).toEqual([OPEN, CLOSE]);
        expect((close?.fromMs ?? 0) - (open?.toMs ?? Number.NaN)).toBeGreaterThanOrEqual(GAP_MS);
        expect((close?.fromMs ?? 0) - (open?.toMs ?? Number.NaN)).toBeLessThanOrEqual(GAP_MS + POLL_MS + 30);
    });

    test("a raise cuts a CLOSE pulse short, keeps the gap and wins", async () => {
        const { clock, io, barrier } = await calm();
        await clock.until(barrier.order("lower"));
        await clock.advance(100);
        const askedMs = clock.monotonicMs();
        await clock.until(barrier.order("raise"));
        const [close, open] = io.onTimes;
        expect(close).toMatchObject({ output: CLOSE, toMs: askedMs + 2 });
        expect(open?.output).toBe(OPEN);
        const gapMs = (open?.fromMs ?? 0) - (close?.toMs ?? Number.NaN);
        expect(gapMs).toBeGreaterThanOrEqual(GAP_MS);
        expect((open?.fromMs ?? 0) - askedMs).toBeLessThanOrEqual(GAP_MS + POLL_MS + 40);
    });

    test("the gap of a raise can be configured away; CLOSE is still read back off first", async () => {
        const { clock, io, barrier } = await calm({}, { raiseGapMsMin: 0 });
        await clock.until(barrier.order("lower"));
        await clock.until(barrier.order("raise"));
        const [close, open] = io.onTimes;
        expect(open?.fromMs ?? 0).toBeGreaterThan(close?.toMs ?? Number.POSITIVE_INFINITY);
        expect((open?.fromMs ?? 0) - (close?.toMs ?? 0)).toBeLessThanOrEqual(POLL_MS + 30);
    });

    test.each([0, 1, 2, 3, 5, 20])("a raise %i ms after a lower is not overtaken by it", async (laterMs) => {
        const { clock, io, barrier } = await calm({ writeMs: 3 });
        const lower = expect(barrier.order("lower")).rejects.toMatchObject({ code: "NOT_APPLIED" });
        await clock.advance(laterMs);
        await clock.until(barrier.order("raise"));
        await lower;
        await clock.advance(3_000);
        expect(io.onTimes.at(-1)?.output).toBe(OPEN);
        expect(overlaps(io.onTimes)).toEqual([]);
        expect(barrier.health().failures).toBe(0);
    });

    test("a later order takes the place of one that waits", async () => {
        const { clock, io, barrier } = await calm();
        await clock.until(barrier.order("raise"));
        const lower = expect(barrier.order("lower")).rejects.toThrow('a later order took the place of "lower"');
        await settle();
        await clock.until(barrier.order("raise"), 1);
        await lower;
        await clock.advance(5_000);
        expect(io.onTimes.map(({ output }) => output)).toEqual([OPEN]);
    });
});

describe("relays that do not do as they are told", () => {
    test.each(["raise", "lower"] as const)("%s: accepted and never seen on is NOT_APPLIED", async (order) => {
        const { clock, barrier } = await calm({ dead: [OPEN, CLOSE] });
        await clock.until(expect(barrier.order(order)).rejects.toMatchObject({ code: "NOT_APPLIED" }));
        expect(barrier.health()).toMatchObject({ state: "failed", code: "NOT_APPLIED", failures: 1 });
    });

    test("a CLOSE relay that sticks: no OPEN beside it, the raise says so", async () => {
        const { clock, io, barrier } = await calm({ sticky: [CLOSE] });
        await clock.until(barrier.order("lower"));
        await clock.until(expect(barrier.order("raise")).rejects.toMatchObject({ code: "NOT_APPLIED" }));
        expect(io.onTimes.map(({ output }) => output)).toEqual([CLOSE]);
        expect(barrier.health()).toMatchObject({ state: "failed", code: "NOT_APPLIED" });
    });

    test("an OPEN relay that sticks: reported, and no CLOSE beside it", async () => {
        const { clock, io, barrier } = await calm({ sticky: [OPEN] });
        await clock.until(barrier.order("raise"));
        await clock.advance(PULSE_MS + 1_000);
        expect(barrier.health()).toMatchObject({ state: "failed", code: "NOT_APPLIED", failures: 1 });
        await clock.until(expect(barrier.order("lower")).rejects.toMatchObject({ code: "NOT_APPLIED" }));
        expect(io.onTimes.map(({ output }) => output)).toEqual([OPEN]);
    });

    test("once it lets go, orders work again and health is well", async () => {
        const { clock, io, barrier } = await calm({ sticky: [CLOSE] });
        await clock.until(barrier.order("lower"));
        await clock.until(barrier.order("raise").catch(() => undefined));
        io.faults = {};
        io.force(CLOSE, false);
        await clock.advance(POLL_MS);
        await clock.until(barrier.order("raise"));
        expect(barrier.health()).toMatchObject({ state: "well" });
    });

    test("a lost reply to a CLOSE pulse counts as a pulse: the raise switches it off first", async () => {
        const { clock, io, barrier } = await calm({ lostReplies: [CLOSE] });
        await clock.until(expect(barrier.order("lower")).rejects.toMatchObject({ code: "NO_REPLY" }));
        io.faults = {};
        await clock.until(barrier.order("raise"));
        expect(io.calls).toEqual(["pulse 1", "set 1 false", "pulse 0"]);
        expect(overlaps(io.onTimes)).toEqual([]);
    });

    test("no fresh read-back: no pulse, the module's own code", async () => {
        const { clock, io, barrier } = await calm();
        io.isSilent = true;
        await clock.advance(501);
        for (const order of ["raise", "lower"] as const) {
            await expect(barrier.order(order)).rejects.toMatchObject({ code: "NO_REPLY", device: "boom" });
        }
        expect(io.calls).toEqual([]);
    });

    test("health shows a failed module", async () => {
        const { io, barrier } = await calm();
        io.isSilent = true;
        expect(barrier.health()).toMatchObject({ device: "boom", state: "failed", code: "NO_REPLY", failures: 0 });
    });
});

test("the gap counts from where an OPEN contact that others held was seen to end, whenever that is", async () => {
    for (let heldMs = 300; heldMs < 300 + POLL_MS; heldMs += 3) {
        const { clock, io, barrier } = await calm();
        io.force(OPEN, true);
        await clock.advance(POLL_MS);
        const lower = barrier.order("lower");
        await clock.advance(heldMs);
        io.force(OPEN, false);
        await clock.until(lower);
        expect(overlaps(io.onTimes)).toEqual([]);
    }
});

describe("start and stop", () => {
    test("a CLOSE pulse of an earlier run is cut short by a raise, not joined", async () => {
        const { clock, io, barrier } = barrierOn();
        io.force(CLOSE, true);
        io.poll();
        await clock.until(barrier.order("raise"));
        expect(overlaps(io.onTimes)).toEqual([]);
        expect(io.calls[0]).toBe("set 1 false");
    });

    test("a CLOSE pulse of an earlier run that was never seen still keeps its gap", async () => {
        const { clock, io, barrier } = barrierOn();
        io.force(CLOSE, true);
        await clock.advance(POLL_MS - 5);
        io.force(CLOSE, false);
        await clock.advance(10);
        await clock.until(barrier.order("raise"));
        expect(overlaps(io.onTimes)).toEqual([]);
        expect(io.onTimes.map(({ output }) => output)).toEqual([CLOSE, OPEN]);
    });

    test("nothing moves by itself", async () => {
        const { clock, io } = barrierOn();
        await clock.advance(60_000);
        expect(io.calls).toEqual([]);
    });

    test("stop releases the relay, refuses what waits and what comes", async () => {
        const { clock, io, barrier } = await calm();
        await clock.until(barrier.order("raise"));
        const waiting = expect(barrier.order("lower")).rejects.toMatchObject({ code: "NOT_CONNECTED" });
        const stopMs = clock.monotonicMs();
        await clock.until(barrier.stop());
        await waiting;
        expect(io.onTimes).toMatchObject([{ output: OPEN, toMs: stopMs + 2 }]);
        await expect(barrier.order("raise")).rejects.toMatchObject({ code: "NOT_CONNECTED" });
        await clock.advance(5_000);
        expect(io.onTimes).toHaveLength(1);
    });
});

/** Pairs of different relays that were on together or nearer than the gap; judged from the relays, not from the driver. */
function overlaps(onTimes: readonly OnTime[], gapMs = GAP_MS): readonly string[] {
    return onTimes.flatMap((a) =>
        onTimes
            .filter((b) => b.output !== a.output && b.fromMs >= a.fromMs)
            .filter((b) => a.toMs === undefined || b.fromMs - a.toMs < gapMs)
            .map((b) => `${a.output} ${a.fromMs}..${a.toMs} and ${b.output} ${b.fromMs}`),
    );
}

const step = fc.record({
    pauseMs: fc.oneof(fc.constantFrom(0, 1, 50, 499, 500, 700, 1_200), fc.nat(2_500)),
    order: fc.constantFrom<BarrierOrder>("raise", "lower"),
});

const anyFaults = fc.record({
    writeMs: fc.constantFrom(1, 2, 20, 120, 400),
    sticky: fc.subarray([OPEN, CLOSE]),
    dead: fc.subarray([OPEN, CLOSE]),
    lostReplies: fc.subarray([OPEN, CLOSE]),
});

test("whatever is ordered and whatever fails, the two relays never come together nor within the gap", async () => {
    let pulses = 0;
    await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), anyFaults, async (steps, faults) => {
            const { clock, io, barrier } = barrierOn(faults);
            for (const { pauseMs, order } of steps) {
                await clock.advance(pauseMs);
                barrier.order(order).catch(() => undefined);
            }
            await clock.advance(8_000);
            pulses += io.onTimes.length;
            expect(overlaps(io.onTimes)).toEqual([]);
        }),
        { numRuns: 120, seed: 20_261_122 },
    );
    expect(pulses).toBeGreaterThan(100);
});

test("with healthy relays the last raise is always carried out, soon", async () => {
    await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
            const { clock, io, barrier } = await calm();
            for (const { pauseMs, order } of steps) {
                barrier.order(order).catch(() => undefined);
                await clock.advance(pauseMs);
            }
            const askedMs = clock.monotonicMs();
            await clock.until(barrier.order("raise"), 1_500);
            const last = io.onTimes.findLast(({ output }) => output === OPEN);
            // On now, or pulsed within: release of CLOSE, its read-back, the gap, the pulse's own read-back.
            expect(last?.fromMs ?? 0).toBeGreaterThanOrEqual(askedMs - PULSE_MS - POLL_MS - 25);
            await clock.advance(3_000);
            expect(io.onTimes.at(-1)?.output).toBe(OPEN);
        }),
        { numRuns: 60, seed: 20_261_122 },
    );
});
