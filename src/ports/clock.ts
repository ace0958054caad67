/** Time as the rest of the daemon may see it. The one real implementation is `src/runtime/clock.ts`. */

/** Ends a timer; calling it twice does nothing. */
export type Cancel = () => void;

/** Monotonic time for intervals, wall time for stamps, and timers. Injected everywhere. */
export interface Clock {
    /** Milliseconds on CLOCK_MONOTONIC: same base in every process of the machine, never steps, dies with a reboot. */
    monotonicMs(): number;
    /** Milliseconds since the Unix epoch as the system says; may step at any moment. Never used for intervals. */
    utcMs(): number;
    /** Calls `act` once after `delayMs`. */
    after(delayMs: number, act: () => void): Cancel;
    /** Calls `act` every `periodMs`, first after one period; a late call does not cause a burst. */
    every(periodMs: number, act: () => void): Cancel;
    /** Resolves after `delayMs`; rejects with the signal's reason when aborted. */
    sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
