// A simulated module keeps the promises of `DigitalIo`, with a good wire and with every kind of bad one.
import { describe, expect, test } from "vitest";
import { IoWire } from "../../../simulation/devices/io-wire.ts";
import { SimulatedIo } from "../../../simulation/devices/simulated-io.ts";
import { VirtualClock } from "../../../simulation/time/virtual-clock.ts";
import { RelayModule } from "../../../simulators/wire/relay-module.ts";
import type { WireFault } from "../../../simulators/wire/wire-fault.ts";
import { Random } from "../../../simulators/world/random.ts";

const STEP_MS = 25;
const PULSE_MS = 700;

function rig() {
    const virtual = new VirtualClock(0);
    const clock = virtual.lease(() => undefined);
    const module = new RelayModule(PULSE_MS);
    const wire = new IoWire(module, 6);
    const io = new SimulatedIo("io-1", wire, clock, new Random(1, "io"));
    const run = async (ms: number): Promise<void> => {
        for (let passed = 0; passed < ms; passed += STEP_MS) {
            await virtual.advance(virtual.monotonicMs() + STEP_MS);
            module.advance(STEP_MS);
            wire.hold();
            io.look();
        }
    };
    const ageMs = (): number => virtual.monotonicMs() - (io.image()?.atMs ?? Number.NaN);
    return { virtual, clock, module, wire, io, run, ageMs };
}

/** What became of an order; undefined while nothing has. */
function follow(order: Promise<void>): { outcome?: string } {
    const followed: { outcome?: string } = {};
    order.then(
        () => {
            followed.outcome = "seen";
        },
        (error: { code: string }) => {
            followed.outcome = error.code;
        },
    );
    return followed;
}

describe("a good wire", () => {
    test("shows contacts within two polls, never older than it says, and tells when one changes", async () => {
        const { module, io, run, ageMs } = rig();
        expect(io.image()).toBeUndefined();
        expect(io.health().state).toBe("starting");
        await run(200);
        expect(io.health().state).toBe("well");
        expect(ageMs()).toBeLessThanOrEqual(100);
        expect(io.isUpToDate).toBe(true);
        const before = io.changes;
        module.inputs[2] = true;
        expect(io.isUpToDate).toBe(false);
        await run(100);
        expect(io.image()?.inputs[2]).toBe(true);
        expect(io.changes).toBeGreaterThan(before);
    });

    test("a pulse is seen on, ends by itself and is no error; the same relay cannot be pulsed while it is on", async () => {
        const { module, io, run } = rig();
        await run(200);
        const pulse = follow(io.pulse(0, PULSE_MS));
        await run(200);
        expect(pulse.outcome).toBe("seen");
        expect(io.image()?.outputs[0]).toBe(true);
        const second = follow(io.pulse(0, PULSE_MS));
        await run(25);
        expect(second.outcome).toBe("NOT_APPLIED");
        await run(800);
        expect(module.coil(0)).toBe(false);
        expect(io.image()?.outputs[0]).toBe(false);
    });

    test("a later order for a relay takes the place of one that is waiting", async () => {
        const { module, wire, io, run } = rig();
        await run(200);
        wire.breakRelay(0, "dead");
        const pulse = follow(io.pulse(0, PULSE_MS));
        await run(100);
        const off = follow(io.set(0, false));
        await run(200);
        expect([pulse.outcome, off.outcome]).toEqual(["NOT_APPLIED", "seen"]);
        expect(module.coil(0)).toBe(false);
    });

    test("many polls leapt over leave everything as polls one by one would", async () => {
        const one = rig();
        const other = rig();
        await one.run(10_000);
        await other.run(500);
        other.virtual.leap(9_000);
        other.io.leap(9_000);
        await other.run(500);
        expect(other.io.image()).toEqual(one.io.image());
        expect(other.io.changes).toBe(one.io.changes);
    });
});

describe.each<{ fault: WireFault; isCarriedOut: boolean; outcome: string }>([
    { fault: { kind: "silence" }, isCarriedOut: false, outcome: "NO_REPLY" },
    { fault: { kind: "lost-reply" }, isCarriedOut: true, outcome: "NO_REPLY" },
    { fault: { kind: "garbage" }, isCarriedOut: true, outcome: "BAD_REPLY" },
    { fault: { kind: "partial" }, isCarriedOut: true, outcome: "BAD_REPLY" },
    { fault: { kind: "wrong-unit" }, isCarriedOut: true, outcome: "BAD_REPLY" },
    { fault: { kind: "disconnect" }, isCarriedOut: false, outcome: "NOT_CONNECTED" },
    { fault: { kind: "exception", code: 4 }, isCarriedOut: false, outcome: "BAD_REPLY" },
    { fault: { kind: "delay", ms: 400 }, isCarriedOut: true, outcome: "NO_REPLY" },
])("$fault.kind", ({ fault, isCarriedOut, outcome }) => {
    test("an order fails with the reason, carried out or not; the image grows old and health says why", async () => {
        const { module, wire, io, run, ageMs } = rig();
        await run(200);
        wire.fault = fault;
        const pulse = follow(io.pulse(0, PULSE_MS));
        await run(600);
        expect(pulse.outcome).toBe(outcome);
        expect(module.coil(0)).toBe(isCarriedOut);
        expect(ageMs()).toBeGreaterThan(500);
        expect(io.health()).toMatchObject({ state: "failed", code: outcome });
        expect(io.isSteady).toBe(false);
        wire.fault = { kind: "none" };
        await run(1_200);
        expect(ageMs()).toBeLessThanOrEqual(100);
        expect(io.health().state).toBe("well");
        expect(io.isSteady).toBe(true);
    });
});

test("a slow wire makes images old and orders late, and loses none", async () => {
    const { wire, io, run, ageMs } = rig();
    await run(200);
    wire.fault = { kind: "delay", ms: 200 };
    await run(1_000);
    expect(ageMs()).toBeGreaterThanOrEqual(200);
    expect(ageMs()).toBeLessThanOrEqual(500);
    const pulse = follow(io.pulse(1, PULSE_MS));
    await run(1_000);
    expect(pulse.outcome).toBe("seen");
});

test("a dead relay is not seen, a welded one stays on until it is mended", async () => {
    const { module, wire, io, run } = rig();
    await run(200);
    wire.breakRelay(0, "dead");
    const dead = follow(io.pulse(0, PULSE_MS));
    wire.breakRelay(1, "welded");
    const welded = follow(io.pulse(1, PULSE_MS));
    await run(2_000);
    expect(dead.outcome).toBe("NOT_APPLIED");
    expect(welded.outcome).toBe("seen");
    expect(module.coil(1)).toBe(true);
    const off = follow(io.set(1, false));
    await run(1_000);
    expect(off.outcome).toBe("NOT_APPLIED");
    wire.mendRelay(1);
    expect(module.coil(1)).toBe(false);
});
