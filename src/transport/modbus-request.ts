/**
 * The requests that drivers may make, as `modbus-serial` sends and decodes them. That library checks CRC, length, unit and
 * function of a reply but not the byte count of a read; that is done here, and echoes are compared in `modbus-link.ts`.
 */
import type modbusSerial from "modbus-serial";
import { BadFrame } from "./modbus-frame.ts";

/** The part of `modbus-serial` that turns requests into frames and frames into values. */
export type ModbusCodec = Pick<
    InstanceType<typeof modbusSerial.default>,
    "writeFC1" | "writeFC2" | "writeFC3" | "writeFC5" | "writeFC6" | "writeFC16" | "writeCustomFC"
>;

export interface ModbusRequest<T> {
    /** For messages. */
    readonly what: string;
    readonly functionCode: number;
    /** Writes go before queued reads: an OPEN must not wait behind polls. */
    readonly isWrite: boolean;
    ask(codec: ModbusCodec, unit: number): Promise<T>;
}

const BITS_MAX = 2000; // Modbus Application Protocol V1.1b3, sections 6.1 and 6.2
const REGISTERS_MAX = 125; // section 6.3
const REGISTERS_WRITTEN_MAX = 123; // section 6.12
const WORD_MAX = 0xffff;

export function readBits(functionCode: 1 | 2, address: number, count: number): ModbusRequest<readonly boolean[]> {
    demand("address", address, 0, WORD_MAX);
    demand("count", count, 1, BITS_MAX);
    const method = functionCode === 1 ? "writeFC1" : "writeFC2";
    return {
        functionCode,
        what: `read of ${count} ${functionCode === 1 ? "coils" : "inputs"} from ${address}`,
        isWrite: false,
        async ask(codec, unit) {
            const { data } = await reply<{ data: boolean[] }>((done) => codec[method](unit, address, count, done));
            if (data.length !== 8 * Math.ceil(count / 8)) throw new BadFrame("byte count does not fit");
            return data.slice(0, count);
        },
    };
}

export function readHolding(address: number, count: number): ModbusRequest<readonly number[]> {
    demand("address", address, 0, WORD_MAX);
    demand("count", count, 1, REGISTERS_MAX);
    return {
        functionCode: 3,
        what: `read of ${count} holding registers from ${address}`,
        isWrite: false,
        async ask(codec, unit) {
            const { data } = await reply<{ data: number[] }>((done) => codec.writeFC3(unit, address, count, done));
            if (data.length !== count) throw new BadFrame("byte count does not fit");
            return data;
        },
    };
}

export function writeCoil(address: number, value: boolean): ModbusRequest<void> {
    demand("address", address, 0, WORD_MAX);
    return {
        functionCode: 5,
        what: `write of coil ${address} ${value ? "on" : "off"}`,
        isWrite: true,
        async ask(codec, unit) {
            await reply((done) => codec.writeFC5(unit, address, value, done));
        },
    };
}

/** Function 5 with a value of the maker's own, which the library can only send as a «custom» function. */
export function writeCoilValue(address: number, value: number): ModbusRequest<void> {
    demand("address", address, 0, WORD_MAX);
    demand("value", value, 0, WORD_MAX);
    return {
        functionCode: 5,
        what: `write of value ${value} to coil ${address}`,
        isWrite: true,
        async ask(codec, unit) {
            const bytes = [address >> 8, address & 0xff, value >> 8, value & 0xff];
            await reply((done) => codec.writeCustomFC(unit, 5, bytes, done));
        },
    };
}

export function writeHolding(address: number, value: number): ModbusRequest<void> {
    demand("address", address, 0, WORD_MAX);
    demand("value", value, 0, WORD_MAX);
    return {
        functionCode: 6,
        what: `write of ${value} to holding register ${address}`,
        isWrite: true,
        async ask(codec, unit) {
            await reply((done) => codec.writeFC6(unit, address, value, done));
        },
    };
}

/** Function 16: its answer repeats address and count. */
export function writeHoldings(address: number, values: readonly number[]): ModbusRequest<void> {
    demand("address", address, 0, WORD_MAX);
    demand("count", values.length, 1, REGISTERS_WRITTEN_MAX);
    for (const value of values) demand("value", value, 0, WORD_MAX);
    return {
        functionCode: 16,
        what: `write of ${values.length} holding registers from ${address}`,
        isWrite: true,
        async ask(codec, unit) {
            const echo = await reply<{ address: number; length: number }>((done) =>
                codec.writeFC16(unit, address, [...values], done),
            );
            if (echo.address !== address || echo.length !== values.length)
                throw new BadFrame("the echo differs from the request");
        },
    };
}

function reply<R>(call: (done: (error: Error | null, reply: R) => void) => void): Promise<R> {
    return new Promise((resolve, reject) => {
        call((error, answer) => (error ? reject(error) : resolve(answer)));
    });
}

/** A wrong argument is a mistake in a profile or a driver, not a fault of the device. */
function demand(name: string, value: number, min: number, max: number): void {
    if (Number.isInteger(value) && value >= min && value <= max) return;
    throw new RangeError(`Modbus ${name} ${value} is not a whole number from ${min} to ${max}`);
}
