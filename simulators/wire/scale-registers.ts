/** Indicators with their weight in Modbus registers, after three makers' maps; what is not named here does not exist. */
import type { ModbusBank } from "./modbus-pdu.ts";
import type { Shown } from "./scale-dialects.ts";

export const SCALE_MAPS = ["laumas", "cas-600d", "tenso-bus"] as const;
export type ScaleMap = (typeof SCALE_MAPS)[number];

/** 40006 to 40014, 0-based 5 to 13: command, status, gross, net, peak, division. */
const LAUMAS_FIRST = 5;
/** 40008 to 40011: gross and net. */
const CAS_FIRST = 7;

export class ScaleRegisters implements ModbusBank {
    readonly #map: ScaleMap;
    readonly #shown: () => Shown;

    constructor(map: ScaleMap, shown: () => Shown) {
        this.#map = map;
        this.#shown = shown;
    }

    holding(address: number): number | undefined {
        switch (this.#map) {
            case "laumas":
                return this.#laumas()[address - LAUMAS_FIRST];
            case "cas-600d":
                return this.#cas()[address - CAS_FIRST];
            case "tenso-bus":
                return this.#tensoBus()[address];
        }
    }

    coil(): undefined {
        return undefined;
    }

    setCoil(): void {
        // It has none.
    }

    input(): undefined {
        return undefined;
    }

    setHolding(): void {
        // Commands are taken and do nothing: nobody zeroes this scale from afar.
    }

    inputRegister(): undefined {
        return undefined;
    }

    #laumas(): readonly number[] {
        const { kg, isStable, isOver } = this.#shown();
        const status =
            (isOver ? 1 << 2 : 0) |
            (kg < 0 ? (1 << 7) | (1 << 8) : 0) |
            (isStable ? 1 << 11 : 0) |
            (kg === 0 ? 1 << 12 : 0);
        const weight = [Math.abs(kg) >>> 16, Math.abs(kg) & 0xffff];
        return [0, status, ...weight, ...weight, ...weight, 0];
    }

    /** Two's complement: how it writes negative weights is not documented [U]. */
    #cas(): readonly number[] {
        const weight = [(this.#shown().kg >> 16) & 0xffff, this.#shown().kg & 0xffff];
        return [...weight, ...weight];
    }

    #tensoBus(): readonly number[] {
        const bytes = Buffer.alloc(4);
        bytes.writeFloatBE(this.#shown().kg);
        const weight = [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
        return [...weight, ...weight, 0];
    }
}
