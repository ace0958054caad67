/** Contacts and relays on the machine's own GPIO lines: the lines come and go as one bank, inputs are debounced. */
import type { Cancel, Clock } from "../../../src/ports/clock.ts";
import { DeviceFault } from "../../../src/ports/device-health.ts";
import type { ContactImage } from "../../../src/ports/digital-io.ts";
import type { GpioBank, OpenGpioBank } from "../../../src/ports/gpio.ts";
import { type IoWiring, PolledIoModule, type PolledIoModulePlan } from "../polled-io-module.ts";
import type { SettingsReport } from "../settings-report.ts";
import { Debouncer } from "./debouncer.ts";
import { describeGpioProfile, type GpioProfile } from "./gpio-profile.ts";

export interface GpioIoModulePlan extends PolledIoModulePlan {
    readonly open: OpenGpioBank;
    readonly profile: GpioProfile;
    /** The site has stated that pulses timed by this program are accepted here; without it nothing is pulsed. */
    readonly mayPulse: boolean;
}

/** Lines that could not be had are asked for again after this long. */
const REOPEN_MS = 2_000;

export class GpioIoModule extends PolledIoModule {
    constructor(plan: GpioIoModulePlan) {
        super(plan, new GpioWiring(plan));
    }
}

class GpioWiring implements IoWiring {
    readonly suspects = "relay, wiring and who else drives the line";
    readonly outputCount: number;
    readonly pulseEndedBy: "program" | undefined;
    readonly #id: string;
    readonly #clock: Clock;
    readonly #profile: GpioProfile;
    readonly #openBank: OpenGpioBank;
    readonly #debouncer: Debouncer;
    #bank: GpioBank | undefined;
    #fault: DeviceFault | undefined;
    #reopenAtMs = 0;
    #isClosed = false;
    #wake: () => void = () => undefined;
    #cancelLook: Cancel = () => undefined;

    constructor({ id, clock, profile, open, mayPulse }: GpioIoModulePlan) {
        this.#id = id;
        this.#clock = clock;
        this.#profile = profile;
        this.#openBank = open;
        this.#debouncer = new Debouncer(profile.debounceMs);
        this.outputCount = profile.outputs.length;
        this.pulseEndedBy = mayPulse ? "program" : undefined;
    }

    onHint(wake: () => void): void {
        this.#wake = wake;
    }

    async read(): Promise<Pick<ContactImage, "inputs" | "outputs">> {
        const bank = await this.#held();
        try {
            const { inputs, outputs } = await bank.read();
            const nowMs = this.#clock.monotonicMs();
            const settled = this.#debouncer.settle(inputs, nowMs);
            this.#cancelLook();
            const againMs = this.#debouncer.lookAgainMs;
            if (againMs !== undefined) this.#cancelLook = this.#clock.after(againMs - nowMs, () => this.#wake());
            return { inputs: settled, outputs };
        } catch (error) {
            await this.#drop(error instanceof DeviceFault ? error : this.#faultOf(String(error)));
            throw error;
        }
    }

    async set(output: number, isOn: boolean): Promise<void> {
        if (this.#bank === undefined) throw this.#fault ?? this.#faultOf("the lines are not taken yet");
        await this.#bank.write(output, isOn);
    }

    startPulse(output: number): Promise<void> {
        return this.set(output, true);
    }

    cutPulse(output: number): Promise<void> {
        return this.set(output, false);
    }

    /** A bank that is open has its guard. */
    async inspect(): Promise<SettingsReport> {
        return { isWatchdogArmed: this.#bank !== undefined, findings: [] };
    }

    describe(): readonly string[] {
        return describeGpioProfile(this.#profile);
    }

    async close(): Promise<void> {
        this.#isClosed = true;
        this.#cancelLook();
        await this.#drop(this.#faultOf("is stopped"));
    }

    async #held(): Promise<GpioBank> {
        if (this.#bank !== undefined) return this.#bank;
        if (this.#fault !== undefined && this.#clock.monotonicMs() < this.#reopenAtMs) throw this.#fault;
        try {
            const { inputs, outputs } = this.#profile;
            this.#debouncer.forget();
            const bank = await this.#openBank(
                { inputs, outputs },
                {
                    onEdge: () => this.#wake(),
                    onLost: (why) => void this.#drop(this.#faultOf(why)),
                },
            );
            if (this.#isClosed) await bank.close();
            else this.#bank = bank;
            return bank;
        } catch (error) {
            await this.#drop(error instanceof DeviceFault ? error : this.#faultOf(String(error)));
            throw error;
        }
    }

    async #drop(fault: DeviceFault): Promise<void> {
        const bank = this.#bank;
        this.#bank = undefined;
        this.#fault = fault;
        this.#reopenAtMs = this.#clock.monotonicMs() + REOPEN_MS;
        await bank?.close();
    }

    #faultOf(message: string): DeviceFault {
        return new DeviceFault(this.#id, "NOT_CONNECTED", message);
    }
}
