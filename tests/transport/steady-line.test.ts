/** Lines of bytes on real sockets and pseudo-terminals: opened, lost, found again, and nothing left behind. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/runtime/clock.ts";
import { type OpenWire, serialWire, tcpWire } from "../../src/transport/line-wire.ts";
import { SteadyLine } from "../../src/transport/steady-line.ts";
import { withBusyThreads } from "./busy-threads.ts";
import { end, hasSocat, startSerialPair } from "./third-party-peers.ts";

const backOff = { minMs: 20, maxMs: 50, random: () => 0.5 };
const settings = { baudRate: 9_600, dataBits: 8, parity: "none", stopBits: 1 } as const;
let line: SteadyLine | undefined;
let server: Server | undefined;
let child: ChildProcess | undefined;
let cleanUp = (): void => undefined;

interface Heard {
    text: string;
    opened: number;
}

function start(open: OpenWire): { line: SteadyLine; heard: Heard } {
    const heard: Heard = { text: "", opened: 0 };
    const steady = new SteadyLine({ id: "test line", open, clock: systemClock, backOff });
    steady.listen({
        opened: () => {
            heard.opened++;
        },
        heard: (bytes) => {
            heard.text += Buffer.from(bytes).toString("latin1");
        },
    });
    steady.start();
    line = steady;
    return { line: steady, heard };
}

afterEach(async () => {
    await line?.close();
    server?.close();
    await end(child);
    cleanUp();
    line = undefined;
    server = undefined;
    child = undefined;
    cleanUp = () => undefined;
});

async function listen(onSocket: (socket: Socket) => void, port = 0): Promise<number> {
    server = createServer((socket) => {
        socket.on("error", () => socket.destroy());
        onSocket(socket);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
}

describe("a serial server over TCP", () => {
    test("bytes go both ways, whatever they are", async () => {
        const got: Buffer[] = [];
        const port = await listen((socket) => {
            socket.on("data", (bytes) => got.push(bytes));
            socket.write(Buffer.from([0x00, 0xff, 0x0d, 0x80]));
        });
        const { line: steady, heard } = start(tcpWire({ host: "127.0.0.1", port }, systemClock));
        await vi.waitFor(() => expect(heard.text).toBe("\x00\xff\r\x80"));
        expect(steady.health()).toMatchObject({ state: "well", failures: 0 });
        await steady.send(Uint8Array.from([0xff, 0x01, 0xc3]));
        await vi.waitFor(() => expect(Buffer.concat(got)).toEqual(Buffer.from([0xff, 0x01, 0xc3])));
    });

    test("cut, refused, and found again: each connection is announced", async () => {
        const sockets: Socket[] = [];
        const port = await listen((socket) => sockets.push(socket));
        const { line: steady, heard } = start(tcpWire({ host: "127.0.0.1", port }, systemClock));
        await vi.waitFor(() => expect(heard.opened).toBe(1));
        server?.close();
        sockets[0]?.destroy();
        await vi.waitFor(() => expect(steady.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED" }));
        await expect(steady.send(Uint8Array.of(1))).rejects.toMatchObject({ code: "NOT_CONNECTED" });
        await listen((socket) => socket.write("again"), port);
        await vi.waitFor(() => expect(heard).toEqual({ text: "again", opened: 2 }), { timeout: 5_000 });
        expect(steady.health().state).toBe("well");
        expect(steady.health().failures).toBeGreaterThan(0);
    });

    test("given up on request: a half-open connection is replaced", async () => {
        let connections = 0;
        const port = await listen(() => connections++);
        const { line: steady, heard } = start(tcpWire({ host: "127.0.0.1", port }, systemClock));
        await vi.waitFor(() => expect(heard.opened).toBe(1));
        steady.renew("nothing was heard");
        await vi.waitFor(() => expect(heard.opened).toBe(2));
        expect(connections).toBe(2);
    });

    test("the other side's half-close is an end", async () => {
        const port = await listen((socket) => socket.end("bye"));
        const { heard } = start(tcpWire({ host: "127.0.0.1", port }, systemClock));
        await vi.waitFor(() => expect(heard.opened).toBeGreaterThan(2));
        expect(heard.text.startsWith("byebye")).toBe(true);
    });

    test("closed while it is being opened, it opens nothing", async () => {
        const { line: steady, heard } = start(tcpWire({ host: "127.0.0.1", port: 9 }, systemClock));
        await steady.close();
        expect(heard.opened).toBe(0);
        await expect(steady.send(Uint8Array.of(1))).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    });
});

describe("a serial port", () => {
    /** A line on one end of a pair of pseudo terminals. */
    async function startOnPair() {
        const pair = await startSerialPair();
        child = pair.child;
        cleanUp = pair.remove;
        return { pair, ...start(serialWire({ path: pair.ours, ...settings })) };
    }

    test("bytes arrive as they are, lamps and all", async (context) => {
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const { pair, line: steady, heard } = await startOnPair();
        await vi.waitFor(() => expect(heard.opened).toBe(1));
        const theirs = openSync(pair.theirs, "r+");
        writeSync(theirs, Buffer.from("ST,GS,\n\xc4,   12340 kg\r\n\x00\x11\x13\x03\xff", "latin1"));
        await vi.waitFor(() => expect(heard.text).toBe("ST,GS,\n\xc4,   12340 kg\r\n\x00\x11\x13\x03\xff"));
        await steady.send(Buffer.from("SI\r\n"));
    });

    test("an adapter that is pulled out and plugged in again is found again", async (context) => {
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const first = await startSerialPair();
        child = first.child;
        const { line: steady, heard } = start(serialWire({ path: first.ours, ...settings }));
        await vi.waitFor(() => expect(heard.opened).toBe(1));
        await end(first.child); // the device node goes, as with a USB adapter
        await vi.waitFor(() => expect(steady.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED" }), {
            timeout: 5_000,
        });
        const again = await startSerialPair(first.ours);
        child = again.child;
        cleanUp = () => {
            first.remove();
            again.remove();
        };
        await vi.waitFor(() => expect(heard.opened).toBe(2), { timeout: 5_000 });
        writeSync(openSync(again.theirs, "r+"), "back");
        await vi.waitFor(() => expect(heard.text).toBe("back"));
    });

    test("an adapter that is pulled out while a read waits for its turn is missed all the same", async (context) => {
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const { pair, line: steady, heard } = await startOnPair();
        await vi.waitFor(() => expect(heard.opened).toBe(1));
        const theirs = openSync(pair.theirs, "r+");
        writeSync(theirs, "first");
        await vi.waitFor(() => expect(heard.text).toBe("first"));
        const passedOn = (): string =>
            readFileSync(`/proc/${pair.child.pid}/io`, "utf8").match(/wchar: \d+/)?.[0] ?? "";
        await withBusyThreads(async () => {
            const before = passedOn();
            writeSync(theirs, "last");
            await vi.waitFor(() => expect(passedOn()).not.toBe(before));
            await new Promise((next) => setImmediate(next)); // the poller hears of it, and the read takes its place in the queue
            await end(pair.child);
        });
        await vi.waitFor(() => expect(steady.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED" }), {
            timeout: 5_000,
        });
        closeSync(theirs);
    });

    test("an adapter that comes back as another device is found by its stable name", async (context) => {
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const folder = mkdtempSync(join(tmpdir(), "kordon-by-id-"));
        const byId = join(folder, "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0");
        const [one, other] = [await startSerialPair(), await startSerialPair()];
        child = one.child;
        cleanUp = () => {
            other.child.kill("SIGKILL");
            for (const pair of [one, other]) pair.remove();
            rmSync(folder, { recursive: true, force: true });
        };
        const [firstDevice, secondDevice] = [realpathSync(one.ours), realpathSync(other.ours)];
        symlinkSync(firstDevice, byId);
        const { line: steady, heard } = start(serialWire({ path: byId, ...settings }));
        await vi.waitFor(() => expect(heard.opened).toBe(1));
        const before = openSync(one.theirs, "r+");
        writeSync(before, "half a fra");
        await vi.waitFor(() => expect(heard.text).toBe("half a fra"));
        // Pulled out: udev takes the name away, and the device goes. The other one stays in its place all the time.
        rmSync(byId);
        await end(one.child);
        await vi.waitFor(
            () => expect(steady.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED" }),
            5_000,
        );
        const { failures } = steady.health();
        await vi.waitFor(() => expect(steady.health().failures).toBeGreaterThan(failures + 2), 5_000);
        expect(heard.opened).toBe(1);
        // Plugged in: the same name, another device.
        expect(secondDevice).not.toBe(firstDevice);
        symlinkSync(secondDevice, byId);
        await vi.waitFor(() => expect(heard.opened).toBe(2), 5_000);
        writeSync(openSync(other.theirs, "r+"), "back");
        await vi.waitFor(() => expect(heard.text).toBe("half a fraback"));
        expect(steady.health().state).toBe("well");
    });

    test("a write to a port that is being closed comes to an end, and so does closing the line", async (context) => {
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const { line: steady, heard } = await startOnPair();
        for (let round = 1; round <= 5; round++) {
            await vi.waitFor(() => expect(heard.opened).toBe(round), { timeout: 5_000 });
            const before = steady.send(Buffer.from("SI\r\n"));
            steady.renew("nothing was heard");
            const settled = await Promise.allSettled([before, steady.send(Buffer.from("SI\r\n"))]);
            expect(settled[1]).toMatchObject({ status: "rejected", reason: { code: "NOT_CONNECTED" } });
        }
        await steady.close();
        expect(steady.health().state).toBe("failed");
    });

    test("a port that is not there is NOT_CONNECTED, with what to look at", async () => {
        const { line: steady } = start(serialWire({ path: "/dev/serial/by-id/usb-nobody", ...settings }));
        await vi.waitFor(() => expect(steady.health()).toMatchObject({ code: "NOT_CONNECTED" }));
        expect(steady.health().detail).toMatch(/cannot be opened .*check cable, power and address/);
    });
});
