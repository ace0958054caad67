/** Plates in ordinary logs: enough to recognise a line while talking to a driver, not enough to follow a vehicle. */

/** Characters left at either end. */
const SHOWN = 2;
/** Anything shorter is hidden whole, so that at least three characters always are. */
const SHOWABLE_LENGTH = 7;
const MASK = "*";

/**
 * Masks a plate text or key: "123ABC02" becomes "12****02", "12AB01" becomes "******".
 * The number of characters (code points) stays; at most four are shown, and of these only letters and digits, so that
 * no control character of a garbled read reaches a log.
 */
export function maskPlate(text: string): string {
    const signs = [...text];
    const isShown = (index: number): boolean =>
        signs.length >= SHOWABLE_LENGTH && (index < SHOWN || index >= signs.length - SHOWN);
    return signs.map((sign, index) => (isShown(index) && /[\p{L}\p{N}]/u.test(sign) ? sign : MASK)).join("");
}
