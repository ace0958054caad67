/**
 * Modbus function codes as a device answers them: request PDU in, response PDU out, no sockets.
 * Written from the Modbus Application Protocol Specification V1.1b3, sections 6 and 7, independently of the library
 * the daemon uses, so that a mistake in one of the two shows.
 */

/** The addresses of one device, 0-based. Readers return undefined for an address that does not exist. */
export interface ModbusBank {
    coil(address: number): boolean | undefined;
    setCoil(address: number, isOn: boolean): void;
    /** Function 5 with neither on nor off: true where the maker has given that value a meaning at this address. */
    coilValue?(address: number, value: number): boolean;
    input(address: number): boolean | undefined;
    holding(address: number): number | undefined;
    setHolding(address: number, value: number): void;
    inputRegister(address: number): number | undefined;
}

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;

/** Quantity limits of the specification, sections 6.1, 6.3, 6.11, 6.12. */
const BITS_READ_MAX = 2000;
const REGISTERS_READ_MAX = 125;
const BITS_WRITTEN_MAX = 1968;
const REGISTERS_WRITTEN_MAX = 123;
const COIL_ON = 0xff00;

class Refusal extends Error {
    readonly code: number;
    constructor(code: number) {
        super(`modbus exception ${code}`);
        this.code = code;
    }
}

/** The response to one request; a request that cannot be carried out changes nothing and gives an exception response. */
export function answerPdu(request: Buffer, bank: ModbusBank): Buffer {
    try {
        return carryOut(request, bank);
    } catch (error) {
        if (error instanceof Refusal) return exceptionPdu(request[0] ?? 0, error.code);
        throw error;
    }
}

export function exceptionPdu(functionCode: number, code: number): Buffer {
    return Buffer.from([functionCode | 0x80, code]);
}

function carryOut(request: Buffer, bank: ModbusBank): Buffer {
    switch (request[0]) {
        case 1:
            return readBits(request, (address) => bank.coil(address));
        case 2:
            return readBits(request, (address) => bank.input(address));
        case 3:
            return readRegisters(request, (address) => bank.holding(address));
        case 4:
            return readRegisters(request, (address) => bank.inputRegister(address));
        case 5:
            return writeCoil(request, bank);
        case 6:
            return writeRegister(request, bank);
        case 15:
            return writeCoils(request, bank);
        case 16:
            return writeRegisters(request, bank);
        default:
            throw new Refusal(ILLEGAL_FUNCTION);
    }
}

function readBits(request: Buffer, read: (address: number) => boolean | undefined): Buffer {
    const { address, count } = span(request, 5, BITS_READ_MAX);
    const response = Buffer.alloc(2 + Math.ceil(count / 8));
    response[0] = request[0] ?? 0;
    response[1] = response.length - 2;
    for (let i = 0; i < count; i++) {
        const byte = 2 + (i >> 3);
        if (existing(read(address + i))) response[byte] = (response[byte] ?? 0) | (1 << (i & 7));
    }
    return response;
}

function readRegisters(request: Buffer, read: (address: number) => number | undefined): Buffer {
    const { address, count } = span(request, 5, REGISTERS_READ_MAX);
    const response = Buffer.alloc(2 + 2 * count);
    response[0] = request[0] ?? 0;
    response[1] = 2 * count;
    for (let i = 0; i < count; i++) response.writeUInt16BE(existing(read(address + i)), 2 + 2 * i);
    return response;
}

function writeCoil(request: Buffer, bank: ModbusBank): Buffer {
    expectLength(request, 5);
    const address = request.readUInt16BE(1);
    const value = request.readUInt16BE(3);
    if (value !== COIL_ON && bank.coilValue?.(address, value) === true) return Buffer.from(request);
    if (value !== COIL_ON && value !== 0) throw new Refusal(ILLEGAL_VALUE);
    existing(bank.coil(address));
    bank.setCoil(address, value === COIL_ON);
    return Buffer.from(request);
}

function writeRegister(request: Buffer, bank: ModbusBank): Buffer {
    expectLength(request, 5);
    const address = request.readUInt16BE(1);
    existing(bank.holding(address));
    bank.setHolding(address, request.readUInt16BE(3));
    return Buffer.from(request);
}

function writeCoils(request: Buffer, bank: ModbusBank): Buffer {
    const { address, count } = block(request, BITS_WRITTEN_MAX, (bits) => Math.ceil(bits / 8));
    for (let i = 0; i < count; i++) existing(bank.coil(address + i));
    for (let i = 0; i < count; i++) bank.setCoil(address + i, (request.readUInt8(6 + (i >> 3)) & (1 << (i & 7))) !== 0);
    return Buffer.from(request.subarray(0, 5));
}

function writeRegisters(request: Buffer, bank: ModbusBank): Buffer {
    const { address, count } = block(request, REGISTERS_WRITTEN_MAX, (registers) => 2 * registers);
    for (let i = 0; i < count; i++) existing(bank.holding(address + i));
    for (let i = 0; i < count; i++) bank.setHolding(address + i, request.readUInt16BE(6 + 2 * i));
    return Buffer.from(request.subarray(0, 5));
}

function span(request: Buffer, length: number, countMax: number): { address: number; count: number } {
    expectLength(request, length);
    const count = request.readUInt16BE(3);
    if (count < 1 || count > countMax) throw new Refusal(ILLEGAL_VALUE);
    return { address: request.readUInt16BE(1), count };
}

/** Head of a "write multiple" request: its byte count must fit both the quantity and the frame. */
function block(
    request: Buffer,
    countMax: number,
    bytesOf: (count: number) => number,
): { address: number; count: number } {
    if (request.length < 6) throw new Refusal(ILLEGAL_VALUE);
    const bytes = request.readUInt8(5);
    const head = span(request, 6 + bytes, countMax);
    if (bytes !== bytesOf(head.count)) throw new Refusal(ILLEGAL_VALUE);
    return head;
}

function expectLength(request: Buffer, length: number): void {
    if (request.length !== length) throw new Refusal(ILLEGAL_VALUE);
}

function existing<T>(value: T | undefined): T {
    if (value === undefined) throw new Refusal(ILLEGAL_ADDRESS);
    return value;
}
