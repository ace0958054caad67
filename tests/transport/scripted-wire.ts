/** A wire in memory: the test sees each request in serial-form bytes and says what comes back, and when. */
import { EventEmitter } from "node:events";
import { ModbusLink } from "../../src/transport/modbus-link.ts";
import { ModbusRtuFraming } from "../../src/transport/modbus-rtu-framing.ts";

/** CRC-16 of Modbus by table-less division, written apart from the product's. */
function crcOf(bytes: readonly number[]): readonly [number, number] {
    let remainder = 0xffff;
    for (const byte of bytes) {
        remainder ^= byte;
        for (let n = 8; n > 0; n--) {
            const carry = remainder % 2;
            remainder = Math.floor(remainder / 2);
            if (carry === 1) remainder ^= 0xa001;
        }
    }
    return [remainder % 256, Math.floor(remainder / 256)];
}

/** Serial-form frame with its CRC. */
export function rtu(...bytes: readonly number[]): Buffer {
    return Buffer.from([...bytes, ...crcOf(bytes)]);
}

/** Takes a request; what it returns goes back at once, `undefined` is silence. */
export type Responder = (request: readonly number[], wire: ScriptedWire) => Buffer | undefined;

export class ScriptedWire extends EventEmitter {
    readonly requests: (readonly number[])[] = [];
    readonly sentAtMs: number[] = [];
    readonly #respond: Responder;
    readonly #nowMs: () => number;

    constructor(respond: Responder, nowMs: () => number = () => 0) {
        super();
        this.#respond = respond;
        this.#nowMs = nowMs;
    }

    write(bytes: Buffer): void {
        const request = [...bytes];
        this.requests.push(request);
        this.sentAtMs.push(this.#nowMs());
        const reply = this.#respond(request, this);
        if (reply !== undefined) queueMicrotask(() => this.emit("data", reply));
    }

    /** Bytes that arrive at this moment. */
    say(bytes: Buffer): void {
        this.emit("data", bytes);
    }

    link(): ModbusLink {
        return new ModbusLink(this, new ModbusRtuFraming(), () => queueMicrotask(() => this.emit("close")));
    }
}
