/** One unit (slave) on a Modbus bus, as drivers see it. The bus behind it queues, times out and reconnects. */

/**
 * Addresses are 0-based protocol addresses (not 1xxxx/4xxxx numbers), counts 1..2000 bits or 1..125 registers
 * (Modbus Application Protocol V1.1b3, sections 6.1 to 6.12). Every call rejects with `DeviceFault`.
 */
export interface ModbusUnit {
    /** Function 2. */
    readInputs(address: number, count: number): Promise<readonly boolean[]>;
    /** Function 1. */
    readCoils(address: number, count: number): Promise<readonly boolean[]>;
    /** Function 5. */
    writeCoil(address: number, value: boolean): Promise<void>;
    /** Function 3. */
    readHolding(address: number, count: number): Promise<readonly number[]>;
    /** Function 6. */
    writeHolding(address: number, value: number): Promise<void>;
}
