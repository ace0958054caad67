/** Modbus TCP byte by byte against a scripted server on a real socket; time is virtual, so no test waits for a time-out. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ModbusBus } from "../../src/transport/modbus-bus.ts";
import { modbusTcp } from "../../src/transport/modbus-wire.ts";
import { answer, ScriptedTcpServer, type TcpScript } from "./scripted-tcp-server.ts";
import { VirtualClock } from "./virtual-clock.ts";

const TIMEOUT_MS = 300;
const backOff = { minMs: 1_000, maxMs: 4_000, random: () => 0.5 };
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

let clock: VirtualClock;
let server: ScriptedTcpServer;
let bus: ModbusBus;

const neverCalled: TcpScript = () => {
    throw new Error("no script");
};

beforeEach(async () => {
    clock = new VirtualClock();
    server = await ScriptedTcpServer.start(neverCalled);
    const open = modbusTcp({ host: "127.0.0.1", port: server.port }, clock);
    bus = new ModbusBus({ id: "lane-1", open, clock, timeoutMs: TIMEOUT_MS, backOff });
});

afterEach(async () => {
    await bus.close();
    await server.stop();
});

describe("golden frames of a Moxa ioLogik E1214", () => {
    test("reads six inputs with function 2", async () => {
        server.script(() => hex("0001 0000 0004 01 02 01 2B"));
        expect(await bus.unit(1).readInputs(0, 6)).toEqual([true, true, false, true, false, true]);
        expect(server.requests).toEqual([hex("0001 0000 0006 01 02 0000 0006")]);
    });

    test("reads six relays with function 1", async () => {
        server.script(() => hex("0001 0000 0004 01 01 01 02"));
        expect(await bus.unit(1).readCoils(0, 6)).toEqual([false, true, false, false, false, false]);
        expect(server.requests).toEqual([hex("0001 0000 0006 01 01 0000 0006")]);
    });

    test("starts the pulse of relay 0 with function 5 at 0x0010 and stops it there", async () => {
        server.script((request) => request);
        await bus.unit(1).writeCoil(0x10, true);
        await bus.unit(1).writeCoil(0x10, false);
        expect(server.requests).toEqual([hex("0001 0000 0006 01 05 0010 FF00"), hex("0002 0000 0006 01 05 0010 0000")]);
    });

    test("reads and writes holding registers", async () => {
        server.script((request) => (request[7] === 3 ? hex("0001 0000 0007 01 03 04 0007 FFFF") : request));
        expect(await bus.unit(1).readHolding(52, 2)).toEqual([7, 0xffff]);
        await bus.unit(1).writeHolding(8, 2);
        expect(server.requests.at(-1)).toEqual(hex("0002 0000 0006 01 06 0008 0002"));
    });

    test("counts more than eight bits over byte borders", async () => {
        server.script(() => hex("0001 0000 0005 01 02 02 01 02"));
        const bits = await bus.unit(1).readInputs(0, 10);
        expect(bits.map(Number).join("")).toBe("1000000001");
    });
});

const nonsense: readonly (readonly [string, TcpScript])[] = [
    ["wrong unit", (request) => answer(request, 2, 2, 1, 0x3f)],
    ["wrong function", (request) => answer(request, 1, 1, 1, 0x3f)],
    ["wrong transaction", (request) => Buffer.from([9, 9, ...answer(request, 1, 2, 1, 0x3f).subarray(2)])],
    ["wrong protocol", (request) => Buffer.from([...request.subarray(0, 2), 0, 1, 0, 4, 1, 2, 1, 0x3f])],
    ["byte count too small", (request) => answer(request, 1, 2, 0, 0x3f)],
    ["byte count too large", (request) => answer(request, 1, 2, 2, 0x3f)],
    ["reply too long", (request) => answer(request, 1, 2, 2, 0x3f, 0x3f)],
    ["two replies in one", (request) => Buffer.concat([answer(request, 1, 2, 1, 0), answer(request, 1, 2, 1, 0)])],
    ["exception of another function", (request) => answer(request, 1, 0x81, 2)],
    ["exception of another unit", (request) => answer(request, 7, 0x82, 2)],
    ["text of a web server", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["noughts", () => Buffer.alloc(300)],
];

describe("nonsense is refused at once, the connection goes, and the next answer is right", () => {
    test.each(nonsense)("%s", async (_name, script) => {
        server.script(script);
        await expect(bus.unit(1).readInputs(0, 6)).rejects.toMatchObject({ code: "BAD_REPLY", device: "lane-1/1" });
        await server.until(() => server.openSockets === 0);
        server.script((request) => answer(request, 1, 2, 1, 0x15));
        await clock.advance(1_001);
        expect(await bus.unit(1).readInputs(0, 6)).toEqual([true, false, true, false, true, false]);
        expect(server.connections).toBe(2);
        expect(bus.statistics()).toMatchObject([{ requests: 2, replies: 1, badReplies: 1, timeouts: 0 }]);
    });

    test("an echo that differs is no confirmation", async () => {
        server.script((request) => Buffer.concat([request.subarray(0, 10), Buffer.from([0, 0])]));
        await expect(bus.unit(1).writeCoil(3, true)).rejects.toMatchObject({ code: "BAD_REPLY" });
    });

    test("a value written to a coil is compared to the last byte", async () => {
        server.script((request) => Buffer.concat([request.subarray(0, 11), Buffer.from([8])]));
        await expect(bus.unit(1).writeCoilValue(0x200, 7)).rejects.toMatchObject({ code: "BAD_REPLY" });
    });

    test("half a reply and then silence is nonsense when the time is over", async () => {
        server.script((request) => answer(request, 1, 2, 1, 0x3f).subarray(0, 8));
        const read = expect(bus.unit(1).readInputs(0, 6)).rejects.toMatchObject({ code: "BAD_REPLY" });
        await server.until(() => server.requests.length === 1);
        await clock.until(read);
    });
});

test("a reply in single bytes is put together", async () => {
    server.script((request, socket) => {
        const bytes = answer(request, 1, 2, 1, 0x2a);
        const next = (at: number): void => {
            if (at < bytes.length) socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
        };
        next(0);
        return undefined;
    });
    expect(await bus.unit(1).readInputs(0, 6)).toEqual([false, true, false, true, false, true]);
});

test("an exception reply is a bad reply of a living unit: no back-off, same connection", async () => {
    server.script((request) => answer(request, 1, 0x82, 2));
    await expect(bus.unit(1).readInputs(900, 6)).rejects.toMatchObject({ code: "BAD_REPLY" });
    server.script((request) => answer(request, 1, 2, 1, 1));
    expect(await bus.unit(1).readInputs(0, 1)).toEqual([true]);
    expect(server.connections).toBe(1);
    expect(bus.statistics()).toMatchObject([{ requests: 2, replies: 2, exceptions: 1, badReplies: 0 }]);
});

test.each([0x0a, 0x0b])("gateway exception %i means that the unit behind it is silent", async (code) => {
    server.script((request) => (request[6] === 9 ? answer(request, 9, 0x82, code) : answer(request, 1, 2, 1, 1)));
    await expect(bus.unit(9).readInputs(0, 1)).rejects.toMatchObject({ code: "NO_REPLY" });
    expect(await bus.unit(1).readInputs(0, 1)).toEqual([true]);
    await expect(bus.unit(9).readInputs(0, 1)).rejects.toMatchObject({ code: "NO_REPLY" });
    expect(server.requests).toHaveLength(2);
    expect(server.connections).toBe(1);
});

test("silence ends after the time-out, and a late reply cannot pass for the next answer", async () => {
    let late: (() => void) | undefined;
    server.script((request, socket) => {
        late = () => socket.write(answer(request, 1, 2, 1, 0x3f));
        return undefined;
    });
    const first = bus.unit(1).readInputs(0, 6);
    const refused = expect(first).rejects.toMatchObject({ code: "NO_REPLY" });
    await server.until(() => server.requests.length === 1);
    await clock.advance(TIMEOUT_MS);
    await refused;
    await clock.advance(1_001);

    // The late reply is sent while the next request is under way: all inputs on. The true answer: all off.
    server.script((request, socket) => {
        late?.();
        setImmediate(() => socket.write(answer(request, 1, 2, 1, 0)));
        return undefined;
    });
    expect(await bus.unit(1).readInputs(0, 6)).toEqual([false, false, false, false, false, false]);
    expect(server.connections).toBe(2);
    expect(server.openSockets).toBe(1);
});

test("behind a gateway a silent unit costs its neighbour one time-out and a new connection", async () => {
    server.script((request) => (request[6] === 9 ? undefined : answer(request, 1, 2, 1, 1)));
    const dead = expect(bus.unit(9).readInputs(0, 1)).rejects.toMatchObject({ code: "NO_REPLY" });
    const alive = bus.unit(1).readInputs(0, 1);
    await server.until(() => server.requests.length === 1);
    await clock.advance(TIMEOUT_MS);
    await dead;
    expect(await alive).toEqual([true]);
    expect(clock.monotonicMs()).toBe(1_000 + TIMEOUT_MS);
    expect(server.connections).toBe(2);
    expect(bus.health()).toMatchObject({ state: "well" });
});

test("even on the same connection a reply with an old transaction is refused", async () => {
    server.script((request) => answer(request, 1, 2, 1, 0));
    await bus.unit(1).readInputs(0, 6);
    const old = server.requests[0] ?? Buffer.alloc(8);
    server.script(() => answer(old, 1, 2, 1, 0x3f));
    await expect(bus.unit(1).readInputs(0, 6)).rejects.toMatchObject({ code: "BAD_REPLY" });
});

test("disconnection in the middle of a frame is NOT_CONNECTED, and it connects again after the back-off", async () => {
    server.script((request, socket) => {
        socket.end(answer(request, 1, 2, 1, 0x3f).subarray(0, 5));
        return undefined;
    });
    await expect(bus.unit(1).readInputs(0, 6)).rejects.toMatchObject({ code: "NOT_CONNECTED", device: "lane-1" });
    expect(bus.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED", failures: 1 });
    await expect(bus.unit(1).readInputs(0, 6)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    expect(server.requests).toHaveLength(1);

    server.script((request) => answer(request, 1, 2, 1, 0));
    await clock.advance(1_001);
    await bus.unit(1).readInputs(0, 6);
    expect(bus.health()).toMatchObject({ state: "well" });
});

test("a peer that accepts and hangs up is knocked at ever more rarely, up to the limit", async () => {
    server.script((_request, socket) => {
        socket.destroy();
        return undefined;
    });
    const knocksAtMs: number[] = [];
    for (let step = 0; step < 200; step++) {
        const before = server.connections;
        await bus
            .unit(1)
            .readInputs(0, 6)
            .catch(() => undefined);
        if (server.connections > before) knocksAtMs.push(clock.monotonicMs());
        await clock.advance(100);
    }
    const pauses = knocksAtMs.slice(1).map((atMs, index) => atMs - (knocksAtMs[index] ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 4_000, 4_000, 4_000]);
});

/** Listens and never accepts: once its backlog is full, the kernel leaves further connections unanswered. */
const deafListener = `
    const server = require("node:net").createServer();
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
        require("node:fs").writeSync(1, String(server.address().port));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;

test("a connection that is not made in time is given up", async () => {
    const deaf = spawn(process.execPath, ["-e", deafListener], { stdio: ["ignore", "pipe", "ignore"] });
    const [port] = await once(deaf.stdout, "data");
    const fillers: Socket[] = [];
    for (let count = 0; count < 4; count++)
        fillers.push(connect(Number(port), "127.0.0.1").on("error", () => undefined));
    await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, "connect")));

    const open = modbusTcp({ host: "127.0.0.1", port: Number(port), connectMsMax: 700 }, clock);
    const nowhere = new ModbusBus({ id: "nowhere", open, clock, backOff });
    const read = expect(nowhere.unit(1).readInputs(0, 1)).rejects.toThrow("no connection within 700 ms");
    await clock.until(read, 701);
    expect(nowhere.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED", failures: 1 });
    await nowhere.close();
    for (const filler of fillers) filler.destroy();
    deaf.kill("SIGKILL");
    await once(deaf, "exit");
});

test("a refused connection is NOT_CONNECTED for all that wait", async () => {
    const port = server.port;
    await server.stop();
    const gone = new ModbusBus({ id: "gone", open: modbusTcp({ host: "127.0.0.1", port }, clock), clock, backOff });
    const reads = [1, 2, 3].map((unit) => gone.unit(unit).readInputs(0, 1));
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    await gone.close();
    server = await ScriptedTcpServer.start(neverCalled);
});

test("close ends the request under way, refuses later ones and leaves neither socket nor timer", async () => {
    server.script(() => undefined);
    const read = expect(bus.unit(1).readInputs(0, 6)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    const queued = expect(bus.unit(2).readInputs(0, 6)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    await server.until(() => server.requests.length === 1);
    await bus.close();
    await read;
    await queued;
    await server.until(() => server.openSockets === 0);
    expect(clock.pendingTimers).toBe(0);
    await expect(bus.unit(1).readInputs(0, 6)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
});

test("close while connecting leaves nothing open either", async () => {
    const read = expect(bus.unit(1).readInputs(0, 6)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    await bus.close();
    await read;
    expect(clock.pendingTimers).toBe(0);
    expect(server.requests).toHaveLength(0);
});
