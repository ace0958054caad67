/** The bus against Modbus servers that others wrote, over TCP and over a pair of pseudo serial ports, in real time. */
import type { ChildProcess } from "node:child_process";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/runtime/clock.ts";
import { ModbusBus } from "../../src/transport/modbus-bus.ts";
import { modbusRtu, modbusRtuGapMs, modbusTcp, type OpenModbusLink } from "../../src/transport/modbus-wire.ts";
import { end, hasSocat, peers, removeCompiled, startPeer, startSerialPair } from "./third-party-peers.ts";

const line = { baudRate: 9_600, parity: "none", stopBits: 1 } as const;
let bus: ModbusBus | undefined;
let children: ChildProcess[] = [];
let cleanUp: () => void = () => undefined;

function open(link: OpenModbusLink, gapMs = 0): ModbusBus {
    const backOff = { minMs: 50, maxMs: 100, random: Math.random };
    bus = new ModbusBus({ id: "peer", open: link, clock: systemClock, timeoutMs: 1_000, gapMs, backOff });
    return bus;
}

afterEach(async () => {
    await bus?.close();
    for (const child of children) await end(child);
    cleanUp();
    bus = undefined;
    children = [];
    cleanUp = () => undefined;
});

afterAll(removeCompiled);

async function exercise(underTest: ModbusBus): Promise<void> {
    const unit = underTest.unit(1);
    expect(await unit.readInputs(0, 6)).toEqual([true, false, true, true, false, true]);
    await unit.writeCoil(4, true);
    expect(await unit.readCoils(0, 6)).toEqual([false, false, false, false, true, false]);
    await unit.writeHolding(8, 2);
    expect(await unit.readHolding(7, 3)).toEqual([70, 2, 90]);
    await unit.writeHoldings(20, [0xffff, 0, 1]);
    expect(await unit.readHolding(20, 3)).toEqual([0xffff, 0, 1]);
    await unit.writeHoldings(20, [200, 210, 220]);
    await expect(unit.readInputs(500, 6)).rejects.toMatchObject({ code: "BAD_REPLY" });
    const parallel = await Promise.all(Array.from({ length: 20 }, (_, address) => unit.readHolding(address, 1)));
    expect(parallel.flat()).toEqual(Array.from({ length: 20 }, (_, address) => (address === 8 ? 2 : 10 * address)));
    expect(underTest.statistics()).toMatchObject([{ unit: 1, timeouts: 0, badReplies: 0, exceptions: 1 }]);
}

describe.each(peers)("$name", (peer) => {
    test("over TCP", async (context) => {
        if (peer.missing !== undefined) return context.skip(peer.missing);
        const { child, port } = await startPeer(peer, "tcp");
        children.push(child);
        await exercise(open(modbusTcp({ host: "127.0.0.1", port }, systemClock)));
    });

    test("over a serial line", async (context) => {
        if (peer.missing !== undefined) return context.skip(peer.missing);
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const pair = await startSerialPair();
        cleanUp = pair.remove;
        const { child } = await startPeer(peer, "rtu", pair.theirs);
        children.push(child, pair.child);
        const underTest = open(modbusRtu({ path: pair.ours, ...line }), modbusRtuGapMs(line.baudRate));
        await exercise(underTest);
        await expect(underTest.unit(9).readInputs(0, 1)).rejects.toMatchObject({ code: "NO_REPLY" });
        // libmodbus takes the next frame on the line for the silent unit's reply and lets one request pass by.
        await expect
            .poll(() =>
                underTest
                    .unit(1)
                    .readCoils(4, 1)
                    .catch(() => []),
            )
            .toEqual([true]);
    });

    test("killed and started again, it is found again", async (context) => {
        if (peer.missing !== undefined) return context.skip(peer.missing);
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const pair = await startSerialPair();
        cleanUp = pair.remove;
        const first = await startPeer(peer, "rtu", pair.theirs);
        children.push(first.child, pair.child);
        const unit = open(modbusRtu({ path: pair.ours, ...line }), modbusRtuGapMs(line.baudRate)).unit(1);
        await unit.readInputs(0, 6);
        await end(first.child);
        await expect(unit.readInputs(0, 6)).rejects.toMatchObject({ name: "DeviceFault" });
        const second = await startPeer(peer, "rtu", pair.theirs);
        children.push(second.child);
        await expect.poll(() => unit.readInputs(0, 6).catch(() => []), { timeout: 10_000 }).toHaveLength(6);
    });
});

test("a serial port that is not there is NOT_CONNECTED", async () => {
    const nobody = open(modbusRtu({ path: "/dev/serial/by-id/usb-nobody", ...line }));
    await expect(nobody.unit(1).readCoils(0, 1)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    expect(nobody.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED" });
});

test("the silent gap is 3.5 characters, and 1.75 ms above 19,200 baud, in whole milliseconds", () => {
    expect([9_600, 19_200, 38_400, 115_200].map(modbusRtuGapMs)).toEqual([5, 3, 2, 2]);
});
