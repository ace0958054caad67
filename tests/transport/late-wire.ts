/**
 * Units that answer when a script says so, late, in two pieces, garbled or never, on a serial line or behind Modbus TCP. What a
 * reply says is the number of the request that it answers. Knows nothing of the product.
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../../src/ports/clock.ts";
import { rtu } from "./scripted-wire.ts";

/** What becomes of one request. */
export interface Fate {
    /** From the request to the first byte of the reply; undefined is never. */
    readonly afterMs: number | undefined;
    /** Between two halves of the reply; 0 is at once. */
    readonly pauseMs: number;
    /** Another transmitter spoke at the same time. */
    readonly isGarbled: boolean;
}

export interface Asked {
    readonly number: number;
    readonly unit: number;
    readonly functionCode: number;
    readonly atMs: number;
}

const HEADER_LENGTH = 6;

export class LateWire extends EventEmitter {
    readonly #kind: "rtu" | "tcp";
    readonly #clock: Clock;
    readonly #asked: Asked[];
    readonly #fate: (number: number, unit: number) => Fate;
    #isOpen = true;

    /** `asked` is filled; several wires may share it. */
    constructor(kind: "rtu" | "tcp", clock: Clock, asked: Asked[], fate: (number: number, unit: number) => Fate) {
        super();
        this.#kind = kind;
        this.#clock = clock;
        this.#asked = asked;
        this.#fate = fate;
    }

    write(bytes: Buffer): void {
        const pdu = this.#kind === "tcp" ? bytes.subarray(HEADER_LENGTH) : bytes;
        const [unit = 0, functionCode = 0] = pdu;
        const number = this.#asked.length + 1;
        this.#asked.push({ number, unit, functionCode, atMs: this.#clock.monotonicMs() });
        const { afterMs, pauseMs, isGarbled } = this.#fate(number, unit);
        if (afterMs === undefined) return;
        const reply = this.#framed(bytes, rtu(unit, functionCode, 2, number >> 8, number & 0xff));
        if (isGarbled) reply[3] = (reply[3] ?? 0) ^ 0x55;
        const half = pauseMs === 0 ? reply.length : 3;
        this.#clock.after(afterMs, () => this.#say(reply.subarray(0, half)));
        if (pauseMs > 0) this.#clock.after(afterMs + pauseMs, () => this.#say(reply.subarray(half)));
    }

    close(): void {
        this.#isOpen = false;
        queueMicrotask(() => this.emit("close"));
    }

    #framed(request: Buffer, reply: Buffer): Buffer {
        if (this.#kind === "rtu") return reply;
        const body = reply.subarray(0, -2);
        return Buffer.concat([request.subarray(0, 4), Buffer.from([0, body.length]), body]);
    }

    #say(bytes: Buffer): void {
        if (this.#isOpen) this.emit("data", bytes);
    }
}
