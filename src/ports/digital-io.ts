/** Contacts in, relays out: what an I/O module or a set of GPIO lines offers to the devices wired to it. */
import type { DeviceHealth } from "./device-health.ts";

/** State of all contacts at one moment. `atMs` is monotonic; readers judge its age, the module does not. */
export interface ContactImage {
    readonly atMs: number;
    /** Terminal order, `true` = energised. */
    readonly inputs: readonly boolean[];
    /** Read back from the module, not what was last written. */
    readonly outputs: readonly boolean[];
}

/** One I/O module. Terminals are counted from 0 in the order of its protocol. */
export interface DigitalIo {
    readonly id: string;
    /** The newest complete image; undefined until the module answered once. Never throws, never waits. */
    image(): ContactImage | undefined;
    health(): DeviceHealth;
    /**
     * Closes a relay for the profile's or the given time and reads it back. Resolves when it was seen energised;
     * rejects with `DeviceFault` (`NOT_APPLIED` when accepted but not seen). Uses a hardware pulse where the module has one.
     */
    pulse(output: number, widthMs: number): Promise<void>;
    /** Sets a relay and reads it back; same errors. */
    set(output: number, isOn: boolean): Promise<void>;
}
