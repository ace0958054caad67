/**
 * One text for one JSON value, so that a hash over it means the same on every machine and in every language.
 * Same result as RFC 8785 (JCS): keys sorted by UTF-16 code units, no blanks, numbers as ECMAScript prints them.
 */
import type { Json } from "./fact.ts";

/**
 * The canonical text of a JSON value. Members whose value is `undefined` are left out, as `JSON.stringify` does.
 * Throws `TypeError` for what JSON cannot carry (NaN, infinities, functions, `undefined` in a list), naming its place.
 */
export function canonicalJson(value: Json): string {
    return textOf(value, "$");
}

function textOf(value: unknown, path: string): string {
    if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
    if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map((item, index) => textOf(item, `${path}[${index}]`)).join(",")}]`;
    if (typeof value === "object") {
        const members = Object.entries(value)
            .filter(([, member]) => member !== undefined)
            .sort(([left], [right]) => (left < right ? -1 : 1))
            .map(([key, member]) => `${JSON.stringify(key)}:${textOf(member, `${path}.${key}`)}`);
        return `{${members.join(",")}}`;
    }
    throw new TypeError(`${path} is ${String(value)}, which JSON cannot carry`);
}
