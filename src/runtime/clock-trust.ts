/** Whether the wall clock may be believed. It is a state of its own: slot checks go to the officer while it may not. */
import type { Clock } from "../ports/clock.ts";

/** Wall time before the first release of this program is a clock that lost its battery. 2026-01-01T00:00:00Z. */
const EARLIEST_UTC_MS = 1_767_225_600_000;
/** Wall and monotonic time may drift apart by this much (NTP slews slower than 500 ppm: 43 s a day) before it counts as a step. */
const STEP_MS = 2_000;
const DRIFT_PER_MS = 0.001;

export class ClockTrust {
    readonly #clock: Clock;
    /** Wall minus monotonic time as last believed, and when. */
    #offsetMs: number;
    #believedMs: number;

    constructor(clock: Clock) {
        this.#clock = clock;
        this.#offsetMs = clock.utcMs() - clock.monotonicMs();
        this.#believedMs = clock.monotonicMs();
    }

    /** True while wall time is plausible and has not stepped; it becomes true again when the step is taken back. */
    isTrusted(): boolean {
        const monotonicMs = this.#clock.monotonicMs();
        const utcMs = this.#clock.utcMs();
        if (utcMs < EARLIEST_UTC_MS) return false;
        const offsetMs = utcMs - monotonicMs;
        const toleranceMs = STEP_MS + (monotonicMs - this.#believedMs) * DRIFT_PER_MS;
        if (Math.abs(offsetMs - this.#offsetMs) > toleranceMs) return false;
        this.#offsetMs = offsetMs;
        this.#believedMs = monotonicMs;
        return true;
    }

    /** Takes the present wall time as right: a source outside this machine vouches for it. */
    confirm(): void {
        this.#offsetMs = this.#clock.utcMs() - this.#clock.monotonicMs();
        this.#believedMs = this.#clock.monotonicMs();
    }
}
