/** Times as cameras write them, in milliseconds on the camera's own clock. Good for differences only: zones and years may be wrong. */

/** ISO 8601, with or without zone; `YYYY-MM-DD HH:MM:SS.mmm`; `YYYYMMDD HHMMSSmmm`. Undefined for anything else. */
export function cameraTimeMs(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    const match =
        /^(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d):?(\d\d)[.,]?(\d{1,9})?\s*(?:Z|([+-])(\d\d):?(\d\d))?$/.exec(text);
    if (match === null) return undefined;
    const [, year, month, day, hour, minute, second, fraction = "0", sign, zoneHour = "0", zoneMinute = "0"] = match;
    const ms = Math.floor(Number(`0.${fraction}`) * 1_000);
    const utc = Date.UTC(
        Number(year),
        Number(month) - 1,
        Number(day),
        Number(hour),
        Number(minute),
        Number(second),
        ms,
    );
    const zoneMs = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
    return utc - (sign === "-" ? -zoneMs : zoneMs);
}
