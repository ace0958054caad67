/**
 * What all I/O modules have in common, whatever wire they are on: polled in a steady rhythm, every order read back, pulses by
 * the safest way the module has. How to talk to one kind of module is its `IoWiring`.
 */
import type { Clock } from "../../src/ports/clock.ts";
import { DeviceFault, type DeviceHealth, type FaultCode } from "../../src/ports/device-health.ts";
import type { ContactImage, DigitalIo } from "../../src/ports/digital-io.ts";
import { OutputWatch, type Sighting } from "./output-watch.ts";
import type { SettingFinding, SettingsReport } from "./settings-report.ts";

/** One module on its wire. Everything rejects with `DeviceFault`; after a failure of `read` it is read and inspected anew. */
export interface IoWiring {
    readonly outputCount: number;
    /** Who ends a pulse; undefined where there is no safe way to pulse. */
    readonly pulseEndedBy: "module" | "program" | undefined;
    /** What to look at when a relay does not follow. */
    readonly suspects: string;
    /** Outputs are asked for first, inputs last: a contact that changes meanwhile is in this image and not in the next. */
    read(): Promise<Pick<ContactImage, "inputs" | "outputs">>;
    set(output: number, isOn: boolean): Promise<void>;
    /** Begins a pulse that the module ends, or switches on what this program will switch off. */
    startPulse(output: number, widthMs: number): Promise<void>;
    /** Ends early what `startPulse` began. */
    cutPulse(output: number): Promise<void>;
    /** Settings in the module that decide whether it is safe to use; asked for after each time it was away. */
    inspect(): Promise<SettingsReport>;
    /** For people, one line each. */
    describe(): readonly string[];
    /** Lets `wake` be called when it may be worth to read at once. */
    onHint?(wake: () => void): void;
    close?(): Promise<void>;
}

export interface PolledIoModulePlan {
    readonly id: string;
    readonly clock: Clock;
    /** From one poll to the next, 20 or more. Default 50, the lane's tick. */
    readonly pollMs?: number;
    /** An input is not what it was in the image before. For bringing forward what would look anyway, never for acting. */
    readonly onChange?: () => void;
}

interface Pulse {
    offAtMs: number;
}

/** A set relay shows in the module's read-back within one scan of the module, 100 ms at most, and one poll [U]. */
const SEEN_MS_MAX = 500;
/** How much longer than its width a pulse may be seen: a poll, a lost reply and the module's own inaccuracy [U]. */
const PULSE_MARGIN_MS = 500;

/** A wire with time limits of its own gives up long before; a GPIO chip behind a stuck I2C bus does not. */
const HUNG_MS = 5_000;

export class PolledIoModule implements DigitalIo {
    readonly id: string;
    readonly #wiring: IoWiring;
    readonly #clock: Clock;
    readonly #pollMs: number;
    readonly #onChange: () => void;
    readonly #watch: OutputWatch;
    /** By output: the pulse that was ordered and not yet seen to end. The order that put it here sees to its end. */
    readonly #pulses = new Map<number, Pulse>();
    readonly #stuck = new Map<number, string>();
    #image: ContactImage | undefined;
    #pollFault: DeviceFault | undefined;
    #failures = 0;
    #findings: readonly SettingFinding[] = [];
    #isWatchdogArmed = false;
    #isInspected = false;
    #polling: Promise<void> | undefined;
    #stopping = new AbortController();
    #wake: () => void = () => undefined;
    /** Something changed while nobody was waiting to be woken. */
    #isHinted = false;

    constructor(plan: PolledIoModulePlan, wiring: IoWiring) {
        this.id = plan.id;
        this.#wiring = wiring;
        this.#clock = plan.clock;
        this.#pollMs = plan.pollMs ?? 50;
        this.#onChange = plan.onChange ?? (() => undefined);
        this.#watch = new OutputWatch(plan.clock);
        wiring.onHint?.(() => {
            this.#isHinted = true;
            this.#wake();
        });
    }

    start(): void {
        if (this.#polling !== undefined) return;
        this.#stopping = new AbortController();
        this.#isInspected = false;
        this.#polling = this.#poll(this.#stopping.signal);
    }

    /** Ends the polling; a relay that this program would have to switch off itself is switched off now. */
    async stop(): Promise<void> {
        this.#stopping.abort(this.#fault("NOT_CONNECTED", "is stopped"));
        this.#wake();
        await this.#polling;
        this.#polling = undefined;
        this.#watch.supersedeAll();
        const held = this.#wiring.pulseEndedBy === "program" ? [...this.#pulses.keys()] : [];
        this.#pulses.clear();
        await Promise.allSettled(held.map((output) => this.#wiring.set(output, false)));
        await this.#wiring.close?.();
    }

    image(): ContactImage | undefined {
        return this.#image;
    }

    health(): DeviceHealth {
        const common = { device: this.id, failures: this.#failures };
        const fault = this.#pollFault;
        if (fault !== undefined) return { ...common, state: "failed", code: fault.code, detail: fault.message };
        if (this.#image === undefined) return { ...common, state: "starting" };
        const ageMs = this.#clock.monotonicMs() - this.#image.atMs;
        if (this.#polling !== undefined && ageMs > Math.max(HUNG_MS, 3 * this.#pollMs)) {
            const detail = `${this.id}: a poll does not come to an end since ${Math.round(ageMs)} ms: check ${this.#wiring.suspects}`;
            return { ...common, state: "failed", code: "NO_REPLY", detail };
        }
        const detail = [...this.#stuck.values(), ...this.#dangers()].join("; ");
        return detail === ""
            ? { ...common, state: "well" }
            : { ...common, state: "failed", code: "NOT_APPLIED", detail };
    }

    /** For people: the profile, and what was found in the module when it was last inspected. */
    describe(): readonly string[] {
        const findings = this.#findings.map(({ severity, text }) => `${severity}: ${text}`);
        return [...this.#wiring.describe(), ...findings];
    }

    async set(output: number, isOn: boolean): Promise<void> {
        this.#demand(output);
        const running = this.#pulses.get(output);
        const own = { offAtMs: running?.offAtMs ?? 0 };
        if (running !== undefined) this.#pulses.set(output, own);
        this.#watch.supersede(output);
        try {
            if (running !== undefined && !isOn) await this.#wiring.cutPulse(output);
            else await this.#wiring.set(output, isOn);
            const sighting = await this.#sight(output, isOn, SEEN_MS_MAX);
            if (sighting !== "seen") throw this.#notApplied(output, `set ${isOn ? "on" : "off"}`, sighting);
            if (this.#pulses.get(output) === own) this.#pulses.delete(output);
        } catch (error) {
            void this.#endPulse(output, own, this.#stopping.signal);
            throw error;
        }
    }

    /** Where the width is set in the module (`start-coil`), `widthMs` must be the same. */
    async pulse(output: number, widthMs: number): Promise<void> {
        this.#demand(output);
        this.#demandPulse(output);
        const own = { offAtMs: this.#clock.monotonicMs() + widthMs };
        this.#pulses.set(output, own);
        this.#watch.supersede(output);
        try {
            await this.#wiring.startPulse(output, widthMs);
            own.offAtMs = this.#clock.monotonicMs() + widthMs;
            const sighting = await this.#sight(output, true, widthMs);
            if (sighting !== "seen") throw this.#notApplied(output, `pulsed for ${widthMs} ms`, sighting);
        } catch (error) {
            // An order without an answer may have been carried out all the same.
            if (this.#wiring.pulseEndedBy === "program") own.offAtMs = this.#clock.monotonicMs();
            throw error;
        } finally {
            void this.#endPulse(output, own, this.#stopping.signal);
        }
    }

    /** Throws where a pulse would not be safe or could not be felt. */
    #demandPulse(output: number): void {
        if (this.#image?.outputs[output] === true && this.#pollFault === undefined && !this.#pulses.has(output)) {
            throw this.#fault(
                "NOT_APPLIED",
                `output ${output} is on already, a pulse could not be felt: check ${this.#wiring.suspects}`,
            );
        }
        const { pulseEndedBy } = this.#wiring;
        if (pulseEndedBy === undefined)
            throw this.#fault("NOT_APPLIED", "this module has no safe way to pulse a relay");
        if (pulseEndedBy === "program" && !this.#isWatchdogArmed) {
            throw this.#fault(
                "NOT_APPLIED",
                "no pulse before the watchdog that ends it after a crash is known to be set",
            );
        }
    }

    /** Sees to it that the relay opens again, by itself or by us, and says so when it does not. Never rejects. */
    async #endPulse(output: number, own: Pulse, signal: AbortSignal): Promise<void> {
        const isOurs = (): boolean => this.#pulses.get(output) === own && !signal.aborted;
        if (this.#wiring.pulseEndedBy === "program") {
            await this.#until(own.offAtMs, signal);
            while (isOurs() && !(await this.#isSwitchedOff(output))) {
                await this.#until(this.#clock.monotonicMs() + this.#pollMs, signal);
            }
        }
        if (!isOurs()) return;
        const sighting = await this.#sight(output, false, own.offAtMs + PULSE_MARGIN_MS - this.#clock.monotonicMs());
        if (!isOurs()) return;
        if (sighting === "seen") this.#pulses.delete(output);
        if (sighting === "unseen") {
            this.#stuck.set(
                output,
                `output ${output} is not seen off ${PULSE_MARGIN_MS} ms after the end of its pulse: check ${this.#wiring.suspects} and pulse width`,
            );
            this.#failures++;
        }
    }

    /** Returns early when stopped. */
    async #until(atMs: number, signal: AbortSignal): Promise<void> {
        await this.#clock.sleep(Math.max(0, atMs - this.#clock.monotonicMs()), signal).catch(() => undefined);
    }

    async #isSwitchedOff(output: number): Promise<boolean> {
        try {
            await this.#wiring.set(output, false);
            return true;
        } catch {
            return false; // the watchdog drops it if this goes on; health already tells of the bus
        }
    }

    /** Waits for the relay to be seen so; looks at once instead of at the next turn. */
    #sight(output: number, isOn: boolean, withinMs: number): Promise<Sighting> {
        const sighting = this.#watch.await(output, isOn, withinMs);
        this.#wake();
        return sighting;
    }

    async #poll(signal: AbortSignal): Promise<void> {
        while (!signal.aborted) {
            const startedMs = this.#clock.monotonicMs();
            this.#isHinted = false;
            try {
                const before = this.#image;
                // The stamp is from before the first request: the image may be younger than it claims, never older.
                this.#image = { atMs: startedMs, ...(await this.#wiring.read()) };
                this.#pollFault = undefined;
                this.#learn(this.#image);
                if (this.#image.inputs.some((isOn, input) => isOn !== before?.inputs[input])) this.#onChange();
                if (!this.#isInspected) await this.#inspect();
            } catch (error) {
                this.#blame(error);
            }
            const restMs = this.#isHinted ? 0 : startedMs + this.#pollMs - this.#clock.monotonicMs();
            if (!signal.aborted) await this.#pause(restMs);
        }
    }

    #learn(image: ContactImage): void {
        this.#watch.look(image);
        for (const output of [...this.#stuck.keys()]) {
            if (image.outputs[output] !== false) continue;
            this.#stuck.delete(output);
            this.#pulses.delete(output);
        }
    }

    async #inspect(): Promise<void> {
        const report = await this.#wiring.inspect();
        this.#isInspected = true;
        this.#isWatchdogArmed = report.isWatchdogArmed;
        this.#findings = report.findings;
        if (this.#dangers().length > 0) this.#failures++;
    }

    /** A module that was away may have been switched off, replaced or set anew: it is inspected again. */
    #blame(error: unknown): void {
        if (this.#pollFault === undefined) this.#failures++;
        this.#pollFault = error instanceof DeviceFault ? error : this.#fault("BAD_REPLY", String(error), error);
        this.#isInspected = false;
        this.#isWatchdogArmed = false;
    }

    async #pause(durationMs: number): Promise<void> {
        await new Promise<void>((resolve) => {
            const cancel = this.#clock.after(Math.max(1, durationMs), resolve);
            this.#wake = () => {
                cancel();
                resolve();
            };
        });
        this.#wake = () => undefined;
    }

    #dangers(): readonly string[] {
        return this.#findings.filter(({ severity }) => severity === "dangerous").map(({ text }) => text);
    }

    #demand(output: number): void {
        const { outputCount } = this.#wiring;
        if (!Number.isInteger(output) || output < 0 || output >= outputCount) {
            throw new RangeError(`${this.id} has outputs 0 to ${outputCount - 1}, not ${output}`);
        }
        if (this.#polling === undefined || this.#stopping.signal.aborted)
            throw this.#fault("NOT_CONNECTED", "is stopped");
    }

    /** Not seen because the module is silent is not the same as seen to be otherwise. */
    #notApplied(output: number, order: string, sighting: Sighting): DeviceFault {
        if (sighting === "superseded") {
            return this.#fault("NOT_APPLIED", `output ${output}, ${order}: a later order took its place`);
        }
        const cause = this.#pollFault;
        const message = `output ${output} was ${order} and not seen so: check ${this.#wiring.suspects}`;
        return this.#fault(cause?.code ?? "NOT_APPLIED", message, cause);
    }

    #fault(code: FaultCode, message: string, cause?: unknown): DeviceFault {
        return new DeviceFault(this.id, code, message, cause === undefined ? {} : { cause });
    }
}
