/** Whose turn it is on a bus, and what a dead unit costs the others. The wire is in memory and the time virtual. */
import { describe, expect, test } from "vitest";
import { Random } from "../../simulators/world/random.ts";
import { ModbusBus } from "../../src/transport/modbus-bus.ts";
import { type Responder, rtu, ScriptedWire } from "./scripted-wire.ts";
import { settle, VirtualClock } from "./virtual-clock.ts";

const TIMEOUT_MS = 200;
const MIN_MS = 1_000;

function busOn(respond: Responder, { gapMs = 0, maxMs = 4_000, random = (): number => 0.5 } = {}) {
    const clock = new VirtualClock();
    const wires: ScriptedWire[] = [];
    const bus = new ModbusBus({
        id: "line",
        clock,
        timeoutMs: TIMEOUT_MS,
        gapMs,
        backOff: { minMs: MIN_MS, maxMs, random },
        open: async () => {
            const wire = new ScriptedWire(respond, () => clock.monotonicMs());
            wires.push(wire);
            return wire.link();
        },
    });
    return { bus, clock, wires };
}

/** Answers reads of up to eight bits with `bits` and echoes writes; units in `dead` are silent. */
function device(bits: number, dead: readonly number[] = []): Responder {
    return ([unit = 0, functionCode = 0, ...rest]) => {
        if (dead.includes(unit)) return undefined;
        return functionCode <= 2 ? rtu(unit, functionCode, 1, bits) : rtu(unit, functionCode, ...rest.slice(0, 4));
    };
}

test("one request at a time, however many are asked for at once", async () => {
    let isBusy = false;
    const { bus, clock } = busOn((request, wire) => {
        expect(isBusy).toBe(false);
        isBusy = true;
        clock.after(5, () => {
            isBusy = false;
            wire.say(rtu(request[0] ?? 0, 1, 1, request[3] ?? 0));
        });
        return undefined;
    });
    const reads = Array.from({ length: 20 }, (_, index) => bus.unit(1 + (index % 3)).readCoils(index, 8));
    const answers = await clock.until(Promise.all(reads));
    expect(answers.map((bits) => bits.reduce((sum, bit, place) => sum + (bit ? 2 ** place : 0), 0))).toEqual([
        ...Array(20).keys(),
    ]);
});

test("a write goes before all queued reads, and writes keep their order", async () => {
    const { bus, clock, wires } = busOn((request, wire) => {
        clock.after(5, () => wire.say(device(0)(request, wire) ?? Buffer.alloc(0)));
        return undefined;
    });
    const reads = [1, 2, 3, 1, 2, 3].map((unit) => bus.unit(unit).readCoils(0, 6));
    await settle();
    const writes = [bus.unit(3).writeCoil(0, true), bus.unit(3).writeCoil(1, true)];
    await clock.until(Promise.all([...reads, ...writes]));
    const order = (wires[0]?.requests ?? []).map(([unit, functionCode, , address]) => [unit, functionCode, address]);
    expect(order.slice(0, 4)).toEqual([
        [1, 1, 0],
        [3, 5, 0],
        [3, 5, 1],
        [2, 1, 0],
    ]);
});

test("a dead unit delays a living one by one time-out per back-off period and never more", async () => {
    const { bus, clock, wires } = busOn(device(1, [7]));
    const delaysMs: number[] = [];
    const poll = async (unit: number): Promise<void> => {
        const askedMs = clock.monotonicMs();
        await bus
            .unit(unit)
            .readCoils(0, 1)
            .catch(() => undefined);
        if (unit === 1) delaysMs.push(clock.monotonicMs() - askedMs);
    };
    for (let elapsedMs = 0; elapsedMs < 40_000; elapsedMs += 50) {
        void poll(7);
        void poll(7);
        void poll(1);
        await clock.advance(50);
    }
    const deadAtMs = (wires[0]?.requests ?? []).flatMap(([unit], index) =>
        unit === 7 ? [wires[0]?.sentAtMs[index] ?? 0] : [],
    );
    const pausesMs = deadAtMs.slice(1).map((atMs, index) => atMs - (deadAtMs[index] ?? 0));
    expect(Math.max(...delaysMs)).toBeLessThanOrEqual(TIMEOUT_MS);
    expect(delaysMs.length).toBe(800);
    // One time-out, then the back-off (1 s, 2 s, 4 s, 4 s ...), then the next poll of the 50 ms rhythm.
    expect(pausesMs.slice(0, 3)).toEqual([1_200, 2_200, 4_200]);
    expect(Math.min(...pausesMs.slice(2))).toBeGreaterThanOrEqual(4_200);
    expect(delaysMs.filter((ms) => ms > 0).length).toBeLessThanOrEqual(deadAtMs.length * (TIMEOUT_MS / 50 + 1));
    expect(bus.statistics().find(({ unit }) => unit === 7)).toMatchObject({
        requests: deadAtMs.length,
        timeouts: deadAtMs.length,
        replies: 0,
    });
    await bus.close();
});

test("however many units are dead, a read of a living one waits for one of them at most", async () => {
    const dead = [3, 4, 5, 6];
    const dice = new Random(7, "back-off");
    const { bus, clock } = busOn(device(1, dead), { random: () => dice.next() });
    const poll = (unit: number): Promise<unknown> => {
        const read = bus.unit(unit).readCoils(0, 1);
        return read.catch(() => undefined);
    };
    const all = [1, 3, 4, 5, 6, 2];
    await clock.until(Promise.all(all.map(poll)));
    const delaysMs: number[] = [];
    const awake = new Set(all);
    for (let elapsedMs = 0; elapsedMs < 60_000; elapsedMs += 10) {
        for (const unit of all) {
            if (!awake.delete(unit)) continue;
            const askedMs = clock.monotonicMs();
            void poll(unit).then(() => {
                awake.add(unit);
                if (!dead.includes(unit)) delaysMs.push(clock.monotonicMs() - askedMs);
            });
        }
        await clock.advance(10);
    }
    expect(Math.max(...delaysMs)).toBe(TIMEOUT_MS);
    expect(delaysMs.filter((ms) => ms > 0).length).toBeGreaterThan(20);
    for (const { unit, timeouts } of bus.statistics()) expect(timeouts > 8).toBe(dead.includes(unit));
    await bus.close();
});

test("while a unit is left alone its requests are refused at once, with the code of the failure", async () => {
    const { bus, clock, wires } = busOn(device(1, [7]));
    await clock.until(expect(bus.unit(7).readCoils(0, 1)).rejects.toMatchObject({ code: "NO_REPLY" }));
    const refusedAtMs = clock.monotonicMs();
    await expect(bus.unit(7).writeCoil(0, true)).rejects.toMatchObject({ code: "NO_REPLY", device: "line/7" });
    expect(clock.monotonicMs()).toBe(refusedAtMs);
    expect(wires[0]?.requests).toHaveLength(1);
});

test("what waits behind a request that timed out is refused with it", async () => {
    const { bus, clock, wires } = busOn(device(1, [7]));
    const reads = [0, 1, 2, 3].map((coil) => bus.unit(7).readCoils(coil, 1));
    const outcomes = await clock.until(Promise.allSettled(reads), TIMEOUT_MS + 10);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
    expect(wires[0]?.requests).toHaveLength(1);
});

test("a unit that comes back is asked again and forgiven", async () => {
    const dead = [7];
    const { bus, clock } = busOn((request, wire) => device(1, dead)(request, wire));
    await clock.until(
        bus
            .unit(7)
            .readCoils(0, 1)
            .catch(() => undefined),
    );
    dead.length = 0;
    await clock.advance(MIN_MS);
    expect(await bus.unit(7).readCoils(0, 1)).toEqual([true]);
    expect(await bus.unit(7).readCoils(0, 1)).toEqual([true]);
});

test("statistics hold the last and the mean round trip", async () => {
    const lengthsMs = [10, 30, 20];
    const { bus, clock } = busOn((request, wire) => {
        clock.after(lengthsMs.shift() ?? 0, () => wire.say(device(1)(request, wire) ?? Buffer.alloc(0)));
        return undefined;
    });
    for (let count = 0; count < 3; count++) await clock.until(bus.unit(4).readCoils(0, 1));
    expect(bus.statistics()).toEqual([
        {
            unit: 4,
            requests: 3,
            replies: 3,
            timeouts: 0,
            exceptions: 0,
            badReplies: 0,
            lateReplies: 0,
            lastRoundTripMs: 20,
            meanRoundTripMs: 20,
        },
    ]);
});

test("health is starting, then well; a wire that does not open is NOT_CONNECTED", async () => {
    const { bus, clock } = busOn(device(1));
    expect(bus.health()).toEqual({ device: "line", state: "starting", failures: 0 });
    await bus.unit(1).readCoils(0, 1);
    expect(bus.health()).toEqual({ device: "line", state: "well", failures: 0 });
    const broken = new ModbusBus({ id: "broken", clock, open: () => Promise.reject(new Error("no such port")) });
    await expect(broken.unit(1).readCoils(0, 1)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    expect(broken.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED", failures: 1 });
});

test("jitter spreads the back-off by a quarter either way", async () => {
    for (const [random, pauseMs] of [
        [0, 750],
        [0.999_999, 1_250],
    ] as const) {
        const clock = new VirtualClock();
        let attempts = 0;
        const open = (): Promise<never> => {
            attempts++;
            return Promise.reject(new Error("no"));
        };
        const bus = new ModbusBus({
            id: "b",
            clock,
            open,
            backOff: { minMs: 1_000, maxMs: 9_000, random: () => random },
        });
        const read = (): Promise<unknown> =>
            bus
                .unit(1)
                .readCoils(0, 1)
                .catch(() => undefined);
        await read();
        await clock.advance(pauseMs - 1);
        await read();
        expect(attempts).toBe(1);
        await clock.advance(2);
        await read();
        expect(attempts).toBe(2);
    }
});

describe("wrong arguments are the caller's mistake, never the device's", () => {
    const { bus, wires } = busOn(device(1));
    const unit = bus.unit(1);
    test.each([
        ["count 0", () => unit.readInputs(0, 0)],
        ["count 2001", () => unit.readCoils(0, 2_001)],
        ["126 registers", () => unit.readHolding(0, 126)],
        ["address -1", () => unit.writeCoil(-1, true)],
        ["address 65536", () => unit.readInputs(65_536, 1)],
        ["value 65536", () => unit.writeHolding(0, 65_536)],
        ["value 1.5", () => unit.writeCoilValue(0, 1.5)],
    ])("%s", async (_name, call) => {
        await expect(call()).rejects.toThrow(RangeError);
        expect(wires).toHaveLength(0);
    });
});

describe("serial line", () => {
    test("frames are kept apart by the silent gap", async () => {
        const { bus, clock, wires } = busOn(device(1), { gapMs: 5 });
        const reads = [1, 2, 3, 4].map((unit) => bus.unit(unit).readCoils(0, 1));
        await clock.until(Promise.all(reads));
        const sentAtMs = wires[0]?.sentAtMs ?? [];
        expect(sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0))).toEqual([5, 5, 5]);
    });

    test("golden frames of a Waveshare relay", async () => {
        const { bus, wires } = busOn(device(0));
        await bus.unit(1).writeCoil(0, true);
        await bus.unit(1).writeCoilValue(0x200, 7);
        expect(wires[0]?.requests.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual([
            "01050000ff008c3a",
            "0105020000078db0",
        ]);
    });

    test("noise before a reply is skipped, and a neighbour's late reply too", async () => {
        const late = rtu(7, 1, 1, 0xff);
        const { bus } = busOn(() => Buffer.concat([Buffer.from([0, 1, 1]), late, rtu(1, 1, 1, 0x01)]));
        expect(await bus.unit(1).readCoils(0, 2)).toEqual([true, false]);
    });

    test("a reply that came after its time-out is not taken for the next one; the line stays open", async () => {
        const { bus, clock, wires } = busOn(() => undefined);
        const wire = () => wires[0] ?? expect.unreachable();
        await clock.until(
            bus
                .unit(1)
                .readCoils(0, 2)
                .catch(() => undefined),
        );
        wire().say(rtu(1, 1, 1, 0xff));
        await clock.advance(MIN_MS);
        const read = bus.unit(1).readCoils(0, 2);
        await settle();
        wire().say(rtu(1, 1, 1, 0x00));
        expect(await read).toEqual([false, false]);
        expect(wires).toHaveLength(1);
    });

    test.each([
        ["a wrong CRC", Buffer.from([1, 1, 1, 0xff, 0, 0])],
        ["another unit", rtu(2, 1, 1, 0xff)],
        ["another function", rtu(1, 2, 1, 0xff)],
        ["half a frame", rtu(1, 1, 1, 0xff).subarray(0, 4)],
        ["a storm of bytes", Buffer.alloc(5_000, 0x01)],
    ])("%s is a bad reply when the time is over", async (_name, noise) => {
        const { bus, clock } = busOn(() => noise);
        await clock.until(expect(bus.unit(1).readCoils(0, 2)).rejects.toMatchObject({ code: "BAD_REPLY" }), 300);
    });

    test("a line that goes away is opened again after the back-off", async () => {
        const { bus, clock, wires } = busOn(device(1));
        await bus.unit(1).readCoils(0, 1);
        wires[0]?.emit("error", new Error("unplugged"));
        await settle();
        expect(await bus.unit(1).readCoils(0, 1)).toEqual([true]);
        expect(wires).toHaveLength(2);
        expect(clock.pendingTimers).toBe(0);
    });
});
