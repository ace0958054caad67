/**
 * Modbus frames on a serial line. Nothing marks their start and nothing says which request they answer, so they are looked for
 * in all that was heard: right unit, right function, right length, right CRC. Overdue replies are known and thrown away.
 */
import {
    crc16,
    EXCEPTION_LENGTH,
    type Heard,
    type LateReply,
    type ModbusFraming,
    replyLength,
} from "./modbus-frame.ts";

const HEARD_MAX = 512; // two of the longest frames; older noise is dropped
const HEAD_LENGTH = 2; // unit and function
const EXCEPTION_BIT = 0x80;

/** A reply that a unit owes. */
interface Owed extends LateReply {
    readonly length: number;
}

export class ModbusRtuFraming implements ModbusFraming {
    readonly canResynchronise = true;
    #awaited: Owed | undefined;
    /** Of requests whose time was over; each until it comes or its unit is asked the same function again. */
    #overdue: readonly Owed[] = [];
    #heard = Buffer.alloc(0);

    wrap(request: Buffer): Buffer {
        const awaited = {
            unit: request.readUInt8(0),
            functionCode: request.readUInt8(1),
            length: replyLength(request),
        };
        this.#overdue = this.#overdue.filter(({ unit, functionCode }) => {
            return unit !== awaited.unit || functionCode !== awaited.functionCode;
        });
        this.#awaited = awaited;
        this.#heard = Buffer.alloc(0);
        return request;
    }

    /** Where a frame seems to begin, nothing behind it is believed before it is whole: what it carries may look like a frame. */
    accept(bytes: Buffer): Heard {
        this.#heard = Buffer.concat([this.#heard, bytes]).subarray(-HEARD_MAX);
        const late: LateReply[] = [];
        let reply: Buffer | undefined;
        let start = 0;
        for (; start + HEAD_LENGTH <= this.#heard.length; ) {
            const owed = this.#begunAt(start);
            const length = owed === undefined ? 1 : this.#lengthAt(start, owed);
            if (start + length > this.#heard.length) break;
            const frame = this.#heard.subarray(start, start + length);
            if (owed === undefined || frame.readUInt16LE(length - 2) !== crc16(frame.subarray(0, -2))) {
                start++;
                continue;
            }
            start += length;
            if (owed === this.#awaited) {
                this.#awaited = undefined;
                reply = Buffer.from(frame);
            } else {
                this.#overdue = this.#overdue.filter((each) => each !== owed);
                late.push({ unit: owed.unit, functionCode: owed.functionCode });
            }
        }
        this.#heard = this.#heard.subarray(start);
        return reply === undefined ? { late } : { reply, late };
    }

    forget(): void {
        if (this.#awaited !== undefined) this.#overdue = [...this.#overdue, this.#awaited];
        this.#awaited = undefined;
    }

    #begunAt(start: number): Owed | undefined {
        const unit = this.#heard[start];
        const functionCode = (this.#heard[start + 1] ?? 0) & ~EXCEPTION_BIT;
        const isBegun = (owed: Owed): boolean => owed.unit === unit && owed.functionCode === functionCode;
        return this.#awaited !== undefined && isBegun(this.#awaited) ? this.#awaited : this.#overdue.find(isBegun);
    }

    #lengthAt(start: number, owed: Owed): number {
        return this.#heard[start + 1] === owed.functionCode ? owed.length : EXCEPTION_LENGTH;
    }
}
