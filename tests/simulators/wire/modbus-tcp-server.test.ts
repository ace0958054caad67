// The device on the wire: frames written by hand from the specification and the module's manual, the library's client as
// a second reader, and each fault as a client meets it.
import { connect, type Socket } from "node:net";
import modbusSerial from "modbus-serial";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ModbusTcpServer } from "../../../simulators/wire/modbus-tcp-server.ts";
import { RelayModule } from "../../../simulators/wire/relay-module.ts";
import { type Clock, realClock } from "../../../simulators/world/clock.ts";
import { Random } from "../../../simulators/world/random.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

/** Timers fire when the test says so. */
class HandClock implements Clock {
    readonly timers: { delayMs: number; act: () => void }[] = [];
    monotonicMs = () => 0;
    after = (delayMs: number, act: () => void) => {
        this.timers.push({ delayMs, act });
        return () => {};
    };
    every = realClock.every;
}

let module: RelayModule;
let server: ModbusTcpServer;
let clock: HandClock;
const sockets: Socket[] = [];

beforeEach(async () => {
    module = new RelayModule(700);
    clock = new HandClock();
    server = await ModbusTcpServer.listen({ port: 0, bank: module, clock, random: new Random(1, "wire") });
});

afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
});

async function open(): Promise<Socket> {
    const socket = connect(server.port, "127.0.0.1");
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return socket;
}

const bytesFrom = (socket: Socket) => new Promise<Buffer>((resolve) => socket.once("data", resolve));
const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once("close", () => resolve()));

async function ask(request: string): Promise<string> {
    const socket = await open();
    const reply = bytesFrom(socket);
    socket.write(hex(request));
    return (await reply).toString("hex").replaceAll(/(..)(?=.)/g, "$1 ");
}

describe("golden frames", () => {
    // Transaction, protocol 0, length, unit, function, data.
    test.each([
        ["read six contacts", "00 01 00 00 00 06 01 02 00 00 00 06", "00 01 00 00 00 04 01 02 01 29"],
        ["read one contact", "12 34 00 00 00 06 01 02 00 03 00 01", "12 34 00 00 00 04 01 02 01 01"],
        ["read six relays", "00 02 00 00 00 06 01 01 00 00 00 06", "00 02 00 00 00 04 01 01 01 04"],
        ["all contacts as a register", "00 03 00 00 00 06 01 04 00 30 00 01", "00 03 00 00 00 05 01 04 02 00 29"],
        ["all relays as a register", "00 04 00 00 00 06 01 03 00 20 00 01", "00 04 00 00 00 05 01 03 02 00 04"],
        ["relay 3 on", "00 05 00 00 00 06 01 05 00 03 ff 00", "00 05 00 00 00 06 01 05 00 03 ff 00"],
        ["pulse on relay 0", "00 06 00 00 00 06 01 05 00 10 ff 00", "00 06 00 00 00 06 01 05 00 10 ff 00"],
        [
            "relays 0-5 = 1,0,1,1,0,0",
            "00 07 00 00 00 08 01 0f 00 00 00 06 01 0d",
            "00 07 00 00 00 06 01 0f 00 00 00 06",
        ],
        ["relays by register", "00 08 00 00 00 06 01 06 00 20 00 0d", "00 08 00 00 00 06 01 06 00 20 00 0d"],
        ["the unit asked answers", "00 09 00 00 00 06 ff 02 00 00 00 01", "00 09 00 00 00 04 ff 02 01 01"],
        ["unknown function", "00 0a 00 00 00 02 01 2b", "00 0a 00 00 00 03 01 ab 01"],
        ["no such contact", "00 0b 00 00 00 06 01 02 00 00 00 07", "00 0b 00 00 00 03 01 82 02"],
        ["no such coil", "00 0c 00 00 00 06 01 05 00 06 ff 00", "00 0c 00 00 00 03 01 85 02"],
        ["no such register", "00 0d 00 00 00 06 01 03 00 00 00 01", "00 0d 00 00 00 03 01 83 02"],
        ["neither on nor off", "00 0e 00 00 00 06 01 05 00 00 12 34", "00 0e 00 00 00 03 01 85 03"],
        ["no bits at all", "00 0f 00 00 00 06 01 01 00 00 00 00", "00 0f 00 00 00 03 01 81 03"],
        ["2001 bits", "00 10 00 00 00 06 01 01 00 00 07 d1", "00 10 00 00 00 03 01 81 03"],
        ["byte count does not fit", "00 11 00 00 00 09 01 0f 00 00 00 06 02 0d 00", "00 11 00 00 00 03 01 8f 03"],
        ["frame too short", "00 12 00 00 00 04 01 01 00 00", "00 12 00 00 00 03 01 81 03"],
    ])("%s", async (_, request, reply) => {
        module.inputs.splice(0, 6, true, false, false, true, false, true);
        module.setCoil(2, true);
        expect(await ask(request)).toBe(reply);
    });

    test("a refused write of several coils changes none of them", async () => {
        expect(await ask("00 01 00 00 00 08 01 0f 00 04 00 04 01 0f")).toBe("00 01 00 00 00 03 01 8f 02");
        expect([4, 5].map((n) => module.coil(n))).toEqual([false, false]);
    });

    test("two requests in one packet and one request in two packets are answered alike", async () => {
        const socket = await open();
        const replies: Buffer[] = [];
        const all = new Promise<void>((resolve) =>
            socket.on("data", (bytes) => {
                replies.push(bytes);
                if (Buffer.concat(replies).length >= 30) resolve();
            }),
        );
        const one = hex("00 01 00 00 00 06 01 02 00 00 00 06");
        const two = hex("00 02 00 00 00 06 01 02 00 00 00 06");
        const three = hex("00 03 00 00 00 06 01 02 00 00 00 06");
        socket.write(Buffer.concat([one, two, three.subarray(0, 5)]));
        socket.write(three.subarray(5));
        await all;
        expect(Buffer.concat(replies).toString("hex")).toBe(
            "00010000000401020100" + "00020000000401020100" + "00030000000401020100",
        );
        expect(server.requests).toBe(3);
    });

    test("what is not Modbus TCP loses its connection", async () => {
        const socket = await open();
        const end = closed(socket);
        socket.write("GET / HTTP/1.1\r\n\r\n");
        await end;
        expect(server.requests).toBe(0);
    });
});

describe("the library's client", () => {
    async function client(timeoutMs = 2_000) {
        const modbus = new modbusSerial.default();
        await modbus.connectTCP("127.0.0.1", { port: server.port });
        modbus.setID(1);
        modbus.setTimeout(timeoutMs);
        return modbus;
    }

    test("reads contacts and relays, writes relays and sees a pulse", async () => {
        module.inputs.splice(0, 6, false, true, false, true, true, false);
        const modbus = await client();
        const contacts = await modbus.readDiscreteInputs(0, 6);
        expect(contacts.data.slice(0, 6)).toEqual([false, true, false, true, true, false]);
        await modbus.writeCoil(3, true);
        await modbus.writeCoils(1, [true, true]);
        await modbus.writeCoil(0x10, true);
        expect((await modbus.readCoils(0, 6)).data.slice(0, 6)).toEqual([true, true, true, true, false, false]);
        expect((await modbus.readHoldingRegisters(0x20, 1)).data).toEqual([0b1111]);
        module.advance(700);
        expect((await modbus.readCoils(0, 1)).data[0]).toBe(false);
        await modbus.writeRegister(0x20, 0);
        expect((await modbus.readCoils(0, 6)).data.slice(0, 6)).toEqual(Array(6).fill(false));
        await expect(modbus.readCoils(0, 20)).rejects.toMatchObject({ modbusCode: 2 });
        modbus.close(() => {});
    });

    test("meets an exception reply with its code, and nothing was done", async () => {
        const modbus = await client();
        server.fault({ kind: "exception", code: 4 });
        await expect(modbus.writeCoil(0, true)).rejects.toMatchObject({ modbusCode: 4 });
        expect(module.coil(0)).toBe(false);
        server.fault({ kind: "none" });
        await modbus.writeCoil(0, true);
        expect(module.coil(0)).toBe(true);
        modbus.close(() => {});
    });

    test("times out on silence", async () => {
        const modbus = await client(50);
        server.fault({ kind: "silence" });
        await expect(modbus.readCoils(0, 1)).rejects.toMatchObject({ errno: "ETIMEDOUT" });
        modbus.close(() => {});
    });
});

describe("faults", () => {
    const READ = "00 01 00 00 00 06 01 02 00 00 00 06";
    const PULSE = "00 02 00 00 00 06 01 05 00 10 ff 00";
    const reached = async (requests: number) => {
        while (server.requests < requests) await new Promise((resolve) => setImmediate(resolve));
    };

    test("delay: carried out at once, answered when the time is over", async () => {
        server.fault({ kind: "delay", ms: 800 });
        const socket = await open();
        const reply = bytesFrom(socket);
        socket.write(hex(PULSE));
        await reached(1);
        expect(module.coil(0)).toBe(true);
        expect(clock.timers.map((timer) => timer.delayMs)).toEqual([800]);
        clock.timers[0]?.act();
        expect((await reply).length).toBe(12);
    });

    test("silence swallows, lost-reply carries out: afterwards the same connection is answered again", async () => {
        const socket = await open();
        server.fault({ kind: "silence" });
        socket.write(hex(PULSE));
        await reached(1);
        expect(module.coil(0)).toBe(false);
        server.fault({ kind: "lost-reply" });
        socket.write(hex(PULSE));
        await reached(2);
        expect(module.coil(0)).toBe(true);
        server.fault({ kind: "none" });
        const reply = bytesFrom(socket);
        socket.write(hex(READ));
        expect((await reply).readUInt16BE(0)).toBe(1);
    });

    test("garbage has the length of the answer and comes from the seed", async () => {
        server.fault({ kind: "garbage" });
        const random = new Random(1, "wire");
        const expected = Array.from({ length: 10 }, () => random.int(256).toString(16).padStart(2, "0"));
        expect(await ask(READ)).toBe(expected.join(" "));
    });

    test("wrong unit: the answer comes in another's name", async () => {
        server.fault({ kind: "wrong-unit" });
        expect(await ask(READ)).toBe("00 01 00 00 00 04 00 02 01 00");
    });

    test("disconnect cuts what is open and what comes, until it is healed", async () => {
        const socket = await open();
        const cut = closed(socket);
        server.fault({ kind: "disconnect" });
        await cut;
        const refused = connect(server.port, "127.0.0.1");
        refused.on("error", () => {});
        await closed(refused);
        server.fault({ kind: "none" });
        expect(await ask(READ)).toBe("00 01 00 00 00 04 01 02 01 00");
    });
});

test("a port that is taken rejects at once", async () => {
    const taken = { port: server.port, bank: module, clock, random: new Random(1, "x") };
    await expect(ModbusTcpServer.listen(taken)).rejects.toMatchObject({ code: "EADDRINUSE" });
});
