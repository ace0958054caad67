/** A line of bytes without a wire: a test speaks for the indicator, and hears what it is asked. */
import type { ByteLine, LineListener } from "../../../src/ports/byte-line.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { DeviceFault, type DeviceHealth } from "../../../src/ports/device-health.ts";

export class FakeLine implements ByteLine {
    readonly asked: string[] = [];
    readonly renewed: string[] = [];
    /** What comes back for a question, at once; undefined: silence. */
    answer: (ask: Uint8Array) => Uint8Array | undefined = () => undefined;
    isOpen = true;
    /** Bytes are taken and never handed on. */
    isStuck = false;
    isClosed = false;
    readonly #clock: Clock;
    #listener: LineListener | undefined;

    constructor(clock: Clock) {
        this.#clock = clock;
    }

    listen(listener: LineListener): void {
        this.#listener = listener;
    }

    start(): void {
        this.open();
    }

    open(): void {
        this.isOpen = true;
        this.#listener?.opened();
    }

    say(bytes: Uint8Array | string): void {
        const heard = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
        this.#listener?.heard(Uint8Array.from(heard), this.#clock.monotonicMs());
    }

    async send(bytes: Uint8Array): Promise<void> {
        if (!this.isOpen) throw new DeviceFault("fake", "NOT_CONNECTED", "is not open");
        if (this.isStuck) return new Promise(() => undefined);
        this.asked.push(Buffer.from(bytes).toString("latin1"));
        const answer = this.answer(bytes);
        if (answer !== undefined) queueMicrotask(() => this.say(answer));
    }

    renew(why: string): void {
        this.renewed.push(why);
        this.open();
    }

    health(): DeviceHealth {
        const common = { device: "fake", failures: 0 };
        return this.isOpen
            ? { ...common, state: "well" }
            : { ...common, state: "failed", code: "NOT_CONNECTED", detail: "fake: is not open" };
    }

    async close(): Promise<void> {
        this.isClosed = true;
    }
}
