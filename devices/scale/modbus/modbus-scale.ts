/** An indicator with its weight in Modbus registers. Weight and status come in one reply, so that they belong to one moment. */
import type { Clock } from "../../../src/ports/clock.ts";
import { DeviceFault, type DeviceHealth } from "../../../src/ports/device-health.ts";
import type { ModbusUnit } from "../../../src/ports/modbus-unit.ts";
import type { Scale, ScaleSighting } from "../../../src/ports/scale.ts";
import type { Weighbridge } from "../weighbridge.ts";
import { readRegisters, type ScaleRegisters, spanOf } from "./weight-registers.ts";

export interface ModbusScalePlan {
    readonly id: string;
    readonly unit: Pick<ModbusUnit, "readHolding">;
    readonly registers: ScaleRegisters;
    /** What one count of a whole-number weight is worth. */
    readonly kgPerUnit: number;
    readonly bridge: Weighbridge;
    readonly periodMs: number;
    readonly clock: Clock;
}

export class ModbusScale implements Scale {
    readonly id: string;
    readonly #plan: ModbusScalePlan;
    readonly #stopping = new AbortController();
    #polling: Promise<void> | undefined;
    #fault: DeviceFault | undefined;
    #failures = 0;

    constructor(plan: ModbusScalePlan) {
        this.id = plan.id;
        this.#plan = plan;
    }

    start(): void {
        this.#polling ??= this.#poll(this.#stopping.signal);
    }

    async stop(): Promise<void> {
        this.#stopping.abort(new Error("stopped"));
        await this.#polling;
    }

    sighting(): ScaleSighting | undefined {
        return this.#plan.bridge.sighting;
    }

    health(): DeviceHealth {
        const common = { device: this.id, failures: this.#failures };
        const fault = this.#fault;
        if (fault !== undefined) return { ...common, state: "failed", code: fault.code, detail: fault.message };
        return { ...common, state: this.#plan.bridge.sighting === undefined ? "starting" : "well" };
    }

    async #poll(signal: AbortSignal): Promise<void> {
        const { clock, periodMs } = this.#plan;
        while (!signal.aborted) {
            const startedMs = clock.monotonicMs();
            await this.#look(startedMs).catch((error: unknown) => this.#blame(error));
            const waitMs = Math.max(1, startedMs + periodMs - clock.monotonicMs());
            await clock.sleep(waitMs, signal).catch(() => undefined);
        }
    }

    /** The stamp is from before the question: the weight may be younger, never older. */
    async #look(atMs: number): Promise<void> {
        const { unit, registers, kgPerUnit, bridge } = this.#plan;
        const { address, count } = spanOf(registers);
        const words = await unit.readHolding(address, count);
        const frame = Buffer.alloc(2 * words.length);
        for (const [at, word] of words.entries()) frame.writeUInt16BE(word, 2 * at);
        bridge.take(readRegisters(frame, registers, kgPerUnit), frame, atMs);
        if (bridge.complaint !== undefined) throw new DeviceFault(this.id, "BAD_REPLY", bridge.complaint);
        this.#fault = undefined;
    }

    #blame(error: unknown): void {
        if (this.#fault === undefined) this.#failures++;
        const isOurs = error instanceof DeviceFault;
        this.#fault = isOurs ? error : new DeviceFault(this.id, "BAD_REPLY", String(error), { cause: error });
        this.#plan.bridge.interrupt();
    }
}
