/** A line on which bytes come and go: a serial port, or a serial server reached over TCP. What the bytes mean, drivers know. */
import type { DeviceHealth } from "./device-health.ts";

/** Hears of one line. Called in order, never within a call to the line. */
export interface LineListener {
    /** A new connection: whatever came before does not continue. */
    opened(): void;
    /** `atMs` is monotonic. */
    heard(bytes: Uint8Array, atMs: number): void;
}

/** Opens by itself, stays open, opens again after a loss with back-off; a USB adapter that is plugged in again is found again. */
export interface ByteLine {
    /** Once, before `start`. */
    listen(listener: LineListener): void;
    start(): void;
    /** Rejects with `DeviceFault` `NOT_CONNECTED` while the line is not open. */
    send(bytes: Uint8Array): Promise<void>;
    /** Gives the connection up and makes a new one: half-open TCP connections never say that they are dead. */
    renew(why: string): void;
    health(): DeviceHealth;
    /** Leaves nothing open. */
    close(): Promise<void>;
}
