/** What the site file says about the queue as a whole, and how much of each daily quota that leaves. */
import { SITE_QUOTAS, type SiteQuota } from "../decision/quota.ts";
import type { QueueCalendar } from "./queue-calendar.ts";
import type { SiteBook } from "./site-book.ts";

/** Defaults stand in the site schema; ranges are checked there. */
export interface QueueRules {
    readonly calendar: QueueCalendar;
    /** Lorries a day; without it the site's own quotas are not counted. */
    readonly capacityPerDay?: number;
    /** Lorries that may be called in an hour. */
    readonly capacityPerHour?: number;
    /** Of `capacityPerDay` (order 505 of 2025 from secondary sources: post 1 %, others up to 5 %, accelerated 1 %). */
    readonly quotaPercent: Readonly<Record<SiteQuota, number>>;
    readonly isContinuityAllowed: boolean;
    /** Longest time for which an officer may let the site call lorries itself. */
    readonly continuityMsMax: number;
    /** The central system is away when it has not confirmed the list for longer. */
    readonly awayMsMin: number;
    /** How long a call of the site's own is good. */
    readonly callMsMax: number;
    /** For how long a plate counts as inside that was not seen to leave. */
    readonly insideMsMax: number;
}

/** Lorries that may still enter today by each quota that is counted, by its name; may be below 0 when an officer let more in. */
export function quotaLeft(rules: QueueRules, book: SiteBook, utcMs: number): Readonly<Record<string, number>> {
    const { capacityPerDay, quotaPercent } = rules;
    const ofSite =
        capacityPerDay === undefined
            ? []
            : SITE_QUOTAS.map((quota) => [quota, Math.floor((capacityPerDay * quotaPercent[quota]) / 100)] as const);
    const ofLists = book.notes("list").map(({ id, quotaPerDay }) => [`list:${id}`, quotaPerDay] as const);
    return Object.fromEntries([...ofSite, ...ofLists].map(([quota, most]) => [quota, most - book.used(quota, utcMs)]));
}
