/** RFC 3339 instants in UTC, the only form of time that the central system's messages use. */

const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const WHOLE_SECONDS = "2026-11-22T08:30:00Z".length;
const ZERO = "0".charCodeAt(0);

/**
 * Milliseconds since the Unix epoch of a text like `2026-11-22T08:30:00Z`, with up to three decimals of a second.
 * Undefined for anything else: offsets other than `Z`, days that the month does not have, leap seconds.
 */
export function parseUtcInstant(text: string): number | undefined {
    if (!INSTANT.test(text)) return undefined;
    const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
    const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
    const [hour, minute] = [twoDigits(text, 11), twoDigits(text, 14)];
    const secondMs =
        text.length === WHOLE_SECONDS ? 1000 * twoDigits(text, 17) : Math.round(Number(text.slice(17, -1)) * 1000);
    if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
    if (hour > 23 || minute > 59 || secondMs >= 60_000) return undefined;
    return Date.UTC(year, month - 1, day, hour, minute, 0, secondMs);
}

/** A list of bookings has hundreds of thousands of these: no texts are cut out for it. */
function twoDigits(text: string, at: number): number {
    return 10 * (text.charCodeAt(at) - ZERO) + text.charCodeAt(at + 1) - ZERO;
}

function daysOf(year: number, month: number): number {
    if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
    return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
