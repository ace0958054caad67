/** How measured values are spread, the way every bench prints them. */

export interface Spread {
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
}

/** Nearest-rank quantiles, to a hundredth. Throws `RangeError` without values: nothing measured is no figure. */
export function spreadOf(values: readonly number[]): Spread {
    if (values.length === 0) throw new RangeError("nothing was measured");
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share: number): number => hundredths(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function hundredths(value: number): number {
    return Math.round(value * 100) / 100;
}
