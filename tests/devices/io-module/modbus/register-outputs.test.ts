/** Modules that keep inputs and outputs as bits of a register and take a register per output, as ОВЕН's do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { loadIoModuleProfile } from "../../../../devices/io-module/modbus/io-module-profile.ts";
import { ModbusIoModule } from "../../../../devices/io-module/modbus/modbus-io-module.ts";
import type { ModbusRelayUnit } from "../../../../src/ports/modbus-relay-unit.ts";
import { VirtualClock } from "../../../transport/virtual-clock.ts";

const clock = new VirtualClock();
const never = () => Promise.reject(new Error("this module knows no coils"));
let duty: number[] = [];
let inputMask = 0;
let writes: string[] = [];
let isMute = false;
/** A reply was late once, and since then each is taken for the one before. */
let late: readonly number[] | undefined;

/** Registers 0..3 duty of each output, 50 mask of outputs that are on, 51 mask of inputs. */
const unit: ModbusRelayUnit = {
    readCoils: never,
    readInputs: never,
    writeCoil: never,
    writeCoilValue: never,
    async readHolding(address, count) {
        if (isMute) return [];
        expect([50, 51]).toContain(address);
        const outputMask = duty.reduce((mask, each, bit) => (each > 0 ? mask | (1 << bit) : mask), 0);
        const words = [outputMask, inputMask].slice(address - 50, address - 50 + count);
        if (late?.length !== count) return words;
        const before = late;
        late = words;
        return before;
    },
    async writeHolding(address, value) {
        writes.push(`${address}=${value}`);
        duty[address] = value;
    },
};

const file = join(import.meta.dirname, "../../../../devices/io-module/modbus/owen-mk110-8d-4r.json");
let io: ModbusIoModule;

async function start(): Promise<void> {
    [duty, inputMask, writes, isMute, late] = [[0, 0, 0, 0], 0b1000_0101, [], false, undefined];
    io = new ModbusIoModule({
        id: "io-1",
        unit,
        profile: loadIoModuleProfile(JSON.parse(readFileSync(file, "utf8"))),
        clock,
    });
    io.start();
    await clock.advance(100);
}

afterEach(() => clock.until(io.stop()));

test("bit n of the register is terminal n", async () => {
    await start();
    expect(io.image()).toMatchObject({
        inputs: [true, false, true, false, false, false, false, true],
        outputs: [false, false, false, false],
    });
});

test("an output is written in its own register and read back from the mask", async () => {
    await start();
    await clock.until(io.set(2, true));
    expect(io.image()?.outputs).toEqual([false, false, true, false]);
    await clock.until(io.set(2, false));
    expect(writes).toEqual(["2=1000", "2=0"]);
    expect(io.health()).toMatchObject({ state: "well" });
});

test("nothing is pulsed: no watchdog of this module is known", async () => {
    await start();
    await expect(clock.until(io.pulse(0, 700))).rejects.toMatchObject({ code: "NOT_APPLIED" });
    expect(writes).toEqual([]);
});

test("an answer without its register is a bad reply", async () => {
    await start();
    isMute = true;
    await clock.advance(100);
    expect(io.health()).toMatchObject({ state: "failed", code: "BAD_REPLY" });
});

test.each([1, 2])(
    "replies that come one request late give inputs of a moment ago, never outputs for inputs (%i words)",
    async (count) => {
        await start();
        late = [0, inputMask].slice(0, count);
        for (let poll = 0; poll < 10; poll++) {
            await clock.advance(50);
            expect(io.image()?.inputs).toEqual([true, false, true, false, false, false, false, true]);
        }
    },
);
