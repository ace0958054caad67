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
    /** Forms that make this reading possible; empty for one "as-read" that has none. */
    readonly matches: readonly FormatMatch[];
    /** 0..1, together 1: how likely this order is if these are the signs. Whether the text has a form is not part of it. */
    readonly share: number;
}

/** What is known of a plate beside its signs. */
export interface TwoRowOptions extends MatchOptions {
    /** Where the middles of the upper row's signs lie, from left to right, in any unit; left out or empty where it is not known. */
    readonly upperMiddles?: readonly number[];
}

/**
 * Number and region together have five digits or four; the count of digits, not the length of the whole, tells where
 * the region starts. (The public rule of nomeroff-net splits by length and so tears "12" "01" "ABC" apart.)
 */
const DIGITS_REGION_LETTERS = /^(?<digits>\d{2,3})(?<region>\d{2})(?<letters>[A-Z]{2,3})$/u;

const FOUR_LETTERS = /^[A-Z]{4}$/u;
const FOUR_DIGITS = /^\d{4}$/u;

/**
 * How much likelier than as read another order is beforehand. Most lorries of these roads are Kazakh, and so are most plates of two
 * rows whose upper one ends in a Kazakh region; tractors and old trailers of the neighbours, which read alike, are rare.
 * Chosen, not measured, and low enough that without a look at the spacing no order is as sure as a site's threshold wants it.
 */
const OTHER_ORDER_ODDS = 5;

/**
 * On the Kazakh sheet a line parts number and region, and the region's digits are narrower: the step from the number to the region
 * is longer than the one within the region, at a ratio of 1.3 as often as on a row of evenly spaced digits, and the odds change
 * with the tenth power of it. Drawn plates of both kinds (training/layouts.py), read by the network: the ratio is 1.2 or more
 * on 95 % of 685 Kazakh ones and 1.3 or less on 95 % of 904 even ones; the power that fits these best is 15, taken lower because
 * sheets differ more than drawings. One look at a sheet is not believed further than `SPACING_ODDS_MAX`.
 */
const EVEN_ODDS_RATIO = 1.3;
const SPACING_POWER = 10;
const SPACING_ODDS_MAX = 50;

/**
 * All canonical readings of a read known to come from a two-row plate, "as-read" first; empty for empty rows.
 *
 * "As-read" is always possible, another order if some form has it: "12302ABC" is Uzbek as read and Kazakh with the region last.
 * Whoever matches bookings must try all of them and leave the choice to an officer if two hit different bookings. How the
 * signs of the upper row are spaced decides between a Kazakh region and two more digits as far as it can.
 *
 * @param rows texts from top to bottom; one text if the reader joined the rows itself
 */
export function twoRowReadings(rows: readonly string[], options: TwoRowOptions = {}): readonly TwoRowReading[] {
    const key = toPlateKey(rows.join(""));
    if (key === "") return [];
    const others = [...regionLastReadings(key, options), ...lettersAroundReadings(rows, options)];
    const odds = others.reduce((sum, other) => sum + other.odds, 1);
    const asRead: TwoRowReading = { key, order: "as-read", matches: matchFormats(key, options), share: 1 / odds };
    return [asRead, ...others.map(({ odds: own, ...reading }) => ({ ...reading, share: own / odds }))];
}

/**
 * The signs of a key in the order in which the rows of a plate show them, where `twoRowReadings` may have moved some: keys of one
 * plate read in two orders have this in common.
 */
export function inRowOrder(key: string): string {
    return key.replace(/^(\d{2,3})([A-Z]{2,3})(\d{2})$/u, "$1$3$2").replace(/^([A-Z]{2})(\d{4})([A-Z]{2})$/u, "$1$3$2");
}

/** How much likelier than as read, by the spacing and beforehand. */
type Judged = Omit<TwoRowReading, "share"> & { readonly odds: number };

function regionLastReadings(asRead: PlateKey, options: TwoRowOptions): readonly Judged[] {
    const digits = DIGITS_REGION_LETTERS.exec(asRead)?.[0].replace(/[A-Z]/gu, "").length ?? 0;
    if (digits === 0) return [];
    const key = toPlateKey(asRead.replace(DIGITS_REGION_LETTERS, "$<digits>$<letters>$<region>"));
    const matches = matchFormats(key, options).filter(({ format }) => format.country === "KZ");
    const odds = OTHER_ORDER_ODDS * spacingOdds(options.upperMiddles ?? [], digits);
    return matches.length === 0 ? [] : [{ key, order: "region-last", matches, odds }];
}

/** How much likelier a region is than two more digits; 1 where the places of just these digits are not known. */
function spacingOdds(middles: readonly number[], digits: number): number {
    const [before, first, last] = middles.slice(-3);
    if (middles.length !== digits || before === undefined || first === undefined || last === undefined) return 1;
    const ratio = (first - before) / (last - first) / EVEN_ODDS_RATIO;
    if (!(ratio > 0 && last > first)) return 1;
    return Math.min(SPACING_ODDS_MAX, Math.max(1 / SPACING_ODDS_MAX, ratio ** SPACING_POWER));
}

/** «AP ET» above «7007» is AP7007ET (seen on plates of American size; no public source was found for the order). */
function lettersAroundReadings(rows: readonly string[], options: MatchOptions): readonly Judged[] {
    const [upper = "", lower = "", ...more] = rows.map(toPlateKey).filter((row) => row !== "");
    if (more.length > 0 || !FOUR_LETTERS.test(upper) || !FOUR_DIGITS.test(lower)) return [];
    const key = toPlateKey(upper.slice(0, 2) + lower + upper.slice(2));
    const matches = matchFormats(key, options).filter(({ format }) => format.country === "UA");
    return matches.length === 0 ? [] : [{ key, order: "letters-around", matches, odds: OTHER_ORDER_ODDS }];
}
