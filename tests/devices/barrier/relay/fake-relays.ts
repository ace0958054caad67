/** Two relays as a module offers them, in virtual time, with a memory of when each was really on. */
import type { Cancel, Clock } from "../../../../src/ports/clock.ts";
import { DeviceFault, type DeviceHealth } from "../../../../src/ports/device-health.ts";
import type { ContactImage, DigitalIo } from "../../../../src/ports/digital-io.ts";

export interface RelayFaults {
    /** Relays that stay on once they are on. */
    readonly sticky?: readonly number[];
    /** Relays that never come on although the module accepts. */
    readonly dead?: readonly number[];
    /** From a call to the moment the relay moves. */
    readonly writeMs?: number;
    /** Calls to this output reject with `NO_REPLY` after the relay has moved all the same. */
    readonly lostReplies?: readonly number[];
}

/** A stretch of time in which a relay was really on; `toMs` undefined: still. */
export interface OnTime {
    readonly output: number;
    readonly fromMs: number;
    toMs?: number;
}

export const POLL_MS = 50;

export class FakeRelays implements DigitalIo {
    readonly id = "module";
    readonly onTimes: OnTime[] = [];
    readonly calls: string[] = [];
    faults: RelayFaults;
    isSilent = false;
    readonly #clock: Clock;
    readonly #ends = new Map<number, Cancel>();
    #image: ContactImage;

    constructor(clock: Clock, faults: RelayFaults = {}) {
        this.#clock = clock;
        this.faults = faults;
        this.#image = { atMs: clock.monotonicMs(), inputs: [], outputs: [false, false] };
        clock.every(POLL_MS, () => this.poll());
    }

    isOn(output: number): boolean {
        return this.onTimes.some((time) => time.output === output && time.toMs === undefined);
    }

    poll(): void {
        if (this.isSilent) return;
        this.#image = { atMs: this.#clock.monotonicMs(), inputs: [], outputs: [this.isOn(0), this.isOn(1)] };
    }

    image(): ContactImage {
        return this.#image;
    }

    health(): DeviceHealth {
        return this.isSilent
            ? { device: this.id, state: "failed", code: "NO_REPLY", detail: "gone", failures: 1 }
            : { device: this.id, state: "well", failures: 0 };
    }

    async pulse(output: number, widthMs: number): Promise<void> {
        await this.#write(`pulse ${output}`, output, () => {
            this.#switch(output, true);
            this.#ends.get(output)?.();
            this.#ends.set(
                output,
                this.#clock.after(widthMs, () => this.#switch(output, false)),
            );
        });
        await this.#sight(output, true, widthMs);
    }

    async set(output: number, isOn: boolean): Promise<void> {
        await this.#write(`set ${output} ${isOn}`, output, () => {
            this.#ends.get(output)?.();
            this.#switch(output, isOn);
        });
        await this.#sight(output, isOn, 500);
    }

    /** Somebody else's hand on the relay. */
    force(output: number, isOn: boolean): void {
        this.#switch(output, isOn);
    }

    #switch(output: number, isOn: boolean): void {
        const current = this.onTimes.find((time) => time.output === output && time.toMs === undefined);
        if (isOn && current === undefined && this.faults.dead?.includes(output) !== true) {
            this.onTimes.push({ output, fromMs: this.#clock.monotonicMs() });
        }
        if (!isOn && current !== undefined && this.faults.sticky?.includes(output) !== true) {
            current.toMs = this.#clock.monotonicMs();
        }
    }

    async #write(call: string, output: number, act: () => void): Promise<void> {
        this.calls.push(call);
        await this.#clock.sleep(this.faults.writeMs ?? 2);
        if (this.isSilent) throw new DeviceFault(this.id, "NO_REPLY", "no reply");
        act();
        if (this.faults.lostReplies?.includes(output) === true) throw new DeviceFault(this.id, "NO_REPLY", "lost");
    }

    /** As a real module: looks at the next polls. */
    async #sight(output: number, isOn: boolean, withinMs: number): Promise<void> {
        const sinceMs = this.#clock.monotonicMs();
        while (this.#clock.monotonicMs() - sinceMs <= withinMs) {
            const { atMs, outputs } = this.#image;
            if (atMs >= sinceMs && outputs[output] === isOn) return;
            await this.#clock.sleep(1);
        }
        throw new DeviceFault(this.id, "NOT_APPLIED", "not seen");
    }
}
