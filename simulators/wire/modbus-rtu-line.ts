/** Modbus units behind a terminal, with the time that bytes take on a real line: a pseudo terminal is as fast as memory. */
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { Clock } from "../world/clock.ts";
import type { ModbusBank } from "./modbus-pdu.ts";
import { RtuUnits } from "./modbus-rtu-units.ts";
import type { WireFault } from "./wire-fault.ts";

interface RtuLineOptions {
    /** A terminal in raw mode. */
    readonly path: string;
    readonly baudRate: number;
    readonly clock: Clock;
    readonly units: ReadonlyMap<number, ModbusBank>;
}

export class ModbusRtuLine {
    readonly #file: number;
    readonly #stream: ReadStream;
    readonly #units: RtuUnits;

    constructor({ path, ...options }: RtuLineOptions) {
        this.#file = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
        this.#units = new RtuUnits({ ...options, say: (bytes) => void writeSync(this.#file, bytes) });
        this.#stream = new ReadStream(this.#file);
        this.#stream.on("data", (bytes: Buffer) => this.#units.hear(bytes));
        this.#stream.on("error", () => undefined);
    }

    /** Units that hear and do not answer. */
    get dead(): Set<number> {
        return this.#units.dead;
    }

    fault(fault: WireFault): void {
        this.#units.fault = fault;
    }

    close(): void {
        this.#stream.destroy();
        try {
            closeSync(this.#file);
        } catch {
            // the stream has closed it
        }
    }
}
