/**
 * Relay modules of several makers as their maps have them, from the module's side; the Moxa stands in `../relay-module.ts`. Where no
 * map was found the addresses are from general knowledge [U], as in the profiles.
 */
import type { ModbusBank } from "../modbus-pdu.ts";

/** No part of a map that a module lacks. */
abstract class BareBank implements ModbusBank {
    coil(_address: number): boolean | undefined {
        return undefined;
    }
    setCoil(_address: number, _isOn: boolean): void {
        // Refused before: the address does not exist.
    }
    input(_address: number): boolean | undefined {
        return undefined;
    }
    holding(_address: number): number | undefined {
        return undefined;
    }
    setHolding(_address: number, _value: number): void {
        // Refused before: the address does not exist.
    }
    inputRegister(_address: number): number | undefined {
        return undefined;
    }
}

const WAVESHARE_RELAYS = 8;
const FLASH_ON = 0x0200;
const FLASH_UNIT_MS = 100;

/** Waveshare Modbus RTU Relay, protocol V2: coils 0 to 7; function 5 at 0x0200+n is a pulse of value × 100 ms. */
export class WaveshareRelay extends BareBank {
    readonly #relays = Array<boolean>(WAVESHARE_RELAYS).fill(false);
    readonly #flashLeftMs = Array<number>(WAVESHARE_RELAYS).fill(0);

    advance(elapsedMs: number): void {
        for (const [n, leftMs] of this.#flashLeftMs.entries()) {
            if (leftMs <= 0) continue;
            this.#flashLeftMs[n] = leftMs - elapsedMs;
            if (leftMs <= elapsedMs) this.#relays[n] = false;
        }
    }

    override coil(address: number): boolean | undefined {
        return this.#relays[address];
    }

    override setCoil(address: number, isOn: boolean): void {
        this.#relays[address] = isOn;
        this.#flashLeftMs[address] = 0;
    }

    /** Function 5 with a value of the maker's own. */
    coilValue(address: number, value: number): boolean {
        const n = address - FLASH_ON;
        if (n < 0 || n >= WAVESHARE_RELAYS) return false;
        this.#relays[n] = true;
        this.#flashLeftMs[n] = value * FLASH_UNIT_MS;
        return true;
    }
}

const WB_RELAYS = 6;
const WB_SAFETY_S = 8;
const WB_SAFE_STATE = 930;
const WB_WHEN_OVER = 938;
/** Nothing in it moves a relay by itself; the safety timer is as delivered [U]. */
const WB_REGISTERS: readonly (readonly [first: number, count: number, value: number])[] = [
    [6, 1, 0],
    [WB_SAFETY_S, 1, 10],
    [9, 6, 3],
    [16, 1, 3],
    [WB_SAFE_STATE, WB_RELAYS, 0],
    [WB_WHEN_OVER, WB_RELAYS, 0],
    [1280, 3, 0],
];

/** Wiren Board WB-MR6C: coils and inputs 0 to 5; relays go to their safe states when nobody asked for the seconds of register 8. */
export class WirenBoardRelay extends BareBank {
    readonly inputs = Array<boolean>(WB_RELAYS).fill(false);
    readonly #relays = Array<boolean>(WB_RELAYS).fill(false);
    readonly #registers = new Map(
        WB_REGISTERS.flatMap(([first, count, value]) =>
            Array.from({ length: count }, (_, n) => [first + n, value] as const),
        ),
    );
    #unaskedMs = 0;

    advance(elapsedMs: number): void {
        this.#unaskedMs += elapsedMs;
        if (this.#unaskedMs < (this.#registers.get(WB_SAFETY_S) ?? 0) * 1_000) return;
        for (let n = 0; n < WB_RELAYS; n++)
            if (this.#registers.get(WB_WHEN_OVER + n) === 1)
                this.#relays[n] = this.#registers.get(WB_SAFE_STATE + n) === 1;
    }

    override coil(address: number): boolean | undefined {
        this.#unaskedMs = 0;
        return this.#relays[address];
    }

    override setCoil(address: number, isOn: boolean): void {
        this.#relays[address] = isOn;
    }

    override input(address: number): boolean | undefined {
        this.#unaskedMs = 0;
        return this.inputs[address];
    }

    override holding(address: number): number | undefined {
        return this.#registers.get(address);
    }

    override setHolding(address: number, value: number): void {
        this.#registers.set(address, value);
    }
}

const DUTY_FULL = 1_000;
const OUTPUT_MASK = 50;
const INPUT_MASK = 51;

/** ОВЕН МК110 and МУ110: a duty of 0 to 1000 for each output, masks of outputs and inputs in registers 50 and 51 [U]. */
export class OwenModule extends BareBank {
    readonly inputs: boolean[];
    readonly #duty: number[];

    constructor(inputs: number, outputs: number) {
        super();
        this.inputs = Array<boolean>(inputs).fill(false);
        this.#duty = Array<number>(outputs).fill(0);
    }

    override holding(address: number): number | undefined {
        if (address === OUTPUT_MASK) return maskOf(this.#duty.map((duty) => duty > 0));
        if (address === INPUT_MASK && this.inputs.length > 0) return maskOf(this.inputs);
        return this.#duty[address];
    }

    override setHolding(address: number, value: number): void {
        if (address < this.#duty.length) this.#duty[address] = Math.min(DUTY_FULL, value);
    }
}

const ADAM_CHANNELS = 6;
const ADAM_RELAYS = 16;

/** Advantech ADAM-6060: contacts are coils 0 to 5, relays coils 16 to 21. */
export class AdamModule extends BareBank {
    readonly inputs = Array<boolean>(ADAM_CHANNELS).fill(false);
    readonly #relays = Array<boolean>(ADAM_CHANNELS).fill(false);

    override coil(address: number): boolean | undefined {
        return address < ADAM_CHANNELS ? this.inputs[address] : this.#relays[address - ADAM_RELAYS];
    }

    override setCoil(address: number, isOn: boolean): void {
        if (address >= ADAM_RELAYS) this.#relays[address - ADAM_RELAYS] = isOn;
    }
}

function maskOf(levels: readonly boolean[]): number {
    return levels.reduce((mask, isOn, bit) => (isOn ? mask | (1 << bit) : mask), 0);
}
