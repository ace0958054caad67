/**
 * Modbus units on one serial line, with the time that bytes take on a real one: a pseudo terminal is as fast as memory.
 * Frames after Modbus over serial line V1.02, written without the library that the daemon uses.
 */
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { Clock } from "../world/clock.ts";
import { answerPdu, type ModbusBank } from "./modbus-pdu.ts";

interface RtuLineOptions {
    /** A terminal in raw mode. */
    readonly path: string;
    readonly baudRate: number;
    readonly clock: Clock;
    readonly units: ReadonlyMap<number, ModbusBank>;
}

const BITS_PER_CHARACTER = 11;
/** What a unit takes to answer once it has heard the end of a request: the silent gap and its own thinking [U]. */
const THINKING_MS = 2;
const SHORTEST_REQUEST = 8;

export class ModbusRtuLine {
    /** Units that hear and do not answer. */
    readonly dead = new Set<number>();
    readonly #options: RtuLineOptions;
    readonly #file: number;
    readonly #stream: ReadStream;
    #heard: Buffer = Buffer.alloc(0);

    constructor(options: RtuLineOptions) {
        this.#options = options;
        this.#file = openSync(options.path, constants.O_RDWR | constants.O_NOCTTY);
        this.#stream = new ReadStream(this.#file);
        this.#stream.on("data", (bytes: Buffer) => this.#hear(bytes));
        this.#stream.on("error", () => undefined);
    }

    close(): void {
        this.#stream.destroy();
        try {
            closeSync(this.#file);
        } catch {
            // the stream has closed it
        }
    }

    #hear(bytes: Buffer): void {
        this.#heard = Buffer.concat([this.#heard, bytes]);
        for (let request = this.#next(); request !== undefined; request = this.#next()) this.#answer(request);
    }

    /** The first whole request; bytes that begin none are dropped. */
    #next(): Buffer | undefined {
        while (this.#heard.length >= SHORTEST_REQUEST) {
            const length = requestLength(this.#heard);
            if (length > this.#heard.length) return undefined;
            const frame = this.#heard.subarray(0, length);
            if (frame.readUInt16LE(length - 2) === checksum(frame.subarray(0, -2))) {
                this.#heard = this.#heard.subarray(length);
                return frame;
            }
            this.#heard = this.#heard.subarray(1);
        }
        return undefined;
    }

    #answer(request: Buffer): void {
        const { units, clock, baudRate } = this.#options;
        const unit = request.readUInt8(0);
        const bank = units.get(unit);
        if (bank === undefined || this.dead.has(unit)) return;
        const body = Buffer.concat([Buffer.from([unit]), answerPdu(request.subarray(1, -2), bank)]);
        const reply = Buffer.alloc(body.length + 2);
        body.copy(reply);
        reply.writeUInt16LE(checksum(body), body.length);
        const wireMs = ((request.length + reply.length) * BITS_PER_CHARACTER * 1_000) / baudRate;
        clock.after(wireMs + THINKING_MS, () => writeSync(this.#file, reply));
    }
}

/** Functions 15 and 16 say how many bytes follow; all others here are of one length. */
function requestLength(frame: Buffer): number {
    const code = frame[1];
    return code === 15 || code === 16 ? 9 + (frame[6] ?? 0) : SHORTEST_REQUEST;
}

/** CRC-16 with polynomial 8005h, both reflected, from FFFFh: section 6.2.2 of the serial line document. */
function checksum(bytes: Uint8Array): number {
    return bytes.reduce((sum, byte) => {
        let crc = sum ^ byte;
        for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
        return crc;
    }, 0xffff);
}
