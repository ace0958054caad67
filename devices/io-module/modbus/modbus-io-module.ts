/** I/O modules on Modbus: what a profile says, turned into requests. Everything else is as with any polled module. */
import { DeviceFault } from "../../../src/ports/device-health.ts";
import type { ContactImage } from "../../../src/ports/digital-io.ts";
import type { ModbusRelayUnit } from "../../../src/ports/modbus-relay-unit.ts";
import { type IoWiring, PolledIoModule, type PolledIoModulePlan } from "../polled-io-module.ts";
import type { SettingsReport } from "../settings-report.ts";
import { describeIoModuleProfile, type IoModuleProfile } from "./io-module-profile.ts";
import { inspectSettings } from "./module-settings.ts";

export interface ModbusIoModulePlan extends PolledIoModulePlan {
    readonly unit: ModbusRelayUnit;
    readonly profile: IoModuleProfile;
}

export class ModbusIoModule extends PolledIoModule {
    constructor(plan: ModbusIoModulePlan) {
        super(plan, new ModbusWiring(plan.id, plan.unit, plan.profile));
    }
}

class ModbusWiring implements IoWiring {
    readonly suspects = "relay, module and profile";
    readonly #id: string;
    readonly #unit: ModbusRelayUnit;
    readonly #profile: IoModuleProfile;

    constructor(id: string, unit: ModbusRelayUnit, profile: IoModuleProfile) {
        this.#id = id;
        this.#unit = unit;
        this.#profile = profile;
    }

    get outputCount(): number {
        return this.#profile.outputs.count;
    }

    get pulseEndedBy(): "module" | "program" | undefined {
        const { pulse } = this.#profile;
        if (pulse === undefined) return undefined;
        return pulse.kind === "software" ? "program" : "module";
    }

    /**
     * Registers side by side are asked for at once: one request for two, and nothing that looks like the reply to the other one.
     */
    async read(): Promise<Pick<ContactImage, "inputs" | "outputs">> {
        const { inputs, outputs } = this.#profile;
        if (inputs?.function === 3 && outputs.function === 3 && inputs.address === outputs.address + 1) {
            const [outputWord, inputWord] = await this.#unit.readHolding(outputs.address, 2);
            if (outputWord === undefined || inputWord === undefined)
                throw new DeviceFault(this.#id, "BAD_REPLY", "fewer than two registers came back");
            return { inputs: bitsOf(inputWord, inputs.count), outputs: bitsOf(outputWord, outputs.count) };
        }
        const read = await this.#bits(outputs);
        return { inputs: inputs === undefined ? [] : await this.#bits(inputs), outputs: read };
    }

    set(output: number, isOn: boolean): Promise<void> {
        const { outputs } = this.#profile;
        if (outputs.function === 1) return this.#unit.writeCoil(outputs.address + output, isOn);
        const { address, on, off } = outputs.write;
        return this.#unit.writeHolding(address + output, isOn ? on : off);
    }

    startPulse(output: number, widthMs: number): Promise<void> {
        const { pulse } = this.#profile;
        switch (pulse?.kind) {
            case "start-coil":
                return this.#unit.writeCoil(pulse.address + output, true);
            case "flash-on": {
                const units = Math.min(pulse.unitsMax, Math.max(1, Math.round(widthMs / pulse.unitMs)));
                return this.#unit.writeCoilValue(pulse.address + output, units);
            }
            default:
                return this.set(output, true);
        }
    }

    /** A pulse that the module itself is timing is ended where it was started. */
    cutPulse(output: number): Promise<void> {
        const { pulse } = this.#profile;
        return pulse?.kind === "start-coil"
            ? this.#unit.writeCoil(pulse.address + output, false)
            : this.set(output, false);
    }

    inspect(): Promise<SettingsReport> {
        return inspectSettings(this.#unit, this.#profile);
    }

    describe(): readonly string[] {
        return describeIoModuleProfile(this.#profile);
    }

    async #bits(
        block: NonNullable<IoModuleProfile["inputs"]> | IoModuleProfile["outputs"],
    ): Promise<readonly boolean[]> {
        const { address, count } = block;
        const bits = await this.#ask(block.function, address, count);
        if (bits.length === count) return bits;
        throw new DeviceFault(this.#id, "BAD_REPLY", `${bits.length} contacts came back, not ${count}`);
    }

    async #ask(functionCode: 1 | 2 | 3, address: number, count: number): Promise<readonly boolean[]> {
        switch (functionCode) {
            case 1:
                return await this.#unit.readCoils(address, count);
            case 2:
                return await this.#unit.readInputs(address, count);
            case 3: {
                const [word] = await this.#unit.readHolding(address, 1);
                return word === undefined ? [] : bitsOf(word, count);
            }
        }
    }
}

function bitsOf(word: number, count: number): readonly boolean[] {
    return Array.from({ length: count }, (_, bit) => (word & (1 << bit)) !== 0);
}
