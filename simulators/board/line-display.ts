/** A display that takes `STX number tone text ETX check` and answers ACK or NAK, on TCP or on a serial device. */
import { closeSync, constants, openSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { ReadStream, WriteStream } from "node:tty";
import type { Clock } from "../world/clock.ts";
import type { Random } from "../world/random.ts";
import { decoded } from "./board-charset.ts";
import type { BoardConfig, BoardFault, BoardShows, SimulatedBoard } from "./board-messages.ts";

type Plan = Extract<BoardConfig, { speaks: "line-display" }>;
type Send = (bytes: Uint8Array) => void;

const STX = 0x02;
const ETX = 0x03;
const ACK = 0x06;
const NAK = 0x15;
const CR = 0x0d;
const CHECK_LENGTH = 2;
const TONES: Readonly<Record<string, string>> = { G: "go", A: "wait", R: "stop", W: "info" };

class Display {
    fault: BoardFault = { kind: "none" };
    readonly #plan: Plan;
    readonly #clock: Clock;
    readonly #random: Random;
    readonly #tell: (shows: BoardShows) => void;
    #heard = Buffer.alloc(0);

    constructor(plan: Plan, clock: Clock, random: Random, tell: (shows: BoardShows) => void) {
        this.#plan = plan;
        this.#clock = clock;
        this.#random = random;
        this.#tell = tell;
    }

    powerCycle(): void {
        this.#heard = Buffer.alloc(0);
        this.#tell({ is: "shows", lines: [], tone: "info", by: "nobody" });
    }

    hear(bytes: Uint8Array, send: Send): void {
        const heard = this.fault.kind === "torn" ? bytes.subarray(0, -1) : bytes;
        if (this.fault.kind === "silence") return;
        this.#heard = Buffer.concat([this.#heard, heard]);
        for (let frame = this.#next(); frame !== undefined; frame = this.#next()) this.#take(frame, send);
    }

    /** From STX to the check behind ETX; what stands before is noise, and a new STX throws the old beginning away. */
    #next(): Buffer | undefined {
        const end = this.#heard.indexOf(ETX);
        if (end < 0 || this.#heard.length < end + 1 + CHECK_LENGTH) return undefined;
        const frame = this.#heard.subarray(0, end + 1 + CHECK_LENGTH);
        this.#heard = this.#heard.subarray(frame.length);
        return frame.subarray(frame.lastIndexOf(STX, end));
    }

    #take(frame: Buffer, send: Send): void {
        const body = frame.subarray(1, -1 - CHECK_LENGTH);
        let sum = 0;
        for (const byte of body) sum ^= byte;
        const check = frame.subarray(-CHECK_LENGTH).toString("latin1");
        const isMine = Number(body.subarray(0, 2).toString("latin1")) === this.#plan.address;
        if (!isMine) return;
        const isGood = frame[0] === STX && Number.parseInt(check, 16) === sum && this.fault.kind !== "refuses";
        if (isGood) {
            const lines = split(body.subarray(3)).map((line) => decoded(line, this.#plan.charset));
            const tone = TONES[String.fromCharCode(body[2] ?? 0)] ?? "info";
            this.#tell({ is: "shows", lines, tone, by: "daemon" });
        }
        this.#answer(isGood ? ACK : NAK, send);
    }

    #answer(byte: number, send: Send): void {
        const { fault } = this;
        if (fault.kind === "lost-reply") return;
        // Neither of the two answers: that would be a lie, not garbage.
        const reply = Uint8Array.of(fault.kind === "garbage" ? 0x20 + this.#random.int(0x5e) : byte);
        if (fault.kind === "delay") this.#clock.after(fault.ms, () => send(reply));
        else send(reply);
    }
}

function split(bytes: Buffer): readonly Buffer[] {
    const end = bytes.indexOf(CR);
    return end < 0 ? [bytes] : [bytes.subarray(0, end), ...split(bytes.subarray(end + 1))];
}

/** Rejects when the port cannot be had or the device cannot be opened. */
export async function openLineDisplay(
    plan: Plan,
    clock: Clock,
    random: Random,
    tell: (shows: BoardShows) => void,
): Promise<SimulatedBoard> {
    const display = new Display(plan, clock, random, tell);
    return plan.path === undefined ? onPort(display, plan.port) : onDevice(display, plan.path);
}

async function onPort(display: Display, port: number): Promise<SimulatedBoard> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
        socket.on("error", () => socket.destroy());
        if (display.fault.kind === "disconnect") {
            socket.destroy();
            return;
        }
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        socket.on("data", (bytes) => display.hear(bytes, (reply) => void (socket.writable && socket.write(reply))));
    });
    const cut = (): void => {
        for (const socket of sockets) socket.destroy();
    };
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
    });
    const address = server.address();
    return {
        port: address === null || typeof address === "string" ? 0 : address.port,
        fault(fault) {
            display.fault = fault;
            if (fault.kind === "disconnect") cut();
        },
        powerCycle: () => display.powerCycle(),
        async close() {
            cut();
            await new Promise<void>((resolve) => server.close(() => resolve()));
        },
    };
}

function onDevice(display: Display, path: string): SimulatedBoard {
    const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
    const input = new ReadStream(openSync(path, flags));
    const outputFile = openSync(path, flags);
    const output = new WriteStream(outputFile);
    input.setRawMode(true);
    input.on("data", (bytes) => display.hear(bytes, (reply) => void output.write(reply)));
    for (const stream of [input, output]) stream.on("error", () => undefined);
    return {
        port: 0,
        fault: (fault) => {
            display.fault = fault;
        },
        powerCycle: () => display.powerCycle(),
        async close() {
            input.destroy();
            output.destroy();
            try {
                closeSync(outputFile);
            } catch {
                // The stream has closed it already.
            }
        },
    };
}
