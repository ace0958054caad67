/**
 * Every model of I/O module as its profile describes it, against a simulated one behind real frames: what goes over the wire is
 * compared with frames written by hand from the makers' maps, what comes back with the simulated terminals. Then each fault.
 */
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { loadIoModuleProfile } from "../../../../devices/io-module/modbus/io-module-profile.ts";
import { ModbusIoModule } from "../../../../devices/io-module/modbus/modbus-io-module.ts";
import {
    AdamModule,
    OwenModule,
    WaveshareRelay,
    WirenBoardRelay,
} from "../../../../simulators/wire/io-module/io-modules.ts";
import type { ModbusBank } from "../../../../simulators/wire/modbus-pdu.ts";
import { RtuUnits } from "../../../../simulators/wire/modbus-rtu-units.ts";
import { RelayModule } from "../../../../simulators/wire/relay-module.ts";
import type { WireFault } from "../../../../simulators/wire/wire-fault.ts";
import { ModbusBus } from "../../../../src/transport/modbus-bus.ts";
import { ModbusLink } from "../../../../src/transport/modbus-link.ts";
import { ModbusRtuFraming } from "../../../../src/transport/modbus-rtu-framing.ts";
import { rtu } from "../../../transport/scripted-wire.ts";
import { VirtualClock } from "../../../transport/virtual-clock.ts";

const UNIT = 9;
const PULSE_MS = 700;
const LEVELS = [true, false, true, true, false, false, false, true];

interface Model {
    readonly profile: string;
    readonly bank: ModbusBank & { advance?(elapsedMs: number): void; readonly inputs?: boolean[] };
    /** Relay n as the module itself has it. */
    readonly relay: (n: number) => boolean;
    /** By hand: one poll, relay 1 on, and the start of a pulse of relay 0 where the model has one. */
    readonly poll: readonly Buffer[];
    readonly on: Buffer;
    readonly pulse?: Buffer;
}

function models(): readonly Model[] {
    const [moxa, adam, waveshare] = [new RelayModule(PULSE_MS), new AdamModule(), new WaveshareRelay()];
    const [wb, mk, mu] = [new WirenBoardRelay(), new OwenModule(8, 4), new OwenModule(0, 8)];
    const masked = (bank: OwenModule) => (n: number) => (((bank.holding(50) ?? 0) >> n) & 1) === 1;
    return [
        {
            profile: "moxa-iologik-e1214",
            ...{ bank: moxa, relay: (n) => moxa.coil(n) === true },
            poll: [rtu(UNIT, 1, 0, 0, 0, 6), rtu(UNIT, 2, 0, 0, 0, 6)],
            ...{ on: rtu(UNIT, 5, 0, 1, 0xff, 0), pulse: rtu(UNIT, 5, 0, 0x10, 0xff, 0) },
        },
        {
            profile: "advantech-adam-6060",
            ...{ bank: adam, relay: (n) => adam.coil(16 + n) === true },
            poll: [rtu(UNIT, 1, 0, 16, 0, 6), rtu(UNIT, 1, 0, 0, 0, 6)],
            on: rtu(UNIT, 5, 0, 17, 0xff, 0),
        },
        {
            profile: "waveshare-relay-8",
            ...{ bank: waveshare, relay: (n) => waveshare.coil(n) === true },
            poll: [rtu(UNIT, 1, 0, 0, 0, 8)],
            ...{ on: rtu(UNIT, 5, 0, 1, 0xff, 0), pulse: rtu(UNIT, 5, 0x02, 0, 0, 7) },
        },
        {
            profile: "wirenboard-wb-mr6c",
            ...{ bank: wb, relay: (n) => wb.coil(n) === true },
            poll: [rtu(UNIT, 1, 0, 0, 0, 6), rtu(UNIT, 2, 0, 0, 0, 6)],
            ...{ on: rtu(UNIT, 5, 0, 1, 0xff, 0), pulse: rtu(UNIT, 5, 0, 0, 0xff, 0) },
        },
        {
            profile: "owen-mk110-8d-4r",
            ...{ bank: mk, relay: masked(mk) },
            poll: [rtu(UNIT, 3, 0, 50, 0, 2)],
            on: rtu(UNIT, 6, 0, 1, 0x03, 0xe8),
        },
        {
            profile: "owen-mu110-8r",
            ...{ bank: mu, relay: masked(mu) },
            poll: [rtu(UNIT, 3, 0, 50, 0, 1)],
            on: rtu(UNIT, 6, 0, 1, 0x03, 0xe8),
        },
    ];
}

let stop: () => Promise<unknown> = async () => undefined;
afterEach(() => stop());

/** The module polled by its driver, over frames on a line in memory at 9600 baud. */
async function started({ profile, bank }: Model) {
    const clock = new VirtualClock();
    const wire = new EventEmitter();
    const say = (bytes: Buffer): void => void wire.emit("data", bytes);
    const units = new RtuUnits({ baudRate: 9_600, clock, units: new Map([[UNIT, bank]]), say });
    const asked: Buffer[] = [];
    const port = Object.assign(wire, {
        write(bytes: Buffer): void {
            asked.push(Buffer.from(bytes));
            units.hear(bytes);
        },
    });
    const open = async (): Promise<ModbusLink> =>
        new ModbusLink(port, new ModbusRtuFraming(), () => queueMicrotask(() => wire.emit("close")));
    const backOff = { minMs: 100, maxMs: 400, random: () => 0.5 };
    const bus = new ModbusBus({ id: "line", clock, timeoutMs: 200, gapMs: 5, backOff, open });
    const file = join(import.meta.dirname, `../../../../devices/io-module/modbus/${profile}.json`);
    const io = new ModbusIoModule({
        ...{ id: "io-1", clock, pollMs: 50, unit: bus.unit(UNIT) },
        profile: loadIoModuleProfile(JSON.parse(readFileSync(file, "utf8"))),
    });
    for (const [n, isOn] of LEVELS.entries()) if (bank.inputs?.[n] !== undefined) bank.inputs[n] = isOn;
    const endTime = clock.every(10, () => bank.advance?.(10));
    io.start();
    stop = async () => {
        endTime();
        await clock.until(Promise.all([bus.close(), io.stop()]));
    };
    await clock.advance(1_500);
    return { clock, units, io, asked };
}

describe.each(models().map(({ profile }, index) => [profile, index] as const))("%s", (_profile, index) => {
    const model = (): Model => models()[index] ?? expect.unreachable();

    test("asks and orders in the maker's frames, and sees what the module has", async () => {
        const it = model();
        const { clock, io, asked } = await started(it);
        expect(io.health()).toMatchObject({ state: "well", failures: 0 });
        const inputs = LEVELS.slice(0, it.bank.inputs?.length ?? 0);
        expect(io.image()?.inputs).toEqual(inputs);
        const at = asked.findLastIndex((frame) => frame.equals(it.poll[0] ?? Buffer.alloc(0)));
        expect(asked.slice(at, at + it.poll.length)).toEqual(it.poll.slice(0, asked.length - at));
        for (const frame of it.poll) expect(asked).toContainEqual(frame);

        await clock.until(io.set(1, true));
        expect(asked).toContainEqual(it.on);
        expect([0, 1, 2].map(it.relay)).toEqual([false, true, false]);
        expect(io.image()?.outputs.slice(0, 3)).toEqual([false, true, false]);
        await clock.until(io.set(1, false));
        expect(it.relay(1)).toBe(false);

        if (it.pulse === undefined) {
            await expect(io.pulse(0, PULSE_MS)).rejects.toMatchObject({ code: "NOT_APPLIED" });
            return;
        }
        await clock.until(io.pulse(0, PULSE_MS));
        expect(asked).toContainEqual(it.pulse);
        expect(it.relay(0)).toBe(true);
        await clock.advance(PULSE_MS + 100);
        expect(it.relay(0)).toBe(false);
        expect(io.health()).toMatchObject({ state: "well", failures: 0 });
    });

    test.each<[WireFault, readonly string[]]>([
        [{ kind: "delay", ms: 300 }, ["LATE_REPLY", "NO_REPLY"]],
        [{ kind: "silence" }, ["NO_REPLY"]],
        [{ kind: "lost-reply" }, ["NO_REPLY"]],
        [{ kind: "garbage" }, ["BAD_REPLY"]],
        [{ kind: "partial" }, ["BAD_REPLY"]],
        [{ kind: "wrong-unit" }, ["BAD_REPLY"]],
        [{ kind: "exception", code: 4 }, ["BAD_REPLY"]],
        [{ kind: "disconnect" }, ["NO_REPLY"]],
    ])("$kind: told by its code, no contact is ever another, healed it is well again", async (fault, codes) => {
        const it = model();
        const { clock, units, io } = await started(it);
        const inputs = LEVELS.slice(0, it.bank.inputs?.length ?? 0);
        units.fault = fault;
        await clock.advance(600);
        const seen = new Set<string | undefined>();
        for (let step = 0; step < 300; step++) {
            await clock.advance(10);
            seen.add(io.health().code);
            expect(io.image()?.inputs).toEqual(inputs);
        }
        expect(codes).toEqual(expect.arrayContaining([...seen]));
        units.fault = { kind: "none" };
        await clock.advance(3_000);
        expect(io.health().state).toBe("well");
        expect(clock.monotonicMs() - (io.image()?.atMs ?? 0)).toBeLessThan(200);
    });
});
