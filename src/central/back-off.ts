/** Waiting times after failures: doubling up to a longest, with jitter so that a fleet does not come back in one wave. */

export interface BackOff {
    readonly firstMs: number;
    readonly longestMs: number;
}

/** Delay before try number `attempt` (0 for the first retry): between half and all of the doubled time. `random` gives 0..1. */
export function backOffMs(backOff: BackOff, attempt: number, random: () => number): number {
    const fullMs = Math.min(backOff.longestMs, backOff.firstMs * 2 ** Math.min(attempt, 30));
    return fullMs * (0.5 + random() / 2);
}
