/** A plate read in its national script and booked in Latin letters: when that is the same plate beyond doubt. */
import type { Booking } from "../booking/booking.ts";
import { matchFormats } from "../plate/plate-formats.ts";
import { type PlateKey, toLatinKey } from "../plate/plate-key.ts";

/**
 * The one booking that a national-script key folds to. `folded`: bookings whose tractor has the key written by sound;
 * `near`: bookings almost like the key itself. It is exact only when the key has a form of the country that the booking
 * names, exactly one booking has the folded key, and none near it folds to the same. A Chinese plate without its province is
 * no fold: thirty-one lorries share each suffix, so that stays a near match.
 */
export function foldedBooking(
    key: PlateKey,
    folded: readonly Booking[],
    near: readonly Booking[],
): Booking | undefined {
    const [booking] = folded;
    const latin = toLatinKey(key);
    if (booking === undefined || folded.length > 1 || (latin as string) === (key as string)) return undefined;
    if (near.some(({ id, tractor }) => id !== booking.id && toLatinKey(tractor.key) === latin)) return undefined;
    const countries = matchFormats(key).map(({ format }) => format.country);
    const { country } = booking.tractor;
    return countries.length > 0 && (country === undefined || countries.includes(country)) ? booking : undefined;
}

/** The key that a booking in Latin letters would have; undefined for a key that is in Latin letters already. */
export function latinSpelling(key: PlateKey): PlateKey | undefined {
    const latin = toLatinKey(key) as string;
    return latin === key || !/^[A-Z0-9]+$/.test(latin) ? undefined : (latin as PlateKey);
}
