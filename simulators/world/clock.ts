/** The simulators' one source of real time. The world itself knows only simulated time: it is told how far to advance. */

/** Ends a timer; calling it twice does nothing. */
export type Cancel = () => void;

export interface Clock {
    /** Milliseconds on CLOCK_MONOTONIC: the same base in every process of the machine, so instants can be compared. */
    monotonicMs(): number;
    after(delayMs: number, act: () => void): Cancel;
    every(periodMs: number, act: () => void): Cancel;
}

export const realClock: Clock = {
    monotonicMs: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
    after: (delayMs, act) => {
        const timer = setTimeout(act, delayMs);
        return () => clearTimeout(timer);
    },
    every: (periodMs, act) => {
        const timer = setInterval(act, periodMs);
        return () => clearInterval(timer);
    },
};
