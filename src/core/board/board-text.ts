/** Makes a text from outside fit to stand on a board: one line of visible characters, and nothing that a device could take for an order. */

/** Longest text that may be ordered, characters. @internal for tests. */
export const TEXT_LENGTH_MAX = 200;

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S} ]/u;

/**
 * The text as a board may show it: composed (NFC), control and format characters, line breaks, private and unassigned code
 * points and marks that belong to no letter become blanks, runs of blanks one; cut at `TEXT_LENGTH_MAX` characters. Empty
 * when nothing visible is left. Tags of a device's own language stay as plain characters; the device's family escapes them.
 * Any string is accepted; `boardText(boardText(x)) === boardText(x)`.
 */
export function boardText(raw: string): string {
    const shown = [...raw.normalize("NFC")].map((sign) => (VISIBLE.test(sign) ? sign : " ")).join("");
    const single = shown.replace(/ +/g, " ").trim();
    return [...single].slice(0, TEXT_LENGTH_MAX).join("").trim();
}

/** Longest plate that is shown whole; the longest in use are ten characters. */
const PLATE_LENGTH_MAX = 12;

/**
 * A plate as a board may show it, or undefined for a text that is no plate: without two digits and a letter it could be
 * anything that somebody typed, a name among them. `key` is a match key, so it holds letters and digits only.
 */
export function boardPlate(key: string): string | undefined {
    const signs = [...key];
    const digits = signs.filter((sign) => /\d/.test(sign)).length;
    if (digits < 2 || digits === signs.length || signs.length > PLATE_LENGTH_MAX) return undefined;
    return /^[\p{L}\d]+$/u.test(key) ? key : undefined;
}
