/** A sentence before it has a language: which phrase, and what is filled in. */
import { ENGLISH, type PhraseKey, type Phrases } from "./phrases-english.ts";

/** What can be filled into a phrase: a text as it is, or another phrase; undefined shows as a dash. */
export type Value = string | number | Told | undefined;

/** A phrase with its values; `details` are told below it. */
export interface Told {
    readonly key: PhraseKey;
    readonly values?: { readonly [place: string]: Value };
    readonly details?: readonly Told[];
}

/** The phrase for a code of this kind, such as `fault` `ARM_BROKEN`; undefined when there is none. */
export function phrase(kind: string, code: string | undefined): PhraseKey | undefined {
    const key = `${kind}.${code}`;
    return Object.hasOwn(ENGLISH, key) ? (key as PhraseKey) : undefined;
}

/** The same as something to fill in; a code without a phrase stays as it is. */
export function word(kind: string, code: string | undefined): Told | string | undefined {
    const key = phrase(kind, code);
    return key === undefined ? code : { key };
}

/** The sentence in one language. */
export function say(told: Told, phrases: Phrases): string {
    return phrases[told.key].replace(/\{(\w+)\}/g, (_, place: string) => {
        const value = told.values?.[place];
        if (value === undefined || value === "") return "–";
        if (typeof value === "number") return String(value).replace(".", phrases.decimal);
        return typeof value === "object" ? say(value, phrases) : value;
    });
}
