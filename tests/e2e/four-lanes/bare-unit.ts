/** A Modbus unit that stands where no lorry comes: what its inputs show is set once, and what is written to it is kept. */
import type { ModbusBank } from "../../../simulators/wire/modbus-pdu.ts";

interface Face {
    /** Discrete inputs, terminal 0 first. */
    readonly inputs?: readonly boolean[];
    /** How many relays it has as coils. */
    readonly coils?: number;
    /** Holding registers that exist from the start; each that is written exists too. */
    readonly registers?: Readonly<Record<number, number>>;
    /** Relays written as a register each from 0 on are read back as bits of this one. */
    readonly relayBitsAt?: number;
}

export class BareUnit implements ModbusBank {
    readonly #inputs: readonly boolean[];
    readonly #coils: boolean[];
    readonly #registers: Map<number, number>;
    readonly #relayBitsAt: number | undefined;

    constructor({ inputs = [], coils = 0, registers = {}, relayBitsAt }: Face) {
        this.#inputs = inputs;
        this.#coils = Array.from({ length: coils }, () => false);
        this.#registers = new Map(Object.entries(registers).map(([at, value]) => [Number(at), value]));
        this.#relayBitsAt = relayBitsAt;
    }

    coil(address: number): boolean | undefined {
        return this.#coils[address];
    }

    setCoil(address: number, isOn: boolean): void {
        if (address < this.#coils.length) this.#coils[address] = isOn;
    }

    input(address: number): boolean | undefined {
        return this.#inputs[address];
    }

    holding(address: number): number | undefined {
        return this.#registers.get(address);
    }

    setHolding(address: number, value: number): void {
        const at = this.#relayBitsAt;
        if (at === undefined) return void this.#registers.set(address, value);
        const bits = this.#registers.get(at) ?? 0;
        this.#registers.set(at, value === 0 ? bits & ~(1 << address) : bits | (1 << address));
    }

    inputRegister(): undefined {
        return undefined;
    }
}
