/** The GPIO driver on lines of the test's own, in virtual time; the real kernel's lines are in tests/e2e/gpio.test.ts. */
import { afterEach, expect, test } from "vitest";
import { GpioIoModule } from "../../../../devices/io-module/gpio/gpio-io-module.ts";
import { loadGpioProfile } from "../../../../devices/io-module/gpio/gpio-profile.ts";
import { DeviceFault } from "../../../../src/ports/device-health.ts";
import type { GpioBankEvents, OpenGpioBank } from "../../../../src/ports/gpio.ts";
import { VirtualClock } from "../../../transport/virtual-clock.ts";

const profile = loadGpioProfile({
    maker: "Test",
    model: "Box",
    transport: "gpio",
    maturity: "simulated",
    inputs: [0, 1].map((line) => ({ chip: "a", line })),
    outputs: [8, 9].map((line) => ({ chip: "a", line })),
    debounceMs: 20,
    source: ["this test"],
});

const clock = new VirtualClock();
let inputs: boolean[];
let outputs: boolean[];
let refusal: string | undefined;
let opened: number;
let isOpen: boolean;
let events: GpioBankEvents | undefined;
let isJammed: boolean;
let io: GpioIoModule;
let changes: number;

const open: OpenGpioBank = async (_lines, told) => {
    opened++;
    if (refusal !== undefined) throw new DeviceFault("gpio-1", "NOT_CONNECTED", refusal);
    events = told;
    isOpen = true;
    outputs = [false, false];
    return {
        read: async () => ({ inputs: [...inputs], outputs: [...outputs] }),
        write: async (output, isOn) => {
            if (!isJammed) outputs[output] = isOn;
        },
        close: async () => {
            isOpen = false;
            outputs = [false, false];
        },
    };
};

function start(mayPulse = true): void {
    [inputs, outputs] = [
        [false, false],
        [false, false],
    ];
    [refusal, opened, isOpen, isJammed, changes] = [undefined, 0, false, false, 0];
    io = new GpioIoModule({ id: "gpio-1", clock, profile, open, mayPulse, onChange: () => changes++ });
    io.start();
}

afterEach(() => clock.until(io.stop()));

test("the lines are read, and an edge brings the next look forward", async () => {
    start();
    await clock.advance(60);
    expect(io.image()).toMatchObject({ inputs: [false, false], outputs: [false, false] });
    expect(io.health()).toMatchObject({ state: "well" });
    const before = changes;
    inputs[1] = true;
    events?.onEdge();
    await clock.advance(1);
    expect(io.image()?.inputs).toEqual([false, true]);
    expect(changes).toBe(before + 1);
});

test("a contact that bounces back is told of when its hold is over, not at the next poll", async () => {
    start();
    await clock.advance(60);
    inputs[0] = true;
    events?.onEdge();
    await clock.advance(2);
    inputs[0] = false;
    events?.onEdge();
    await clock.advance(2);
    expect(io.image()?.inputs[0]).toBe(true);
    await clock.advance(20);
    expect(io.image()?.inputs[0]).toBe(false);
});

test("a pulse is on for its width and read back; a later off ends it early", async () => {
    start();
    await clock.advance(60);
    await clock.until(io.pulse(0, 700));
    expect(outputs).toEqual([true, false]);
    await clock.advance(690);
    expect(outputs).toEqual([true, false]);
    await clock.advance(100);
    expect(outputs).toEqual([false, false]);
    await clock.until(io.pulse(0, 700));
    await clock.until(io.set(0, false));
    expect(outputs).toEqual([false, false]);
});

test("a line that does not follow is NOT_APPLIED", async () => {
    start();
    await clock.advance(60);
    isJammed = true;
    await expect(clock.until(io.pulse(1, 300))).rejects.toMatchObject({ code: "NOT_APPLIED" });
});

test("a site that has not stated it gets no pulses, but may switch lamps", async () => {
    start(false);
    await clock.advance(60);
    await expect(clock.until(io.pulse(0, 700))).rejects.toThrow("no safe way to pulse");
    expect(outputs).toEqual([false, false]);
    await clock.until(io.set(1, true));
    expect(outputs).toEqual([false, true]);
});

test("lines that cannot be had are asked for again, not faster than every two seconds", async () => {
    start();
    await clock.advance(60);
    events?.onLost("the guard has ended");
    refusal = "line 0 of a is held by the kernel";
    await clock.advance(1);
    expect(isOpen).toBe(false);
    await clock.advance(6_000);
    expect(opened).toBeLessThanOrEqual(5);
    expect(io.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED" });
    expect(io.health().detail).toContain("held by the kernel");
    await expect(clock.until(io.set(0, true))).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    refusal = undefined;
    await clock.advance(2_100);
    expect(io.health()).toMatchObject({ state: "well" });
});

test("the end gives the lines back with a pulse under way switched off", async () => {
    start();
    await clock.advance(60);
    await clock.until(io.pulse(0, 5_000));
    await clock.until(io.stop());
    expect({ isOpen, outputs }).toEqual({ isOpen: false, outputs: [false, false] });
});
