/** Daily quotas of those who go before the others (order 505 of 2025). Which ones a booking uses up; counting is the site's. */
import type { Booking } from "../booking/booking.ts";

/** Quotas of the whole checkpoint; lists from outside the queue have one each beside them, `list:<id>`. */
export const SITE_QUOTAS = ["accelerated", "postal", "out-of-turn"] as const;

export type SiteQuota = (typeof SITE_QUOTAS)[number];

/** Names of the quotas that a lorry with this booking uses up when it enters; none for one in turn. */
export function quotasOf({ priority, category, list }: Booking): readonly string[] {
    if (priority === "in-turn") return [];
    const ofSite: SiteQuota =
        priority === "accelerated" ? "accelerated" : category === "postal" ? "postal" : "out-of-turn";
    return list === undefined ? [ofSite] : [ofSite, `list:${list}`];
}
