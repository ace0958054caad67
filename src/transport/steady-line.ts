/**
 * One line of bytes that is kept open: opened at the start, opened again with back-off whenever it is lost. Who listens hears
 * of every new connection, so that halves of two frames are never joined across a gap.
 */
import type { ByteLine, LineListener } from "../ports/byte-line.ts";
import type { Clock } from "../ports/clock.ts";
import { DeviceFault, type DeviceHealth } from "../ports/device-health.ts";
import { type BackOff, backOffMs } from "./back-off.ts";
import type { OpenWire, WireLine } from "./line-wire.ts";

export interface SteadyLinePlan {
    /** In words, for messages: `serial /dev/serial/by-id/…`, `tcp 192.0.2.7:4001`. */
    readonly id: string;
    readonly open: OpenWire;
    readonly clock: Clock;
    /** Default 250 to 2000 ms: a plug that was pulled is in again when somebody looks. */
    readonly backOff?: BackOff;
}

export class SteadyLine implements ByteLine {
    readonly #plan: SteadyLinePlan;
    readonly #backOff: BackOff;
    readonly #closing = new AbortController();
    #listener: LineListener | undefined;
    #wire: WireLine | undefined;
    #keeping: Promise<void> | undefined;
    #fault: DeviceFault | undefined;
    #failures = 0;
    #failuresInRow = 0;

    constructor(plan: SteadyLinePlan) {
        this.#plan = plan;
        this.#backOff = plan.backOff ?? { minMs: 250, maxMs: 2_000, random: Math.random };
    }

    listen(listener: LineListener): void {
        this.#listener = listener;
    }

    start(): void {
        this.#keeping ??= this.#keep();
    }

    async send(bytes: Uint8Array): Promise<void> {
        const wire = this.#wire;
        if (wire === undefined) throw this.#fault ?? this.#lost("is not open yet");
        await wire.send(bytes).catch((error: unknown) => {
            throw this.#lost(`cannot be written to (${messageOf(error)})`);
        });
    }

    renew(why: string): void {
        this.#wire?.end(why);
    }

    health(): DeviceHealth {
        const common = { device: this.#plan.id, failures: this.#failures };
        const fault = this.#fault;
        if (fault !== undefined) return { ...common, state: "failed", code: fault.code, detail: fault.message };
        return { ...common, state: this.#wire === undefined ? "starting" : "well" };
    }

    async close(): Promise<void> {
        this.#closing.abort(this.#lost("is closed"));
        this.#wire?.end("closed");
        await this.#keeping;
    }

    async #keep(): Promise<void> {
        const { signal } = this.#closing;
        while (!signal.aborted) {
            const why = await this.#once(signal);
            this.#fault = this.#lost(why);
            if (signal.aborted) return;
            this.#failures++;
            this.#failuresInRow++;
            await this.#plan.clock.sleep(backOffMs(this.#failuresInRow, this.#backOff), signal).catch(() => undefined);
        }
    }

    /** One connection, from opening to its end; gives the reason of the end. */
    async #once(signal: AbortSignal): Promise<string> {
        try {
            const wire = await this.#plan.open(signal, (bytes) => this.#hear(bytes));
            this.#wire = wire;
            this.#fault = undefined;
            if (signal.aborted) wire.end("closed");
            else this.#listener?.opened();
            return await wire.ended;
        } catch (error) {
            return `cannot be opened (${messageOf(error)}): check cable, power and address`;
        } finally {
            this.#wire = undefined;
        }
    }

    /** Only bytes prove a connection: a serial server may accept one and drop it at once. */
    #hear(bytes: Uint8Array): void {
        this.#failuresInRow = 0;
        if (!this.#closing.signal.aborted) this.#listener?.heard(bytes, this.#plan.clock.monotonicMs());
    }

    #lost(message: string): DeviceFault {
        return new DeviceFault(this.#plan.id, "NOT_CONNECTED", message);
    }
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
