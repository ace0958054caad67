/**
 * Modbus units on one serial line, byte for byte and with the time that bytes take, whatever carries them; with faults that can be
 * switched on while it runs. Frames after Modbus over serial line V1.02, written without the library that the daemon uses.
 */
import type { Clock } from "../world/clock.ts";
import { answerPdu, exceptionPdu, type ModbusBank } from "./modbus-pdu.ts";
import type { WireFault } from "./wire-fault.ts";

interface RtuUnitsOptions {
    readonly baudRate: number;
    readonly clock: Pick<Clock, "after">;
    readonly units: ReadonlyMap<number, ModbusBank>;
    /** Puts bytes on the line. */
    readonly say: (bytes: Buffer) => void;
}

const BITS_PER_CHARACTER = 11;
/** What a unit takes to answer once it has heard the end of a request: the silent gap and its own thinking [U]. */
const THINKING_MS = 2;
const SHORTEST_REQUEST = 8;

export class RtuUnits {
    /** Units that hear and do not answer. */
    readonly dead = new Set<number>();
    /** Of all units; `disconnect` is a pulled plug: nobody hears and nobody speaks. */
    fault: WireFault = { kind: "none" };
    readonly #options: RtuUnitsOptions;
    #heard: Buffer = Buffer.alloc(0);

    constructor(options: RtuUnitsOptions) {
        this.#options = options;
    }

    hear(bytes: Buffer): void {
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
        const { units, clock, baudRate, say } = this.#options;
        const { fault } = this;
        const unit = request.readUInt8(0);
        const bank = units.get(unit);
        if (bank === undefined || this.dead.has(unit)) return;
        if (fault.kind === "silence" || fault.kind === "disconnect") return;
        const pdu = request.subarray(1, -2);
        const answer = fault.kind === "exception" ? exceptionPdu(pdu.readUInt8(0), fault.code) : answerPdu(pdu, bank);
        if (fault.kind === "lost-reply") return;
        const reply = framed(fault.kind === "wrong-unit" ? unit ^ 0x40 : unit, answer);
        if (fault.kind === "garbage") for (const [at, byte] of reply.entries()) reply[at] = byte ^ (0x5a + at);
        const wireMs = ((request.length + reply.length) * BITS_PER_CHARACTER * 1_000) / baudRate;
        const lateMs = fault.kind === "delay" ? fault.ms : 0;
        const said = fault.kind === "partial" ? reply.subarray(0, reply.length - 2) : reply;
        clock.after(wireMs + THINKING_MS + lateMs, () => say(said));
    }
}

function framed(unit: number, pdu: Buffer): Buffer {
    const body = Buffer.concat([Buffer.from([unit]), pdu]);
    const frame = Buffer.alloc(body.length + 2);
    body.copy(frame);
    frame.writeUInt16LE(checksum(body), body.length);
    return frame;
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
