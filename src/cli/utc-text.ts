/** Moments for people where no time zone is meant: UTC, to the millisecond. */

/** `2026-11-22 08:30:00.007`; the bare number for one that no calendar has. */
export function utcText(utcMs: number): string {
    const moment = new Date(utcMs);
    return Number.isNaN(moment.getTime()) ? String(utcMs) : moment.toISOString().replace("T", " ").replace("Z", "");
}
