/** Texts as bytes in the character sets that boards have. What a set lacks stands there as `?`, and is counted. */
import iconv from "iconv-lite";

/** KZ-1048 (STRK1048) is CP1251 with the Kazakh letters; CP1251 lacks Ә Ғ Қ Ң Ө Ұ Ү Һ; ASCII is what every sign has. */
export const CHARSETS = ["utf-8", "kz-1048", "cp1251", "ascii"] as const;

export type Charset = (typeof CHARSETS)[number];

/** As `iconv-lite` names them: RK1048 is the name of KZ-1048 in the IANA registry's source. */
const NAMES: Readonly<Record<Charset, string>> = {
    "utf-8": "utf-8",
    "kz-1048": "rk1048",
    cp1251: "cp1251",
    ascii: "ascii",
};

const KAZAKH_LETTERS = "ӘҒҚҢӨҰҮҺІәғқңөұүһі";
const REPLACEMENT = "?";

/** The bytes, and how many characters the set does not have. */
export function encoded(text: string, charset: Charset): { readonly bytes: Uint8Array; readonly replaced: number } {
    let replaced = 0;
    const parts = [...text].map((sign) => {
        const bytes = iconv.encode(sign, NAMES[charset]);
        if (iconv.decode(bytes, NAMES[charset]) === sign) return bytes;
        replaced += 1;
        return Buffer.from(REPLACEMENT);
    });
    return { bytes: Buffer.concat(parts), replaced };
}

/** Whether all letters of Kazakh are in it. */
export function hasKazakh(charset: Charset): boolean {
    return encoded(KAZAKH_LETTERS, charset).replaced === 0;
}

/** Whether the letters of Russian are in it. */
export function hasRussian(charset: Charset): boolean {
    return encoded("Яя", charset).replaced === 0;
}
