/** Signs that are printed on a plate and belong to its number for some people only: the "KG" of Kyrgyz plates of 2016. */
import { matchFormats } from "./plate-formats.ts";
import type { PlateKey } from "./plate-key.ts";

/** A Kyrgyz plate of 2016 as booked or read without its small "KG"; an Uzbek organisation's plate looks the same. */
const WITHOUT_MARK = /^(0[1-9])(\d{3}[A-Z]{2,3})$/;

/**
 * Keys under which the same plate may have been booked: with or without the printed mark. Keys of two countries can meet
 * here, so what is found under them is for the officer to compare and never admitted by software.
 */
export function otherSpellings(key: PlateKey): readonly PlateKey[] {
    const unmarked = matchFormats(key).map((match) => match.canonicalKey);
    const [, area, number] = WITHOUT_MARK.exec(key) ?? [];
    const marked = area === undefined ? [] : [`${area}KG${number}` as PlateKey];
    return [...new Set([...unmarked, ...marked])].filter((other) => other !== key);
}
