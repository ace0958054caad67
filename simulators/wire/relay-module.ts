/**
 * Six contacts and six relays behind Modbus, after the Moxa ioLogik E1214 (user's manual, appendix "E1214 Modbus Mapping"):
 * coils 0x0000+n relays, 0x0010+n hardware pulses, discrete inputs 0x0000+n contacts,
 * input register 0x0030 all contacts as bits, holding register 0x0020 all relays as bits.
 */
import type { ModbusBank } from "./modbus-pdu.ts";

const CHANNELS = 6;
const PULSE_COILS = 0x0010;
const ALL_INPUTS_REGISTER = 0x0030;
const ALL_RELAYS_REGISTER = 0x0020;

export class RelayModule implements ModbusBank {
    /** Terminal order; true = energised. Set by what is wired to them. */
    readonly inputs: boolean[] = Array<boolean>(CHANNELS).fill(false);
    readonly #relays: boolean[] = Array<boolean>(CHANNELS).fill(false);
    readonly #pulseLeftMs: number[] = Array<number>(CHANNELS).fill(0);
    readonly #pulseMs: number;

    /** `pulseMs` is what the installer set in the module for all relays. */
    constructor(pulseMs: number) {
        this.#pulseMs = pulseMs;
    }

    advance(elapsedMs: number): void {
        for (let n = 0; n < CHANNELS; n++) {
            const leftMs = this.#pulseLeftMs[n] ?? 0;
            if (leftMs <= 0) continue;
            this.#pulseLeftMs[n] = leftMs - elapsedMs;
            if (leftMs <= elapsedMs) this.#setRelay(n, false);
        }
    }

    coil(address: number): boolean | undefined {
        if (address < CHANNELS) return this.#relays[address];
        const pulse = this.#pulseLeftMs[address - PULSE_COILS];
        return pulse === undefined ? undefined : pulse > 0;
    }

    /** A relay written directly ends its pulse; a pulse started again lasts its full width from now. */
    setCoil(address: number, isOn: boolean): void {
        const n = address < CHANNELS ? address : address - PULSE_COILS;
        this.#setRelay(n, isOn);
        if (isOn && address >= PULSE_COILS) this.#pulseLeftMs[n] = this.#pulseMs;
    }

    input(address: number): boolean | undefined {
        return this.inputs[address];
    }

    holding(address: number): number | undefined {
        return address === ALL_RELAYS_REGISTER ? asBits(this.#relays) : undefined;
    }

    setHolding(_address: number, value: number): void {
        for (let n = 0; n < CHANNELS; n++) this.#setRelay(n, (value & (1 << n)) !== 0);
    }

    inputRegister(address: number): number | undefined {
        return address === ALL_INPUTS_REGISTER ? asBits(this.inputs) : undefined;
    }

    #setRelay(n: number, isOn: boolean): void {
        this.#relays[n] = isOn;
        this.#pulseLeftMs[n] = 0;
    }
}

function asBits(channels: readonly boolean[]): number {
    return channels.reduce((bits, isOn, n) => (isOn ? bits | (1 << n) : bits), 0);
}
