/** Polling, stamping, read-back and the three ways to pulse, against a module in virtual time. */
import { afterEach, describe, expect, test } from "vitest";
import { loadIoModuleProfile } from "../../../../devices/io-module/modbus/io-module-profile.ts";
import { ModbusIoModule } from "../../../../devices/io-module/modbus/modbus-io-module.ts";
import { settle, VirtualClock } from "../../../transport/virtual-clock.ts";
import { FakeModule, type FakeModuleHabits } from "./fake-module.ts";

const common = {
    maker: "Test",
    model: "One",
    transport: "modbus-tcp",
    maturity: "simulated",
    inputs: { count: 6, function: 2, address: 0 },
    outputs: { count: 6, function: 1, address: 0 },
    source: ["this test"],
};
const habits = { inputs: { function: 2, address: 0 }, outputs: { address: 0 } } as const;
const registers = { 8: 10, 930: 1, 931: 0, 938: 0, 939: 0 };
const watchdog = {
    timeoutMs: 2_000,
    registers: [
        { address: 8, count: 1, value: 2, meaning: "safety timer" },
        { address: 930, count: 2, value: 0, meaning: "safe state" },
        { address: 938, count: 2, value: 1, meaning: "behaviour" },
    ],
};
const ways = {
    "start-coil": {
        profile: { ...common, pulse: { kind: "start-coil", address: 16 } },
        habits: { ...habits, startCoil: { address: 16, widthMs: 700 } },
        on: "coil 18 true",
        off: "coil 18 false",
    },
    "flash-on": {
        profile: { ...common, pulse: { kind: "flash-on", address: 512, unitMs: 100, unitsMax: 32_767 } },
        habits: { ...habits, flash: { address: 512, unitMs: 100 } },
        on: "value 514 7",
        off: "coil 2 false",
    },
    software: {
        profile: { ...common, pulse: { kind: "software" }, watchdog },
        habits: { ...habits, registers, watchdogMs: 2_000 },
        on: "coil 2 true",
        off: "coil 2 false",
    },
} as const;
type Way = keyof typeof ways;
const kinds = Object.keys(ways) as Way[];

let running: { io: ModbusIoModule; clock: VirtualClock } | undefined;

function moduleOn(profile: unknown, moduleHabits: FakeModuleHabits, pollMs = 50) {
    const clock = new VirtualClock();
    const unit = new FakeModule(clock, moduleHabits);
    const io = new ModbusIoModule({ id: "io-1", unit, profile: loadIoModuleProfile(profile), clock, pollMs });
    running = { io, clock };
    return { clock, unit, io };
}

async function started(way: Way) {
    const parts = moduleOn(ways[way].profile, ways[way].habits);
    parts.io.start();
    await parts.clock.advance(200);
    parts.unit.writes.length = 0;
    return parts;
}

afterEach(async () => {
    if (running === undefined) return;
    await running.clock.until(running.io.stop());
    running = undefined;
});

describe("polling", () => {
    test("starting until the first complete image, then well", async () => {
        const { clock, unit, io } = moduleOn(common, habits);
        expect(io.image()).toBeUndefined();
        expect(io.health()).toEqual({ device: "io-1", state: "starting", failures: 0 });
        unit.contacts[3] = true;
        unit.relays[1] = true;
        io.start();
        await clock.advance(10);
        expect(io.image()).toMatchObject({
            inputs: [false, false, false, true, false, false],
            outputs: [false, true, false, false, false, false],
        });
        expect(io.health()).toEqual({ device: "io-1", state: "well", failures: 0 });
    });

    test("the stamp is from before the first request was sent", async () => {
        const { clock, unit, io } = moduleOn(common, habits);
        unit.tripMs = 30;
        const startMs = clock.monotonicMs();
        io.start();
        await clock.advance(59);
        expect(io.image()).toBeUndefined();
        await clock.advance(1);
        expect(io.image()?.atMs).toBe(startMs);
    });

    test("a contact that changes while the outputs are read is in the same image", async () => {
        const { clock, unit, io } = moduleOn(common, habits);
        unit.tripMs = 20;
        io.start();
        await clock.advance(25);
        unit.contacts[3] = true;
        await clock.advance(15);
        expect(io.image()?.inputs[3]).toBe(true);
    });

    test("tells of changed inputs when their image is there, and of nothing else", async () => {
        const clock = new VirtualClock();
        const unit = new FakeModule(clock, habits);
        const told: (boolean | undefined)[] = [];
        const onChange = (): void => void told.push(io.image()?.inputs[3]);
        const io = new ModbusIoModule({ id: "io-1", unit, profile: loadIoModuleProfile(common), clock, onChange });
        running = { io, clock };
        io.start();
        await clock.advance(200);
        expect(told).toEqual([false]); // The first image of all.
        unit.contacts[3] = true;
        await clock.advance(200);
        unit.contacts[3] = false;
        unit.relays[1] = true;
        await clock.advance(200);
        unit.relays[1] = false;
        unit.isSilent = true;
        await clock.advance(200);
        unit.isSilent = false;
        await clock.advance(200);
        expect(told).toEqual([false, true, false]);
    });

    test.each([50, 100])("every %i ms, and a slow module is not hurried", async (pollMs) => {
        const { clock, unit, io } = moduleOn(common, habits, pollMs);
        io.start();
        await clock.advance(10 * pollMs - 1);
        expect(unit.reads).toBe(20);
        unit.tripMs = 2 * pollMs;
        await clock.advance(pollMs);
        const before = unit.reads;
        await clock.advance(40 * pollMs);
        expect(unit.reads - before).toBeLessThanOrEqual(21);
    });

    test("on failure the old image stays and ages, health has the code; recovery clears it", async () => {
        const { clock, unit, io } = moduleOn(common, habits);
        io.start();
        await clock.advance(20);
        const old = io.image();
        unit.isSilent = true;
        await clock.advance(500);
        expect(io.image()).toBe(old);
        expect(io.health()).toMatchObject({ state: "failed", code: "NO_REPLY", failures: 1 });
        unit.isSilent = false;
        await clock.advance(60);
        expect(io.image()?.atMs).toBeGreaterThan((old?.atMs ?? 0) + 400);
        expect(io.health()).toEqual({ device: "io-1", state: "well", failures: 1 });
    });

    test("an image of the wrong length is refused", async () => {
        const { clock, unit, io } = moduleOn(common, habits);
        unit.contacts.pop();
        io.start();
        await clock.advance(20);
        expect(io.image()).toBeUndefined();
        expect(io.health()).toMatchObject({ state: "failed", code: "BAD_REPLY" });
    });

    test("a model without inputs has an image without inputs", async () => {
        const { inputs: _none, ...withoutInputs } = common;
        const { clock, io } = moduleOn(withoutInputs, { outputs: { address: 0 } });
        io.start();
        await clock.advance(20);
        expect(io.image()).toMatchObject({ inputs: [], outputs: Array(6).fill(false) });
    });

    test("after stop there is neither request nor timer, and orders are refused", async () => {
        const { clock, unit, io } = moduleOn(common, habits);
        io.start();
        await clock.advance(20);
        await clock.until(io.stop());
        const { reads } = unit;
        await clock.advance(1_000);
        expect(unit.reads).toBe(reads);
        expect(clock.pendingTimers).toBe(0);
        await expect(io.set(0, true)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
        io.start();
        await clock.advance(60);
        expect(unit.reads).toBeGreaterThan(reads);
    });
});

describe("set", () => {
    test.each([true, false])("to %s resolves when the read-back shows it", async (isOn) => {
        const { clock, unit, io } = await started("start-coil");
        unit.relays[4] = !isOn;
        await clock.until(io.set(4, isOn), 60);
        expect(unit.writes).toEqual([`coil 4 ${isOn}`]);
        expect(io.image()?.outputs[4]).toBe(isOn);
    });

    test("accepted and not applied is NOT_APPLIED", async () => {
        const { clock, unit, io } = await started("start-coil");
        unit.jammed.add(4);
        await clock.until(expect(io.set(4, true)).rejects.toMatchObject({ code: "NOT_APPLIED", device: "io-1" }), 600);
    });

    test("not seen because the module fell silent has the code of the silence", async () => {
        const { clock, unit, io } = await started("start-coil");
        const set = expect(io.set(4, true)).rejects.toMatchObject({ code: "NO_REPLY" });
        await clock.advance(2);
        unit.isSilent = true;
        await clock.until(set);
    });

    test("the later of two orders on one relay wins, the earlier says so", async () => {
        const { clock, unit, io } = await started("start-coil");
        const first = expect(io.set(4, true)).rejects.toThrow("a later order took its place");
        await settle();
        await clock.until(io.set(4, false));
        await first;
        expect(unit.relays[4]).toBe(false);
    });

    test.each([-1, 6, 1.5])("output %s does not exist", async (output) => {
        const { io } = await started("start-coil");
        await expect(io.set(output, true)).rejects.toThrow(RangeError);
        await expect(io.pulse(output, 700)).rejects.toThrow(RangeError);
    });
});

describe.each(kinds)("pulse of kind %s", (way) => {
    const { on, off } = ways[way];

    test("one write, on for its width, off again, all seen", async () => {
        const { clock, unit, io } = await started(way);
        const beganMs = clock.monotonicMs();
        await clock.until(io.pulse(2, 700), 60);
        expect(unit.writes).toEqual([on]);
        let offMs: number | undefined;
        while (offMs === undefined) {
            await clock.advance(1);
            if (unit.relays[2] === false) offMs = clock.monotonicMs();
        }
        expect(offMs - beganMs).toBeGreaterThanOrEqual(700);
        expect(offMs - beganMs).toBeLessThanOrEqual(760);
        await clock.advance(2_000);
        expect(io.health()).toMatchObject({ state: "well", failures: 0 });
        expect(unit.relays).toEqual(Array(6).fill(false));
    });

    test("a relay that does not come on is NOT_APPLIED", async () => {
        const { clock, unit, io } = await started(way);
        unit.jammed.add(2);
        await clock.until(expect(io.pulse(2, 700)).rejects.toMatchObject({ code: "NOT_APPLIED" }), 1_000);
    });

    test("a relay that does not go off again fails the module's health until it does", async () => {
        const { clock, unit, io } = await started(way);
        await clock.until(io.pulse(2, 700));
        unit.jammed.add(2);
        await clock.advance(1_100);
        expect(io.health()).toMatchObject({ state: "well" });
        await clock.advance(200);
        expect(io.health()).toMatchObject({ state: "failed", code: "NOT_APPLIED", failures: 1 });
        unit.jammed.clear();
        unit.relays[2] = false;
        await clock.advance(100);
        expect(io.health()).toEqual({ device: "io-1", state: "well", failures: 1 });
    });

    test("a relay that is on already is not pulsed: nobody could feel it", async () => {
        const { clock, unit, io } = await started(way);
        unit.relays[2] = true;
        await clock.advance(60);
        await expect(io.pulse(2, 700)).rejects.toMatchObject({ code: "NOT_APPLIED" });
        expect(unit.writes).toEqual([]);
    });

    test("set off ends a running pulse where it was started", async () => {
        const { clock, unit, io } = await started(way);
        await clock.until(io.pulse(2, 700));
        await clock.until(io.set(2, false), 60);
        expect(unit.writes).toEqual([on, off]);
        expect(unit.relays[2]).toBe(false);
        await clock.advance(3_000);
        expect(unit.writes).toEqual([on, off]);
        expect(io.health()).toMatchObject({ state: "well", failures: 0 });
    });

    test("set off right behind the order of a pulse leaves the relay off", async () => {
        const { clock, unit, io } = await started(way);
        const pulse = io.pulse(2, 700).catch((error: unknown) => error);
        await settle();
        await clock.until(io.set(2, false));
        expect(await pulse).toMatchObject({ code: "NOT_APPLIED" });
        await clock.advance(3_000);
        expect(unit.relays[2]).toBe(false);
        expect(io.health()).toMatchObject({ state: "well" });
    });

    test("when the reply to the order is lost the relay does not stay on", async () => {
        const { clock, unit, io } = await started(way);
        unit.lostReplies = 1;
        await clock.until(expect(io.pulse(2, 700)).rejects.toMatchObject({ code: "NO_REPLY" }));
        expect(unit.relays[2]).toBe(true);
        await clock.advance(1_000);
        expect(unit.relays[2]).toBe(false);
    });

    test("the same relay can be pulsed again and again", async () => {
        const { clock, unit, io } = await started(way);
        for (let count = 0; count < 3; count++) {
            await clock.until(io.pulse(2, 700));
            await clock.advance(1_000);
        }
        expect(unit.writes.filter((write) => write === on)).toHaveLength(3);
        expect(io.health()).toMatchObject({ state: "well", failures: 0 });
    });
});

describe("pulse by software", () => {
    test("the watchdog is written where it differs, read back, and only then pulses are allowed", async () => {
        const { clock, unit, io } = moduleOn(ways.software.profile, ways.software.habits);
        io.start();
        await clock.advance(1);
        await expect(io.pulse(2, 700)).rejects.toMatchObject({ code: "NOT_APPLIED" });
        await clock.advance(200);
        expect(unit.writes).toEqual(["register 8 2", "register 930 0", "register 938 1", "register 939 1"]);
        await clock.until(io.pulse(2, 700));
        expect(io.health()).toMatchObject({ state: "well" });
    });

    test("settings that are right already are not written: such memory wears out", async () => {
        const right = { 8: 2, 930: 0, 931: 0, 938: 1, 939: 1 };
        const { clock, unit, io } = moduleOn(ways.software.profile, { ...ways.software.habits, registers: right });
        io.start();
        await clock.advance(200);
        expect(unit.writes).toEqual([]);
        await clock.until(io.pulse(2, 700));
    });

    test.each([
        ["does not keep its value", { ...ways.software.habits, stubborn: [938] }],
        ["does not exist", { ...ways.software.habits, registers: { 8: 2, 930: 0, 931: 0 } }],
    ])("a watchdog register that %s: no pulse, and health says which", async (_name, moduleHabits) => {
        const { clock, unit, io } = moduleOn(ways.software.profile, moduleHabits);
        io.start();
        await clock.advance(200);
        await expect(io.pulse(2, 700)).rejects.toMatchObject({ code: "NOT_APPLIED" });
        expect(io.health()).toMatchObject({
            state: "failed",
            code: "NOT_APPLIED",
            detail: expect.stringContaining("behaviour"),
        });
        expect(io.image()).toBeDefined();
        expect(unit.relays[2]).toBe(false);
    });

    test("an OFF that gets lost is written again until it is seen", async () => {
        const { clock, unit, io } = await started("software");
        await clock.until(io.pulse(2, 700));
        unit.isSilent = true;
        await clock.advance(1_000);
        expect(unit.relays[2]).toBe(true);
        unit.isSilent = false;
        await clock.advance(100);
        expect(unit.relays[2]).toBe(false);
    });

    test("when this program dies in the middle, the module drops the relay by itself", async () => {
        const { clock, unit, io } = await started("software");
        await clock.until(io.pulse(2, 700));
        unit.isSilent = true; // nothing of ours arrives any more
        await clock.advance(2_100);
        expect(unit.relays[2]).toBe(false);
    });

    test("a relay that may have come on by an order without answer is switched off at once, not after its width", async () => {
        const { clock, unit, io } = await started("software");
        unit.lostReplies = 1;
        await clock.until(expect(io.pulse(2, 700)).rejects.toMatchObject({ code: "NO_REPLY" }));
        await clock.advance(20);
        expect(unit.relays[2]).toBe(false);
    });

    test("stop switches off what it holds", async () => {
        const { clock, unit, io } = await started("software");
        await clock.until(io.pulse(2, 700));
        await clock.until(io.stop());
        expect(unit.relays[2]).toBe(false);
    });

    test("a module that was away is inspected again: it may have been replaced", async () => {
        const { clock, unit, io } = await started("software");
        unit.isSilent = true;
        await clock.advance(200);
        unit.registers.set(938, 0);
        unit.isSilent = false;
        while (io.health().state !== "well") await clock.advance(1);
        await expect(io.pulse(2, 700)).rejects.toThrow(
            "no pulse before the watchdog that ends it after a crash is known to be set",
        );
        await clock.advance(200);
        expect(unit.registers.get(938)).toBe(1);
        await clock.until(io.pulse(2, 700));
    });
});

describe("a model without a safe pulse", () => {
    test("refuses pulses and still switches lamps", async () => {
        const { clock, unit, io } = moduleOn(common, habits);
        io.start();
        await clock.advance(60);
        await expect(io.pulse(2, 700)).rejects.toThrow("no safe way to pulse");
        await clock.until(io.set(3, true));
        expect(unit.relays[3]).toBe(true);
    });
});

describe("dangerous settings", () => {
    const check = {
        function: 3,
        address: 9,
        count: 2,
        oneOf: [3],
        danger: "an input moves a relay",
        fix: "set holding 9..10 to 3",
    } as const;
    const profile: unknown = { ...common, checks: [check] };

    test("none found: well", async () => {
        const { clock, io } = moduleOn(profile, { ...habits, registers: { 9: 3, 10: 3 } });
        io.start();
        await clock.advance(100);
        expect(io.health()).toMatchObject({ state: "well" });
    });

    test("found: health and describe() say what it means and what to do; the image stays alive", async () => {
        const { clock, io } = moduleOn(profile, { ...habits, registers: { 9: 3, 10: 0 } });
        io.start();
        await clock.advance(100);
        expect(io.health()).toMatchObject({
            state: "failed",
            code: "NOT_APPLIED",
            detail: "an input moves a relay (holding 9..10: 3, 0): set holding 9..10 to 3",
        });
        expect(io.describe().at(-1)).toMatch(/^dangerous: an input moves a relay/);
        expect(io.image()).toBeDefined();
    });

    test("a register that older firmware lacks is reported as unknown, and is no failure", async () => {
        const { clock, io } = moduleOn(profile, habits);
        io.start();
        await clock.advance(100);
        expect(io.health()).toMatchObject({ state: "well" });
        expect(io.describe().at(-1)).toMatch(/^unknown: not known whether an input moves a relay/);
    });

    test.each([
        [1, "coils 0..5"],
        [2, "inputs 0..5"],
    ] as const)("function %i is looked at too", async (functionCode, where) => {
        const bits = { ...check, function: functionCode, address: 0, count: 6, oneOf: [0] };
        const { clock, unit, io } = moduleOn({ ...common, checks: [bits] }, habits);
        unit.contacts[1] = true;
        unit.relays[1] = true;
        io.start();
        await clock.advance(100);
        expect(io.health()).toMatchObject({ detail: expect.stringContaining(`(${where}: 0, 1, 0, 0, 0, 0)`) });
    });
});
