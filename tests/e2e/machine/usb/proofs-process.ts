/** Runs inside the virtual machine: what hangs on a USB serial adapter, while that is pulled and put back. */
import assert from "node:assert/strict";
import { closeSync, existsSync, openSync, readlinkSync } from "node:fs";
import { ModbusRtuLine } from "../../../../simulators/wire/modbus-rtu-line.ts";
import { RelayModule } from "../../../../simulators/wire/relay-module.ts";
import type { ScaleDialectName } from "../../../../simulators/wire/scale-dialects.ts";
import { ScaleIndicator } from "../../../../simulators/wire/scale-indicator.ts";
import { speakOnDevice } from "../../../../simulators/wire/scale-lines.ts";
import { Random } from "../../../../simulators/world/random.ts";
import { type OpenScale, openScale } from "../../../../src/cli/site-scales.ts";
import type { DeviceHealth } from "../../../../src/ports/device-health.ts";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { serialWire } from "../../../../src/transport/line-wire.ts";
import { ModbusBus } from "../../../../src/transport/modbus-bus.ts";
import { modbusRtu, modbusRtuGapMs } from "../../../../src/transport/modbus-wire.ts";
import { SteadyLine } from "../../../../src/transport/steady-line.ts";
import { withBusyThreads } from "../../../transport/busy-threads.ts";
import { openFiles } from "../open-files.ts";
import { type Proofs, prove } from "../prove.ts";
import { until } from "../until.ts";
import { UsbHand } from "./usb-hand.ts";

const ADAPTER = "bridge";
const OTHER = "other";
const FAR_END = "/dev/ttyS1";
const nameOf = (adapter: string): string => `/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_${adapter}-if00-port0`;
const PATH = nameOf(ADAPTER);
const SETTINGS = { path: PATH, baudRate: 9_600, dataBits: 8, parity: "none", stopBits: 1 } as const;
const PROFILE = { "cas-22": "scale/cas/cas-ci-22", "mt-sics": "scale/mt-sics/mettler-toledo-mt-sics" } as const;
const TURNS = 10;

const hand = await UsbHand.reach();

async function plug(adapter = ADAPTER, port = 1): Promise<void> {
    await hand.plug(adapter, port, adapter === ADAPTER ? "scale" : "nothing");
    await until(`${adapter} has its name`, () => existsSync(nameOf(adapter)) || undefined);
}

async function pull(adapter = ADAPTER): Promise<void> {
    await hand.pull(adapter);
    await until(`${adapter}'s name is gone`, () => !existsSync(nameOf(adapter)) || undefined);
}

const terminalOf = (adapter: string): string => readlinkSync(nameOf(adapter)).slice("../../".length);

const openTerminals = (): readonly string[] => openFiles().flatMap((file) => file.match(/ttyUSB.*/) ?? []);

/** An indicator at the far end, and the daemon's scale at the near one. */
class Bridge {
    kg = 20_000;
    readonly scale: OpenScale;
    readonly #indicator: ScaleIndicator;
    readonly #wire: { close(): Promise<void> };

    constructor(speaks: ScaleDialectName & keyof typeof PROFILE) {
        this.#indicator = new ScaleIndicator({
            dialect: speaks,
            unit: 1,
            shown: () => ({ kg: this.kg, isStable: true, isOver: false }),
            clock: systemClock,
            random: new Random(1, "bridge"),
            periodMs: 100,
        });
        this.#wire = speakOnDevice(this.#indicator, FAR_END);
        const plate = { unit: 1, capacityKg: 60_000, divisionKg: 20, weightUnit: "kg", kgPerCount: 1 } as const;
        const line = { kind: "serial", path: PATH } as const;
        this.scale = openScale("bridge-1", { profile: PROFILE[speaks], line, ...plate }, systemClock, () =>
            assert.fail("no Modbus here"),
        );
        this.scale.start();
    }

    /** What an indicator sends into a cable that ends nowhere is lost; QEMU would keep it. */
    fallSilent(isSilent: boolean): void {
        this.#indicator.fault({ kind: isSilent ? "silence" : "none" });
    }

    /** A weight that was not there at the time of asking. */
    async weighs(): Promise<number> {
        const askedMs = systemClock.monotonicMs();
        return await until("a weight is read", () => {
            const sighting = this.scale.sighting();
            const isNew = sighting !== undefined && sighting.atMs > askedMs && this.scale.health().state === "well";
            return isNew ? sighting.grossKg : undefined;
        });
    }

    async fails(): Promise<DeviceHealth> {
        return await until("the loss is seen", () => {
            const health = this.scale.health();
            return health.state === "failed" ? health : undefined;
        });
    }

    async close(): Promise<void> {
        await this.scale.stop();
        await this.#wire.close();
    }
}

async function withBridge(speaks: "cas-22" | "mt-sics", work: (bridge: Bridge) => Promise<void>): Promise<void> {
    const bridge = new Bridge(speaks);
    try {
        if (!existsSync(PATH)) await plug();
        assert.equal(await bridge.weighs(), bridge.kg);
        await work(bridge);
    } finally {
        await bridge.close();
        assert.deepEqual(openTerminals(), []);
    }
}

const proofs: Proofs = {
    "an adapter has a name that stays, whatever it is plugged into": async () => {
        await plug(ADAPTER, 1);
        assert.equal(terminalOf(ADAPTER), "ttyUSB0");
        await pull();
        await plug(OTHER, 1);
        await plug(ADAPTER, 3);
        assert.deepEqual([terminalOf(OTHER), terminalOf(ADAPTER)], ["ttyUSB0", "ttyUSB1"]);
        await pull(OTHER);
        await pull();
    },
    "a scale whose adapter is pulled says so, and its last weight ages": () =>
        withBridge("cas-22", async (bridge) => {
            bridge.fallSilent(true);
            await pull();
            const { code, detail } = await bridge.fails();
            assert.equal(code, "NOT_CONNECTED");
            assert.match(detail ?? "", new RegExp(`${PATH}.*(is the adapter plugged in|check cable, power)`));
            assert.deepEqual(openTerminals(), []);
            const last = bridge.scale.sighting();
            const pulledMs = systemClock.monotonicMs();
            await until("a while has passed", () => systemClock.monotonicMs() - pulledMs > 3_000 || undefined);
            assert.deepEqual(bridge.scale.sighting(), last);
            assert.equal(bridge.scale.health().state, "failed");
        }),
    "put back elsewhere, under another number, it is read again": () =>
        withBridge("cas-22", async (bridge) => {
            bridge.fallSilent(true);
            await pull();
            await bridge.fails();
            bridge.kg = 31_240;
            bridge.fallSilent(false);
            await plug(OTHER, 1);
            await plug(ADAPTER, 2);
            assert.equal(terminalOf(ADAPTER), "ttyUSB1");
            assert.equal(await bridge.weighs(), 31_240);
            assert.deepEqual(openTerminals(), ["ttyUSB1"]);
            await pull(OTHER);
            assert.equal(await bridge.weighs(), 31_240);
        }),
    "a scale that is asked goes on asking after the pull": () =>
        withBridge("mt-sics", async (bridge) => {
            await pull();
            assert.equal((await bridge.fails()).code, "NOT_CONNECTED");
            bridge.kg = 440;
            await plug();
            assert.equal(await bridge.weighs(), 440);
        }),
    "pulled again and again, nothing of it is left open": () =>
        withBridge("mt-sics", async (bridge) => {
            let before = 0;
            for (let turn = 0; turn <= TURNS; turn++) {
                await pull();
                await bridge.fails();
                bridge.kg += 20;
                await plug(ADAPTER, 1 + (turn % 4));
                assert.equal(await bridge.weighs(), bridge.kg);
                // What the process opens once in its life is open after the first.
                if (turn === 0) before = openFiles().length;
            }
            assert.equal(openFiles().length, before);
            assert.equal(openTerminals().length, 1);
        }),
    "pulled while bytes are written, the writer is told": async () => {
        if (!existsSync(PATH)) await plug();
        const far = openSync(FAR_END, "r+");
        const line = new SteadyLine({ id: "display", open: serialWire(SETTINGS), clock: systemClock });
        line.start();
        await until("the line is open", () => line.health().state === "well" || undefined);
        let written = 0;
        const told = (async () => {
            for (;;) {
                await line.send(Buffer.alloc(256, 0x55));
                written++;
            }
        })().catch((error: unknown) => error);
        await until("writing is under way", () => written > 2 || undefined);
        await pull();
        assert.match(String(await told), /display: (cannot be written to|was closed by the system)/);
        await plug();
        await until("the line is open again", () => line.health().state === "well" || undefined);
        await line.send(Buffer.from("text"));
        await line.close();
        closeSync(far);
        assert.deepEqual(openTerminals(), []);
    },
    "a read that had to wait for a thread learns of the pull as well": () =>
        withBridge("cas-22", async (bridge) => {
            await withBusyThreads(async () => {
                const askedMs = systemClock.monotonicMs();
                await until("a read waits", () => systemClock.monotonicMs() - askedMs > 300 || undefined);
                bridge.fallSilent(true);
                await pull();
            });
            const pulledMs = systemClock.monotonicMs();
            const used = process.cpuUsage();
            assert.equal((await bridge.fails()).code, "NOT_CONNECTED");
            await until("a while has passed", () => systemClock.monotonicMs() - pulledMs > 1_000 || undefined);
            const { user, system } = process.cpuUsage(used);
            assert.ok((user + system) / 1_000 < 500, `${(user + system) / 1_000} ms of the processor in a second`);
            assert.deepEqual(openTerminals(), []);
        }),
    "modules on a Modbus line behind it are asked again": async () => {
        if (!existsSync(PATH)) await plug();
        const module = new RelayModule(700);
        const wire = { baudRate: 9_600, clock: systemClock };
        const far = new ModbusRtuLine({ ...wire, path: FAR_END, units: new Map([[7, module]]) });
        const { path, baudRate, parity, stopBits } = SETTINGS;
        const near = modbusRtu({ path, baudRate, parity, stopBits });
        const bus = new ModbusBus({
            id: "bus-1",
            open: near,
            clock: systemClock,
            gapMs: modbusRtuGapMs(baudRate),
            timeoutMs: 500,
        });
        const unit = bus.unit(7);
        await unit.writeCoil(1, true);
        const before = openFiles().length;
        for (let turn = 0; turn < 3; turn++) {
            const fate = unit.readCoils(0, 4).then(
                () => undefined,
                () => undefined,
            );
            await pull();
            await fate;
            await assert.rejects(unit.readCoils(0, 4), { code: "NOT_CONNECTED" });
            const { state, detail } = bus.health();
            assert.equal(state, "failed");
            assert.match(detail ?? "", /bus-1: /);
            await plug(ADAPTER, 1 + turn);
            await until("the bus is well", () => {
                void unit.readCoils(0, 4).catch(() => undefined);
                return bus.health().state === "well" || undefined;
            });
            assert.deepEqual((await unit.readCoils(0, 4)).slice(0, 2), [false, true]);
        }
        assert.equal(openFiles().length, before);
        await bus.close();
        far.close();
        assert.deepEqual(openTerminals(), []);
    },
};

await prove(proofs);
