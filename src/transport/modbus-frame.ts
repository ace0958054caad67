/**
 * What every Modbus frame has in common, on TCP and on a serial line.
 * Frames inside this folder are in serial form: unit, function, data, CRC-16 (low byte first).
 */

/** Bytes that can never become the answer to the request under way. */
export class BadFrame extends Error {
    constructor(message: string) {
        super(message);
        this.name = "BadFrame";
    }
}

/** A reply that came after its time was over. Its content is thrown away. */
export interface LateReply {
    readonly unit: number;
    /** Of the request. */
    readonly functionCode: number;
}

/** What bytes from the wire amounted to. */
export interface Heard {
    /** The awaited reply in serial form, once it is complete. */
    readonly reply?: Buffer;
    readonly late: readonly LateReply[];
}

/** How requests and replies lie on one kind of wire. One request is awaited at a time. */
export interface ModbusFraming {
    /**
     * False when a late reply could pass for the answer to the next request: after a time-out or nonsense the connection
     * must go. True when what is late can be told apart or thrown away.
     */
    readonly canResynchronise: boolean;
    /** Bytes for the wire; what came before them is forgotten. */
    wrap(request: Buffer): Buffer;
    /** Takes bytes as they come. Throws `BadFrame`. */
    accept(bytes: Buffer): Heard;
    /** No reply is awaited any more; one that still comes is late. */
    forget(): void;
}

/** Unit, function with its top bit set, code, CRC (Modbus Application Protocol V1.1b3, section 7). */
export const EXCEPTION_LENGTH = 5;

const CRC_LENGTH = 2;

/** Length in serial form that the reply to `request` must have unless it is an exception; functions 1 to 3, 5 and 6. */
export function replyLength(request: Buffer): number {
    const count = request.readUInt16BE(4);
    switch (request.readUInt8(1)) {
        case 1:
        case 2:
            return 3 + Math.ceil(count / 8) + CRC_LENGTH;
        case 3:
            return 3 + 2 * count + CRC_LENGTH;
        default:
            return 6 + CRC_LENGTH; // functions 5 and 6 echo the request
    }
}

/** CRC-16 of Modbus over serial line V1.02, section 6.2.2: polynomial A001 (reflected), start FFFF. */
export function crc16(bytes: Uint8Array): number {
    let crc = 0xffff;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    return crc;
}

/** `body` with its CRC behind it. */
export function withCrc(body: Uint8Array): Buffer {
    const frame = Buffer.alloc(body.length + CRC_LENGTH);
    frame.set(body);
    frame.writeUInt16LE(crc16(body), body.length);
    return frame;
}

export function withoutCrc(frame: Buffer): Buffer {
    return frame.subarray(0, -CRC_LENGTH);
}
