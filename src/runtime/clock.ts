/** The one real clock. `Date.now`, timers and the monotonic counter stand here and nowhere else in the daemon. */
import type { Cancel, Clock } from "../ports/clock.ts";

const NANOSECONDS_PER_MS = 1_000_000n;

export const systemClock: Clock = {
    // Whole microseconds are enough and keep journal inputs short.
    monotonicMs: () => Number(process.hrtime.bigint() / (NANOSECONDS_PER_MS / 1000n)) / 1000,
    utcMs: () => Date.now(),
    after(delayMs: number, act: () => void): Cancel {
        const timer = setTimeout(act, delayMs);
        return () => clearTimeout(timer);
    },
    every(periodMs: number, act: () => void): Cancel {
        const timer = setInterval(act, periodMs);
        return () => clearInterval(timer);
    },
    sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
        return new Promise((resolve, reject) => {
            const giveUp = (): void => {
                clearTimeout(timer);
                reject(signal?.reason);
            };
            const timer = setTimeout(() => {
                signal?.removeEventListener("abort", giveUp);
                resolve();
            }, delayMs);
            if (signal?.aborted) giveUp();
            else signal?.addEventListener("abort", giveUp, { once: true });
        });
    },
};
