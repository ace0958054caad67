/**
 * Canonical readings of two-row plates. Read row by row, the two-row Kazakh plate of 2012 comes out as "123", "02", "ABC"
 * (so nomeroff-net meets it), where the number is 123ABC02.
 */
import { type FormatMatch, type MatchOptions, matchFormats } from "./plate-formats.ts";
import { type PlateKey, toPlateKey } from "./plate-key.ts";

/** One number that the rows may spell. */
export interface TwoRowReading {
    readonly key: PlateKey;
    /**
     * "as-read": rows joined from top to bottom. "region-last": the Kazakh region moved behind the letters.
     * "letters-around": both pairs of letters stand above the Ukrainian digits, which belong between them.
     */
    readonly order: "as-read" | "region-last" | "letters-around";
    /** Forms that make this reading possible; empty only when no reading has a form. */
    readonly matches: readonly FormatMatch[];
}

/**
 * Number and region together have five digits or four; the count of digits, not the length of the whole, tells where
 * the region starts. (The public rule of nomeroff-net splits by length and so tears "12" "01" "ABC" apart.)
 */
const DIGITS_REGION_LETTERS = /^(?<digits>\d{2,3})(?<region>\d{2})(?<letters>[A-Z]{2,3})$/u;

const FOUR_LETTERS = /^[A-Z]{4}$/u;
const FOUR_DIGITS = /^\d{4}$/u;

/**
 * All canonical readings of a read known to come from a two-row plate, "as-read" first; empty for empty rows.
 *
 * A reading is possible if some form has it. Several may be: "12302ABC" is Uzbek as read and Kazakh with the region
 * last. Whoever matches bookings must try all of them and leave the choice to an officer if two hit different bookings.
 * A read that has no form in either order comes back as read.
 *
 * @param rows texts from top to bottom; one text if the reader joined the rows itself
 */
export function twoRowReadings(rows: readonly string[], options: MatchOptions = {}): readonly TwoRowReading[] {
    const key = toPlateKey(rows.join(""));
    if (key === "") return [];
    const asRead: TwoRowReading = { key, order: "as-read", matches: matchFormats(key, options) };
    const others = [...regionLastReadings(key, options), ...lettersAroundReadings(rows, options)];
    return asRead.matches.length > 0 || others.length === 0 ? [asRead, ...others] : others;
}

function regionLastReadings(asRead: PlateKey, options: MatchOptions): readonly TwoRowReading[] {
    if (!DIGITS_REGION_LETTERS.test(asRead)) return [];
    const key = toPlateKey(asRead.replace(DIGITS_REGION_LETTERS, "$<digits>$<letters>$<region>"));
    const matches = matchFormats(key, options).filter(({ format }) => format.country === "KZ");
    return matches.length === 0 ? [] : [{ key, order: "region-last", matches }];
}

/** «AP ET» above «7007» is AP7007ET (seen on plates of American size; no public source was found for the order). */
function lettersAroundReadings(rows: readonly string[], options: MatchOptions): readonly TwoRowReading[] {
    const [upper = "", lower = "", ...more] = rows.map(toPlateKey).filter((row) => row !== "");
    if (more.length > 0 || !FOUR_LETTERS.test(upper) || !FOUR_DIGITS.test(lower)) return [];
    const key = toPlateKey(upper.slice(0, 2) + lower + upper.slice(2));
    const matches = matchFormats(key, options).filter(({ format }) => format.country === "UA");
    return matches.length === 0 ? [] : [{ key, order: "letters-around", matches }];
}
