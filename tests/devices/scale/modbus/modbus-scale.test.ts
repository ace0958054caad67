/** Scales with their weight in registers: by the makers' maps, against the simulated indicators and against pymodbus. */
import type { ChildProcess } from "node:child_process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ModbusScale } from "../../../../devices/scale/modbus/modbus-scale.ts";
import { readRegisters, spanOf } from "../../../../devices/scale/modbus/weight-registers.ts";
import type { ModbusScaleProfile } from "../../../../devices/scale/scale-profile.ts";
import { Weighbridge } from "../../../../devices/scale/weighbridge.ts";
import { ModbusTcpServer } from "../../../../simulators/wire/modbus-tcp-server.ts";
import type { Shown } from "../../../../simulators/wire/scale-dialects.ts";
import { type ScaleMap, ScaleRegisters } from "../../../../simulators/wire/scale-registers.ts";
import { realClock } from "../../../../simulators/world/clock.ts";
import { Random } from "../../../../simulators/world/random.ts";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { ModbusBus } from "../../../../src/transport/modbus-bus.ts";
import { modbusRtu, modbusRtuGapMs, modbusTcp, type OpenModbusLink } from "../../../../src/transport/modbus-wire.ts";
import { end, hasSocat, peers, startPeer, startSerialPair } from "../../../transport/third-party-peers.ts";
import { profile } from "../scale-bench.ts";

const LAUMAS = modbusProfile("modbus/laumas-modbus");
const TENSO = modbusProfile("modbus/tenso-m-bus-00");
const CAS = modbusProfile("modbus/cas-ci-600d-modbus");

function modbusProfile(name: string): ModbusScaleProfile {
    const loaded = profile(name);
    if (loaded.protocol !== "modbus") throw new Error(`${name} is no Modbus profile`);
    return loaded;
}

let stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
});

function scaleOn(open: OpenModbusLink, of: ModbusScaleProfile, unit = 1, gapMs = 0): ModbusScale {
    const backOff = { minMs: 20, maxMs: 40, random: Math.random };
    const bus = new ModbusBus({ id: "bus", open, clock: systemClock, timeoutMs: 500, gapMs, backOff });
    const scale = new ModbusScale({
        id: "bridge",
        unit: bus.unit(unit),
        registers: of.registers,
        kgPerUnit: 1,
        bridge: new Weighbridge({ capacityKg: 80_000, divisionKg: 20 }, of.stability),
        periodMs: 20,
        clock: systemClock,
    });
    stops.push(
        () => bus.close(),
        () => scale.stop(),
    );
    scale.start();
    return scale;
}

describe("the makers' maps", () => {
    const read = (of: ModbusScaleProfile, ...words: readonly number[]) => {
        const frame = Buffer.alloc(2 * words.length);
        for (const [at, word] of words.entries()) frame.writeUInt16BE(word, 2 * at);
        return readRegisters(frame, of.registers, 1);
    };

    test("are read in one piece of at most 32 registers, where the manuals say", () => {
        expect(spanOf(LAUMAS.registers)).toEqual({ address: 6, count: 3 }); // 40007 to 40009
        expect(spanOf(CAS.registers)).toEqual({ address: 7, count: 2 }); // 40008 and 40009
        expect(spanOf(TENSO.registers)).toEqual({ address: 0, count: 2 });
    });

    test("Laumas: magnitude, sign, stability and errors", () => {
        expect(read(LAUMAS, 1 << 11, 0, 31_240)).toMatchObject({ is: "weight", grossKg: 31_240, isStable: true });
        expect(read(LAUMAS, 0, 1, 0)).toMatchObject({ grossKg: 65_536, isStable: false });
        expect(read(LAUMAS, (1 << 11) | (1 << 7), 0, 120)).toMatchObject({ grossKg: -120 });
        expect(read(LAUMAS, (1 << 11) | (1 << 2), 1, 0)).toMatchObject({ is: "no-weight", range: "over" });
        for (const bit of [0, 1]) expect(read(LAUMAS, 1 << bit, 0, 120)).toMatchObject({ range: "fault" });
        expect(read(LAUMAS, 1 << 11, 0xffff, 0xff88)).toMatchObject({ is: "garbled" }); // a magnitude is not negative
        expect(read(LAUMAS, 1 << 11, 0)).toMatchObject({ is: "garbled" });
    });

    test("Тензо-М: single precision, and what is no number", () => {
        expect(read(TENSO, 0x46_41, 0x00_00 + 0x1000)).toMatchObject({ is: "weight", isFine: true });
        expect(read(TENSO, 0x4640, 0xd000)).toMatchObject({ grossKg: 12_340 }); // 12340 = 4640D000h
        expect(read(TENSO, 0xc2f0, 0x0000)).toMatchObject({ grossKg: -120 }); // -120 = C2F00000h
        for (const high of [0x7f80, 0xff80, 0x7fc0]) expect(read(TENSO, high, 1)).toMatchObject({ is: "garbled" });
    });

    test("CAS: two's complement", () => {
        expect(read(CAS, 0xffff, 0xff88)).toMatchObject({ grossKg: -120 });
    });
});

describe("the simulated indicators", () => {
    const shown: { -readonly [key in keyof Shown]: Shown[key] } = { kg: 0, isStable: true, isOver: false };
    const server = async (map: ScaleMap) => {
        const bank = new ScaleRegisters(map, () => shown);
        const listening = await ModbusTcpServer.listen({
            port: 0,
            bank,
            clock: realClock,
            random: new Random(1, "wire"),
        });
        stops.push(() => listening.close());
        return listening;
    };

    test("a Laumas is followed, and missed when it is silent", async () => {
        const laumas = await server("laumas");
        Object.assign(shown, { kg: 31_240, isStable: true, isOver: false });
        const scale = scaleOn(modbusTcp({ host: "127.0.0.1", port: laumas.port }, systemClock), LAUMAS);
        await vi.waitFor(() =>
            expect(scale.sighting()).toMatchObject({ grossKg: 31_240, isStable: true, raw: "080000007a08" }),
        );
        expect(scale.health()).toMatchObject({ device: "bridge", state: "well" });
        Object.assign(shown, { kg: -140, isStable: false });
        await vi.waitFor(() => expect(scale.sighting()).toMatchObject({ grossKg: -140, isStable: false }));
        Object.assign(shown, { kg: 12_350, isStable: true });
        await vi.waitFor(() =>
            expect(scale.health()).toMatchObject({ state: "failed", code: "BAD_REPLY", detail: /no multiple of 20/ }),
        );
        Object.assign(shown, { kg: 80_200, isOver: true });
        await vi.waitFor(() => expect(scale.sighting()).toMatchObject({ isInRange: false, range: "over" }));
        laumas.fault({ kind: "silence" });
        await vi.waitFor(() => expect(scale.health()).toMatchObject({ state: "failed", code: "NO_REPLY" }), {
            timeout: 5_000,
        });
    });

    test.each(["garbage", "partial", "wrong-unit", "lost-reply", "disconnect"] as const)(
        "a CAS CI-600D is followed, missed under %s without another weight, and followed again",
        async (kind) => {
            const cas = await server("cas-600d");
            Object.assign(shown, { kg: 30_000, isStable: true, isOver: false });
            const scale = scaleOn(modbusTcp({ host: "127.0.0.1", port: cas.port }, systemClock), CAS);
            await vi.waitFor(() => expect(scale.sighting()).toMatchObject({ grossKg: 30_000, raw: "00007530" }));
            cas.fault({ kind });
            await vi.waitFor(() => expect(scale.health().state).toBe("failed"), { timeout: 5_000 });
            expect(scale.sighting()?.grossKg).toBe(30_000);
            cas.fault({ kind: "none" });
            shown.kg = 140;
            await vi.waitFor(() => expect(scale.sighting()?.grossKg).toBe(140), { timeout: 8_000 });
        },
    );

    test("a Тензо-М BUS-00 is followed; that it stands still is derived", async () => {
        const tenso = await server("tenso-bus");
        Object.assign(shown, { kg: 12_340, isStable: true, isOver: false });
        const scale = scaleOn(modbusTcp({ host: "127.0.0.1", port: tenso.port }, systemClock), TENSO);
        await vi.waitFor(() =>
            expect(scale.sighting()).toMatchObject({ grossKg: 12_340, isStable: false, stability: "derived" }),
        );
        await vi.waitFor(() => expect(scale.sighting()?.isStable).toBe(true), { timeout: 5_000 });
        shown.kg = 12_360;
        await vi.waitFor(() => expect(scale.sighting()).toMatchObject({ grossKg: 12_360, isStable: false }));
    });
});

describe("pymodbus", () => {
    const [pymodbus] = peers;
    // 40006 to 40014 by the map: command, status (stable), gross 31240, and so on.
    const registers = [0, 0, 0, 0, 0, 0, 1 << 11, 0, 31_240, 0, 31_240, 0, 31_240, 0, 0, 0];

    async function start(...args: readonly string[]): Promise<{ child: ChildProcess; port: number } | string> {
        if (pymodbus === undefined || pymodbus.missing !== undefined) return pymodbus?.missing ?? "no pymodbus";
        const peer = await startPeer(pymodbus, ...args, `holding=${registers.join(",")}`);
        stops.push(() => end(peer.child));
        return peer;
    }

    test("over TCP", async (context) => {
        const peer = await start("tcp");
        if (typeof peer === "string") return context.skip(peer);
        const scale = scaleOn(modbusTcp({ host: "127.0.0.1", port: peer.port }, systemClock), LAUMAS);
        await vi.waitFor(() => expect(scale.sighting()).toMatchObject({ grossKg: 31_240, isStable: true }));
        const stranger = scaleOn(modbusTcp({ host: "127.0.0.1", port: peer.port }, systemClock), LAUMAS, 9);
        await vi.waitFor(() => expect(stranger.health()).toMatchObject({ state: "failed", code: "NO_REPLY" }), {
            timeout: 5_000,
        });
        expect(stranger.sighting()).toBeUndefined();
    });

    test("over a serial line with two stop bits", async (context) => {
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const pair = await startSerialPair();
        stops.push(async () => {
            await end(pair.child);
            pair.remove();
        });
        const peer = await start("rtu", pair.theirs);
        if (typeof peer === "string") return context.skip(peer);
        const { baudRate } = TENSO.line;
        const open = modbusRtu({ path: pair.ours, baudRate, parity: "none", stopBits: 2 });
        const scale = scaleOn(open, LAUMAS, 1, modbusRtuGapMs(baudRate));
        await vi.waitFor(() => expect(scale.sighting()).toMatchObject({ grossKg: 31_240, isStable: true }), {
            timeout: 5_000,
        });
    });
});
