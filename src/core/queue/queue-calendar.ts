/** Days and seasons of the queue: it runs on local time without a zone, the box on UTC. Pure arithmetic, no time zone data. */

import { parseUtcInstant } from "../booking/utc-instant.ts";

/** How a site counts its days; in the site file, because neither the zone nor the season is the program's to know. */
export interface QueueCalendar {
    /** Minutes that local time is ahead of UTC; Kazakhstan: 300 since 1 March 2024 (unverified). */
    readonly utcOffsetMinutes: number;
    /** First and last day of winter as `MM-DD`, both included; it may go over the turn of the year. */
    readonly winter: { readonly from: string; readonly to: string };
}

const MINUTE_MS = 60_000;

/** The local day, `2026-11-22`. */
export function localDay(utcMs: number, { utcOffsetMinutes }: QueueCalendar): string {
    return new Date(utcMs + utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 10);
}

/** The first millisecond of a local day, as UTC; undefined for a text that is no day. */
export function dayStart(day: string, { utcOffsetMinutes }: QueueCalendar): number | undefined {
    const utcMs = parseUtcInstant(`${day}T00:00:00Z`);
    return utcMs === undefined ? undefined : utcMs - utcOffsetMinutes * MINUTE_MS;
}

/** Which of the Temporary Scheme's two limits holds on that day (§ 19: 60 minutes in summer, 120 in winter). */
export function seasonOf(utcMs: number, calendar: QueueCalendar): "summer" | "winter" {
    const day = localDay(utcMs, calendar).slice(5);
    const { from, to } = calendar.winter;
    const isWinter = from <= to ? day >= from && day <= to : day >= from || day <= to;
    return isWinter ? "winter" : "summer";
}
