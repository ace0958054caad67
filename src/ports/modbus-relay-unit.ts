/** A Modbus unit that also takes function 5 with a value of the maker's own: some relay modules time a pulse that way. */
import type { ModbusUnit } from "./modbus-unit.ts";

/** What relay drivers need of a unit. Same rules and errors as `ModbusUnit`. */
export interface ModbusRelayUnit extends ModbusUnit {
    /** Function 5 with `value` (0..65535) as it stands in place of FF00/0000; the whole echo is compared. */
    writeCoilValue(address: number, value: number): Promise<void>;
}
