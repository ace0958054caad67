/** How long to leave something alone that keeps failing: doubles from `minMs` to `maxMs`, spread by a quarter either way. */
export interface BackOff {
    readonly minMs: number;
    readonly maxMs: number;
    /** 0 <= x < 1; spreads retries so that many boxes do not knock at once. */
    readonly random: () => number;
}

/** `failures` in a row, at least 1. */
export function backOffMs(failures: number, { minMs, maxMs, random }: BackOff): number {
    return Math.min(maxMs, minMs * 2 ** (failures - 1)) * (0.75 + 0.5 * random());
}
