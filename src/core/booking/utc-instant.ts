/** RFC 3339 instants in UTC, the only form of time that the central system's messages use. */

const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/**
 * Milliseconds since the Unix epoch of a text like `2026-11-22T08:30:00Z`, with up to three decimals of a second.
 * Undefined for anything else: offsets other than `Z`, days that the month does not have, leap seconds.
 */
export function parseUtcInstant(text: string): number | undefined {
    if (!INSTANT.test(text)) return undefined;
    const number = (from: number, to: number): number => Number(text.slice(from, to));
    const [year, month, day] = [number(0, 4), number(5, 7), number(8, 10)];
    const [hour, minute, secondMs] = [number(11, 13), number(14, 16), Math.round(number(17, text.length - 1) * 1000)];
    if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
    if (hour > 23 || minute > 59 || secondMs >= 60_000) return undefined;
    return Date.UTC(year, month - 1, day, hour, minute, 0, secondMs);
}

function daysOf(year: number, month: number): number {
    if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
    return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
