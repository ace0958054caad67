/**
 * Modbus TCP frames (Modbus Messaging on TCP/IP V1.0b, section 3.1): transaction, protocol 0, length, unit, function, data.
 * Strict: the first byte that cannot belong to the one awaited answer condemns the connection.
 */
import {
    BadFrame,
    EXCEPTION_LENGTH,
    type Heard,
    type ModbusFraming,
    replyLength,
    withCrc,
    withoutCrc,
} from "./modbus-frame.ts";

const HEADER_LENGTH = 6; // what the length field does not count
const CRC_LENGTH = 2;
const EXCEPTION_BIT = 0x80;
const NOTHING_YET: Heard = { late: [] };

export class ModbusTcpFraming implements ModbusFraming {
    readonly canResynchronise = false;
    #transaction = 0;
    /** By function code, plain and with its top bit set: how long the answer is. */
    #awaited: { readonly unit: number; readonly lengths: ReadonlyMap<number, number> } | undefined;
    #received = Buffer.alloc(0);

    wrap(request: Buffer): Buffer {
        const body = withoutCrc(request);
        this.#transaction = (this.#transaction + 1) & 0xffff;
        this.#received = Buffer.alloc(0);
        const functionCode = request.readUInt8(1);
        const lengths = new Map([
            [functionCode, replyLength(request) - CRC_LENGTH],
            [functionCode | EXCEPTION_BIT, EXCEPTION_LENGTH - CRC_LENGTH],
        ]);
        this.#awaited = { unit: request.readUInt8(0), lengths };
        const header = Buffer.alloc(HEADER_LENGTH);
        header.writeUInt16BE(this.#transaction, 0);
        header.writeUInt16BE(body.length, 4);
        return Buffer.concat([header, body]);
    }

    accept(bytes: Buffer): Heard {
        const awaited = this.#awaited;
        if (awaited === undefined) throw new BadFrame("bytes that nobody asked for");
        this.#received = Buffer.concat([this.#received, bytes]);
        const received = this.#received;
        if (received.length < HEADER_LENGTH + 1) return NOTHING_YET;
        const transaction = received.readUInt16BE(0);
        if (transaction !== this.#transaction)
            throw new BadFrame(`transaction ${transaction}, not ${this.#transaction}`);
        if (received.readUInt16BE(2) !== 0) throw new BadFrame("not the Modbus protocol");
        const length = received.readUInt16BE(4);
        const lengths = [...awaited.lengths.values()];
        if (!lengths.includes(length)) throw new BadFrame(`length ${length}, not ${lengths[0]}`);
        const unit = received.readUInt8(HEADER_LENGTH);
        if (unit !== awaited.unit) throw new BadFrame(`unit ${unit}, not ${awaited.unit}`);
        if (received.length < HEADER_LENGTH + length) return NOTHING_YET;
        const functionCode = received.readUInt8(HEADER_LENGTH + 1);
        if (awaited.lengths.get(functionCode) !== length)
            throw new BadFrame(`function ${functionCode} of ${length} bytes`);
        if (received.length > HEADER_LENGTH + length) throw new BadFrame("more bytes than one reply");
        this.forget();
        return { reply: withCrc(received.subarray(HEADER_LENGTH)), late: [] };
    }

    forget(): void {
        this.#awaited = undefined;
    }
}
