/** A Modbus unit that takes many registers in one request: texts are too long to be written one by one. */
import type { ModbusUnit } from "./modbus-unit.ts";

/** What drivers of boards need of a unit. Same rules and errors as `ModbusUnit`. */
export interface ModbusBlockUnit extends Pick<ModbusUnit, "readHolding"> {
    /** Function 16; 1..123 values of 0..65535 (Modbus Application Protocol V1.1b3, section 6.12). */
    writeHoldings(address: number, values: readonly number[]): Promise<void>;
}
