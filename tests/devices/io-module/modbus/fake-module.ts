/** An I/O module behind a Modbus unit, in virtual time: addresses and habits are the test's, nothing is read from a profile. */
import type { Cancel, Clock } from "../../../../src/ports/clock.ts";
import { DeviceFault } from "../../../../src/ports/device-health.ts";
import type { ModbusRelayUnit } from "../../../../src/ports/modbus-relay-unit.ts";

export interface FakeModuleHabits {
    readonly inputs?: { readonly function: 1 | 2; readonly address: number };
    readonly outputs: { readonly address: number };
    /** Coils that start a pulse of `widthMs`, as set in the module. */
    readonly startCoil?: { readonly address: number; readonly widthMs: number };
    /** Function 5 with a value: pulse of value x `unitMs`. */
    readonly flash?: { readonly address: number; readonly unitMs: number };
    /** Holding registers that exist; reading others is an exception. */
    readonly registers?: Readonly<Record<number, number>>;
    /** Registers that accept a write and keep their value. */
    readonly stubborn?: readonly number[];
    /** Relays drop after this silence when set. */
    readonly watchdogMs?: number;
}

const COUNT = 6;

export class FakeModule implements ModbusRelayUnit {
    readonly contacts: boolean[] = Array(COUNT).fill(false);
    readonly relays: boolean[] = Array(COUNT).fill(false);
    readonly registers = new Map<number, number>();
    /** Every write, in order: `coil 16 true`, `value 512 7`, `register 8 2`. */
    readonly writes: string[] = [];
    isSilent = false;
    /** Relays that do not move any more. */
    readonly jammed = new Set<number>();
    /** How long an exchange takes. */
    tripMs = 2;
    /** Replies to writes get lost although they were carried out, this many times. */
    lostReplies = 0;
    reads = 0;
    readonly #clock: Clock;
    readonly #habits: FakeModuleHabits;
    readonly #ends = new Map<number, Cancel>();
    #dropAll: Cancel = () => undefined;

    constructor(clock: Clock, habits: FakeModuleHabits) {
        this.#clock = clock;
        this.#habits = habits;
        for (const [address, value] of Object.entries(habits.registers ?? {}))
            this.registers.set(Number(address), value);
    }

    readInputs(address: number, count: number): Promise<readonly boolean[]> {
        return this.#bits(2, address, count);
    }

    readCoils(address: number, count: number): Promise<readonly boolean[]> {
        return this.#bits(1, address, count);
    }

    async readHolding(address: number, count: number): Promise<readonly number[]> {
        await this.#exchange();
        return Array.from({ length: count }, (_, offset) => {
            const value = this.registers.get(address + offset);
            if (value === undefined) throw exception();
            return value;
        });
    }

    async writeCoil(address: number, value: boolean): Promise<void> {
        this.writes.push(`coil ${address} ${value}`);
        await this.#exchange();
        const { outputs, startCoil } = this.#habits;
        const plain = address - outputs.address;
        const timed = address - (startCoil?.address ?? Number.NaN);
        if (plain >= 0 && plain < COUNT) this.#move(plain, value);
        else if (startCoil !== undefined && timed >= 0 && timed < COUNT) {
            this.#move(timed, value);
            if (value) this.#moveLater(timed, startCoil.widthMs);
        } else throw exception();
        this.#reply();
    }

    async writeCoilValue(address: number, value: number): Promise<void> {
        this.writes.push(`value ${address} ${value}`);
        await this.#exchange();
        const { flash } = this.#habits;
        if (flash === undefined) throw exception();
        this.#move(address - flash.address, true);
        this.#moveLater(address - flash.address, value * flash.unitMs);
        this.#reply();
    }

    async writeHolding(address: number, value: number): Promise<void> {
        this.writes.push(`register ${address} ${value}`);
        await this.#exchange();
        if (!this.registers.has(address)) throw exception();
        if (this.#habits.stubborn?.includes(address) !== true) this.registers.set(address, value);
        this.#reply();
    }

    async #bits(functionCode: 1 | 2, address: number, count: number): Promise<readonly boolean[]> {
        this.reads++;
        await this.#exchange();
        const { inputs, outputs } = this.#habits;
        const isInput = inputs?.function === functionCode && inputs.address === address;
        if (!isInput && !(functionCode === 1 && outputs.address === address)) throw exception();
        return (isInput ? this.contacts : this.relays).slice(0, count);
    }

    async #exchange(): Promise<void> {
        await this.#clock.sleep(this.tripMs);
        if (this.isSilent) throw new DeviceFault("bus/1", "NO_REPLY", "no reply");
        this.#dropAll();
        const { watchdogMs } = this.#habits;
        if (watchdogMs !== undefined) this.#dropAll = this.#clock.after(watchdogMs, () => this.relays.fill(false));
    }

    #reply(): void {
        if (this.lostReplies === 0) return;
        this.lostReplies--;
        throw new DeviceFault("bus/1", "NO_REPLY", "the reply got lost");
    }

    #move(relay: number, isOn: boolean): void {
        this.#ends.get(relay)?.();
        if (!this.jammed.has(relay)) this.relays[relay] = isOn;
    }

    #moveLater(relay: number, afterMs: number): void {
        this.#ends.set(
            relay,
            this.#clock.after(afterMs, () => this.#move(relay, false)),
        );
    }
}

function exception(): DeviceFault {
    return new DeviceFault("bus/1", "BAD_REPLY", "Modbus exception 2: Illegal data address");
}
