/**
 * Which forms of plate a key may have. Several countries share a grammar, so the answer is always a list:
 * the country of a lorry comes from its booking, never from a pattern alone.
 */
import { CENTRAL_ASIAN_FORMATS } from "./formats-central-asia.ts";
import { CHINESE_AND_MONGOLIAN_FORMATS } from "./formats-china-mongolia.ts";
import { KAZAKH_FORMATS, KAZAKH_REGIONS, type KazakhRegion } from "./formats-kazakhstan.ts";
import { SOUTHERN_FORMATS } from "./formats-south.ts";
import { WESTERN_FORMATS } from "./formats-west.ts";
import type { PlateFormat } from "./plate-format.ts";
import type { PlateKey } from "./plate-key.ts";

/** All forms known, Kazakh ones first. */
export const PLATE_FORMATS: readonly PlateFormat[] = [
    ...KAZAKH_FORMATS,
    ...CENTRAL_ASIAN_FORMATS,
    ...CHINESE_AND_MONGOLIAN_FORMATS,
    ...SOUTHERN_FORMATS,
    ...WESTERN_FORMATS,
];

/** What a site may replace, because parts of the table are unverified. */
export interface MatchOptions {
    /** Default `PLATE_FORMATS`. */
    readonly formats?: readonly PlateFormat[] | undefined;
    /** Default `KAZAKH_REGIONS`. A plate of 2012 whose region is not listed has no Kazakh form. */
    readonly regions?: readonly KazakhRegion[] | undefined;
}

/** One form that a key has. */
export interface FormatMatch {
    readonly format: PlateFormat;
    /**
     * The key without what is printed on the plate but is no part of its number (the "KG" of Kyrgyz plates of 2016).
     * Two keys of one country with equal canonical keys are one plate; across countries this is not so.
     */
    readonly canonicalKey: PlateKey;
    /** Kazakh regions the key may name: one for plates of 2012, none to two for a letter of 1993, empty otherwise. */
    readonly regions: readonly KazakhRegion[];
}

/**
 * All forms that the key has, in table order; empty if none. Collisions between countries stay visible.
 * Some forms are wide: "SCANIA" has a Polish one. Whether a text may be a plate at all is for `isPlausiblePlate` to say.
 */
export function matchFormats(key: PlateKey, options: MatchOptions = {}): readonly FormatMatch[] {
    const { formats = PLATE_FORMATS, regions = KAZAKH_REGIONS } = options;
    return formats.flatMap((format) => {
        const found = format.pattern.exec(key);
        if (found === null) return [];
        const { region, oldRegion, mark = "" } = found.groups ?? {};
        const canonicalKey = key.replace(mark, "") as string as PlateKey;
        if (region === undefined) return [{ format, canonicalKey, regions: regionsOfLetter(oldRegion, regions) }];
        const named = regions.filter(({ code }) => code === region);
        return named.length === 0 ? [] : [{ format, canonicalKey, regions: named }];
    });
}

/**
 * Whether a key may be a plate at all: 4 to 10 letters and digits of any script, at least two of them digits.
 * A rule of this design, for countries without a form above; it keeps most slogans and telephone numbers out.
 */
export function isPlausiblePlate(key: PlateKey): boolean {
    const digits = key.replace(/[^0-9]/gu, "");
    return /^.{4,10}$/u.test(key) && digits.length >= 2;
}

/** Every concrete layout of a form: "DDLL(L)DD" gives DDLLDD and DDLLLDD. */
export function layoutsOf(format: PlateFormat): readonly string[] {
    return [...new Set(format.layout.split("|").flatMap(withAndWithoutOptional))];
}

const OPTIONAL_PART = /\((\w+)\)/u;

function withAndWithoutOptional(layout: string): readonly string[] {
    if (!OPTIONAL_PART.test(layout)) return [layout];
    return [layout.replace(OPTIONAL_PART, ""), layout.replace(OPTIONAL_PART, "$1")].flatMap(withAndWithoutOptional);
}

function regionsOfLetter(letter: string | undefined, regions: readonly KazakhRegion[]): readonly KazakhRegion[] {
    return letter === undefined ? [] : regions.filter(({ oldLetters }) => oldLetters.includes(letter));
}
