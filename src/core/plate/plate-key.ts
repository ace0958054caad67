/**
 * The match key of a plate: the one spelling under which a read and a booking are compared.
 * The queue has been gamed by booking one lorry several times with a dash or a space more, so texts are never compared.
 */

declare const plateKeyBrand: unique symbol;
declare const nearKeyBrand: unique symbol;

/** Match key made by `toPlateKey`. Two equal keys are the same plate as far as letters and digits can tell. */
export type PlateKey = string & { readonly [plateKeyBrand]: true };

/** A key that lost something on the way. Only for finding near matches for an officer; its type keeps it from admitting. */
export type NearKey = string & { readonly [nearKeyBrand]: true };

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Whatever is no letter or digit, with the accents that sit on it. Modifier letters (ʼ ー ـ) are typed as dashes and quotes. */
const SEPARATOR = /[^\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{M}\p{N}]\p{M}*/gu;
/** Most plates are typed so; for them the long way gives the same key at ten times the cost. */
const PLAIN = /^[\x20-\x7e]*$/;
/** So is the rest: capitals that Unicode neither composes nor takes apart, Chinese characters, the letters of Persian plates. */
const CAPITALS = /^[0-9A-Z\u0410-\u0418\u041a-\u042f\u04ae\u04e8\u0628-\u063a\u0641-\u0648\u06a9\u06cc\u4e00-\u9fa5]*$/;
const NOT_PLATE = /[^A-Z0-9]/g;
const LOOSE_MARK = /\p{M}/gu;
const HAN = /\p{Script=Han}/gu;

const CYRILLIC_LOOK_ALIKES = "АВЕКМНОРСТУХІЅЈԚԜ";
const LATIN_LOOK_ALIKES = "ABEKMHOPCTYXISJQW";
const ARABIC_INDIC_ZERO = 0x0660;
const PERSIAN_ZERO = 0x06f0;

const SAME_SIGN: ReadonlyMap<string, string> = new Map([
    ...[...CYRILLIC_LOOK_ALIKES].map((sign, index) => [sign, LATIN_LOOK_ALIKES.charAt(index)] as const),
    ...[..."0123456789"].flatMap((digit, value) => [
        [String.fromCodePoint(ARABIC_INDIC_ZERO + value), digit] as const,
        [String.fromCodePoint(PERSIAN_ZERO + value), digit] as const,
    ]),
    ["İ", "I"], // What a Turkish keyboard makes of "i"; no plate carries it.
]);

/** Cyrillic letter, then its Latin writing. Mongolian after MNS 5217:2012, the others by custom: unverified. */
const BY_SOUND =
    "БB ГG ДD ЁYO ЖJ ЗZ ИI ЙI ЛL ПP ФF ЦTS ЧCH ШSH ЩSH ЪI ЫY ЬI ЭE ЮYU ЯYA ӨU ҮU ӘA ҒG ҚK ҢN ҰU ҺH ЄE ЇI ҐG ЎU";
const LATIN_BY_SOUND: ReadonlyMap<string, string> = new Map(
    BY_SOUND.split(" ").map((pair) => [pair.charAt(0), pair.slice(1)] as const),
);

/**
 * Makes the match key of a plate text, typed or read.
 *
 * The text is normalised as NFKC (so full-width and presentation forms become plain), upper-cased without regard to
 * the locale, and stripped of everything but letters and digits: spaces, every dash and quote, dots, zero-width signs,
 * soft hyphens, byte order marks, accents that belong to no letter. Invisible signs go before letters are composed, so
 * that they cannot hide between a letter and its accent. Then:
 * - Cyrillic letters that look Latin become Latin: АВЕКМНОРСТУХ (the letters of the 1968 convention plates, as public
 *   plate code maps them), І (as nomeroff-net does), ЅЈԚԜ (unverified). Other Cyrillic, Chinese and Persian letters stay.
 * - Arabic-Indic and Persian digits become 0-9 by value, because Iranian plates are typed either way.
 * - Greek letters stay: no lorry of the region carries them, and what stays in a key can only refuse, never admit.
 * - O and 0 stay apart, like every other pair that only a camera confuses (`diffPlates` ranks those).
 *
 * Any string is accepted; one without letters and digits gives the empty key. `toPlateKey(toPlateKey(x)) === toPlateKey(x)`.
 */
export function toPlateKey(text: string): PlateKey {
    if (PLAIN.test(text)) return text.toUpperCase().replace(NOT_PLATE, "") as PlateKey;
    if (CAPITALS.test(text)) return replaceSigns(text, SAME_SIGN) as PlateKey;
    const bare = text.normalize("NFKD").replace(INVISIBLE, "").replace(SEPARATOR, "");
    const upper = bare.toUpperCase().normalize("NFC").replace(LOOSE_MARK, "").normalize("NFC");
    return replaceSigns(upper, SAME_SIGN) as PlateKey;
}

/**
 * The key with every Cyrillic letter that has no Latin look-alike written by sound: Mongolian "1234УБӨ" has the key
 * "1234YБӨ" and the Latin key "1234YBU". Several keys may share one Latin key: `foldedBooking` says when that is exact.
 */
export function toLatinKey(key: PlateKey): NearKey {
    return replaceSigns(key, LATIN_BY_SOUND) as NearKey;
}

/**
 * The key without its Chinese characters (province, 挂, 港, 澳), as a driver without a Chinese keyboard books it.
 * Thirty-one provinces share each suffix, so it serves near matches only. Keys of other countries come back unchanged.
 * @internal until the officer's search uses it.
 */
export function toLatinSuffix(key: PlateKey): NearKey {
    return key.replace(HAN, "") as string as NearKey;
}

function replaceSigns(text: string, table: ReadonlyMap<string, string>): string {
    let replaced = "";
    for (const sign of text) replaced += table.get(sign) ?? sign;
    return replaced;
}
