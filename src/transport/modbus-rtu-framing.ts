/**
 * Modbus frames on a serial line. Nothing marks their start, so the awaited answer is looked for in all that was heard
 * since the request: right unit, right function, right length, right CRC. The rest is noise.
 */
import { crc16, EXCEPTION_LENGTH, type ModbusFraming, replyLength } from "./modbus-frame.ts";

const HEARD_MAX = 512; // two of the longest frames; older noise is dropped

export class ModbusRtuFraming implements ModbusFraming {
    readonly canResynchronise = true;
    #awaited: { readonly unit: number; readonly functionCode: number; readonly length: number } | undefined;
    #heard = Buffer.alloc(0);

    wrap(request: Buffer): Buffer {
        this.#heard = Buffer.alloc(0);
        this.#awaited = {
            unit: request.readUInt8(0),
            functionCode: request.readUInt8(1),
            length: replyLength(request),
        };
        return request;
    }

    accept(bytes: Buffer): Buffer | undefined {
        if (this.#awaited === undefined) return undefined;
        this.#heard = Buffer.concat([this.#heard, bytes]).subarray(-HEARD_MAX);
        for (let start = 0; start + EXCEPTION_LENGTH <= this.#heard.length; start++) {
            const frame = this.#frameAt(start);
            if (frame === undefined) continue;
            this.forget();
            return frame;
        }
        return undefined;
    }

    forget(): void {
        this.#awaited = undefined;
    }

    #frameAt(start: number): Buffer | undefined {
        const awaited = this.#awaited;
        if (awaited === undefined || this.#heard[start] !== awaited.unit) return undefined;
        const functionCode = this.#heard[start + 1];
        const isException = functionCode === (awaited.functionCode | 0x80);
        if (!isException && functionCode !== awaited.functionCode) return undefined;
        const length = isException ? EXCEPTION_LENGTH : awaited.length;
        const frame = this.#heard.subarray(start, start + length);
        if (frame.length < length) return undefined;
        return frame.readUInt16LE(length - 2) === crc16(frame.subarray(0, -2)) ? Buffer.from(frame) : undefined;
    }
}
