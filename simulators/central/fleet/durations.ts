/** Very many durations in little room: whole milliseconds are counted, the rest is rounded up. */

const MS_MAX = 600_000;

export class Durations {
    readonly #counts = new Uint32Array(MS_MAX + 1);
    #count = 0;

    add(ms: number): void {
        const whole = Math.min(MS_MAX, Math.max(0, Math.ceil(ms)));
        this.#counts[whole] = (this.#counts[whole] ?? 0) + 1;
        this.#count += 1;
    }

    /** Nearest-rank quantiles; zeros where nothing was added. */
    summary(): { readonly count: number; readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number } {
        return { count: this.#count, p50Ms: this.#at(0.5), p99Ms: this.#at(0.99), maxMs: this.#at(1) };
    }

    #at(share: number): number {
        let left = Math.ceil(share * this.#count);
        for (const [ms, count] of this.#counts.entries()) {
            left -= count;
            if (left <= 0 && this.#count > 0) return ms;
        }
        return 0;
    }
}
