/** Which limit a gross weight is held against on a day: the site's own, and rows of a dated table where the site names one. */
import type { DecisionPolicy } from "./decision-policy.ts";

/** One row of a table of limits: from its first instant, and up to but without `untilUtcMs` where it has ended. */
export interface GrossLimit {
    readonly kg: number;
    readonly fromUtcMs: number;
    readonly untilUtcMs?: number;
    /** The order, article and date that it was read in. */
    readonly source: string;
}

/** What a weight was held against: kilograms, and who says so. */
export interface AppliedLimit {
    readonly kg: number;
    readonly source: string;
}

/**
 * The lowest of `policy.grossKgMax` and the rows valid at `utcMs`. A day that no row covers leaves the site's own number,
 * and says so: the table is not guessed at. Without a trusted clock (`utcMs` undefined) every row counts, the lowest of all.
 */
export function grossLimitAt(policy: DecisionPolicy, utcMs: number | undefined): AppliedLimit {
    const { grossKgMax, grossLimits = [] } = policy;
    const valid = grossLimits.filter(
        ({ fromUtcMs, untilUtcMs }) =>
            utcMs === undefined || (fromUtcMs <= utcMs && (untilUtcMs === undefined || utcMs < untilUtcMs)),
    );
    const own = grossLimits.length > 0 && valid.length === 0 ? "site, no row of its table covers this day" : "site";
    return valid.reduce<AppliedLimit>((least, { kg, source }) => (kg < least.kg ? { kg, source } : least), {
        kg: grossKgMax,
        source: own,
    });
}
