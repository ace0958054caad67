/** A clock that stands still until a test moves it. Timers fire in order; between them all that is ready gets to run. */
import type { Cancel, Clock } from "../../src/ports/clock.ts";

interface Timer {
    readonly atMs: number;
    readonly order: number;
    readonly act: () => void;
}

export class VirtualClock implements Clock {
    #nowMs = 1_000;
    #order = 0;
    #timers: Timer[] = [];

    monotonicMs(): number {
        return this.#nowMs;
    }

    utcMs(): number {
        return 1_900_000_000_000 + this.#nowMs;
    }

    after(delayMs: number, act: () => void): Cancel {
        const timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, act };
        this.#timers.push(timer);
        return () => {
            this.#timers = this.#timers.filter((other) => other !== timer);
        };
    }

    every(periodMs: number, act: () => void): Cancel {
        const turn = (): void => {
            cancel = this.after(periodMs, turn);
            act();
        };
        let cancel = this.after(periodMs, turn);
        return () => cancel();
    }

    sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
        return new Promise((resolve, reject) => {
            if (signal?.aborted) return reject(signal.reason);
            const cancel = this.after(delayMs, resolve);
            signal?.addEventListener("abort", () => {
                cancel();
                reject(signal.reason);
            });
        });
    }

    get pendingTimers(): number {
        return this.#timers.length;
    }

    /** Moves the time on by `durationMs`, firing what falls due. */
    async advance(durationMs: number): Promise<void> {
        const endMs = this.#nowMs + durationMs;
        await settle();
        for (;;) {
            const due = this.#timers
                .filter(({ atMs }) => atMs <= endMs)
                .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
            if (due === undefined) break;
            this.#timers = this.#timers.filter((timer) => timer !== due);
            this.#nowMs = due.atMs;
            due.act();
            await settle();
        }
        this.#nowMs = endMs;
    }

    /** Moves the time on in small steps until `promise` settles; fails after `limitMs`. */
    async until<T>(promise: Promise<T>, limitMs = 60_000): Promise<T> {
        let isSettled = false;
        const mark = (): void => {
            isSettled = true;
        };
        promise.then(mark, mark);
        const endMs = this.#nowMs + limitMs;
        for (await settle(); !isSettled; await this.advance(1)) {
            if (this.#nowMs >= endMs) throw new Error(`nothing happened in ${limitMs} ms`);
        }
        return promise;
    }
}

/** Lets promises, stream ticks and finished I/O run. */
export async function settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
