/** Health of anything outside the process: a bus, an I/O module, a camera, the broker, a child process. */

/** `failed` after the first missed answer; `starting` until the first good one. */
export type HealthState = "starting" | "well" | "failed";

/** How one device stands, for officers, the central system and the journal. */
export interface DeviceHealth {
    readonly device: string;
    readonly state: HealthState;
    /** Stable code from `docs/errors.md`, present when failed, e.g. `NO_REPLY`. */
    readonly code?: FaultCode;
    /** One plain sentence for the officer: what, where, what to do next. */
    readonly detail?: string;
    /** How often this device has failed since the start. */
    readonly failures: number;
}

/** Codes named by the reaction they call for; see `docs/errors.md`. */
export type FaultCode =
    | "NO_REPLY" // skip device, retry with back-off
    | "LATE_REPLY" // the same: it answers when its time is over, and what it says then is thrown away
    | "NOT_CONNECTED" // skip device, retry with back-off
    | "BAD_REPLY" // skip device, retry with back-off: it answered nonsense
    | "NOT_AUTHORISED" // retry with long back-off: a person must renew what the box identifies itself with
    | "REFUSED" // retry with back-off, then put it before a person: it understood us and said no
    | "NOT_APPLIED" // latch fault: accepted is not applied
    | "IMPOSSIBLE_READING" // latch fault
    | "CHILD_DIED" // restart with back-off
    | "CHILD_SILENT" // kill and restart with back-off
    | "FRAME_TIMEOUT" // reconnect the camera with back-off
    | "PICTURE_FROZEN" // believe no read of it until its picture moves again; a person restarts it
    | "PICTURE_DARK" // a person looks at the camera; a plate read in spite of it counts
    | "PICTURE_DAZZLED" // the same
    | "LENS_COVERED"; // the same

/** A device did not do what was asked. The code names the reaction it calls for. */
export class DeviceFault extends Error {
    readonly device: string;
    readonly code: FaultCode;
    constructor(device: string, code: FaultCode, message: string, options?: ErrorOptions) {
        super(`${device}: ${message}`, options);
        this.name = "DeviceFault";
        this.device = device;
        this.code = code;
    }
}
