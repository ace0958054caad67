// Relays and hardware pulses of the I/O module, in its own time.
import { expect, test } from "vitest";
import { RelayModule } from "../../../simulators/wire/relay-module.ts";

test("a pulse lasts its width and not a step longer, whatever else is switched", () => {
    const module = new RelayModule(700);
    module.setCoil(0x11, true);
    module.setCoil(3, true);
    let onMs = 0;
    while (module.coil(1) === true && onMs < 5_000) {
        module.advance(10);
        onMs += 10;
    }
    expect(onMs).toBe(700);
    expect([module.coil(1), module.coil(0x11), module.coil(3)]).toEqual([false, false, true]);
});

test("a pulse started again lasts its full width from then", () => {
    const module = new RelayModule(700);
    module.setCoil(0x10, true);
    module.advance(600);
    module.setCoil(0x10, true);
    module.advance(690);
    expect(module.coil(0)).toBe(true);
    module.advance(10);
    expect(module.coil(0)).toBe(false);
});

test("a pulse ends at once when it is stopped or the relay is written", () => {
    const module = new RelayModule(700);
    module.setCoil(0x10, true);
    expect([module.coil(0), module.coil(0x10)]).toEqual([true, true]);
    module.setCoil(0x10, false);
    expect([module.coil(0), module.coil(0x10)]).toEqual([false, false]);
    module.setCoil(0x10, true);
    module.setCoil(0, true);
    module.advance(10_000);
    expect([module.coil(0), module.coil(0x10)]).toEqual([true, false]);
});

test("six of each and no more", () => {
    const module = new RelayModule(700);
    const exists = (read: (n: number) => unknown, upTo: number) =>
        Array.from({ length: upTo }, (_, n) => n).filter((n) => read(n) !== undefined);
    expect(exists((n) => module.coil(n), 0x40)).toEqual([0, 1, 2, 3, 4, 5, 16, 17, 18, 19, 20, 21]);
    expect(exists((n) => module.input(n), 0x40)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(exists((n) => module.holding(n), 0x40)).toEqual([0x20]);
    expect(exists((n) => module.inputRegister(n), 0x40)).toEqual([0x30]);
});
