/** Messages from the broker that could not be understood: counted, told, and kept for examination, but never a flood of them. */
import type { Clock } from "../ports/clock.ts";
import type { Quarantine } from "../ports/journal.ts";
import type { IncomingMessage } from "./broker-session.ts";

/** Written and told per period; each write waits for the disk in the lanes' thread. */
const KEPT_MAX = 20;
const PERIOD_MS = 60_000;

export interface RefusalListener {
    readonly messageRefused: (topic: string, reason: string) => void;
    readonly storeFault: (error: unknown) => void;
}

export class RefusedMessages {
    readonly #quarantine: Quarantine;
    readonly #clock: Clock;
    readonly #on: RefusalListener;
    #count = 0;
    #kept = 0;
    #periodSinceMs = Number.NEGATIVE_INFINITY;

    constructor(quarantine: Quarantine, clock: Clock, on: RefusalListener) {
        this.#quarantine = quarantine;
        this.#clock = clock;
        this.#on = on;
    }

    /** Since the start, kept or not. */
    count(): number {
        return this.#count;
    }

    put({ topic, payload }: IncomingMessage, reason: string): void {
        this.#count += 1;
        const nowMs = this.#clock.monotonicMs();
        if (nowMs - this.#periodSinceMs >= PERIOD_MS) {
            this.#periodSinceMs = nowMs;
            this.#kept = 0;
        }
        if (this.#kept >= KEPT_MAX) return;
        this.#kept += 1;
        this.#on.messageRefused(topic, reason);
        try {
            this.#quarantine.put(topic, payload, reason, this.#clock.utcMs());
        } catch (error) {
            this.#on.storeFault(error);
        }
    }
}
