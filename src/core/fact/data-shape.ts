/**
 * Shapes of the data of facts, each at once a TypeScript type and a JSON Schema, so that what the box writes and what the
 * contract with the central system says cannot part. Only what facts need; what comes in is checked by the schema library.
 */
import type { Json } from "./fact.ts";

/** JSON Schema 2020-12, as far as it is used here. */
export type Schema = { readonly [keyword: string]: Json };

/** A value's schema; `T` is the type of what it describes. */
export interface Shape<T> {
    readonly schema: Schema;
    /** Never there at run time: it only carries the type. */
    readonly of?: T;
    /** The member may be missing. */
    readonly isOptional?: boolean;
}

interface OptionalShape<T> extends Shape<T> {
    readonly isOptional: true;
}

type Members = { readonly [name: string]: Shape<unknown> };
/** The type that a shape describes. */
export type TypeOf<S> = S extends Shape<infer T> ? T : never;
type OptionalNames<M extends Members> = { [N in keyof M]: M[N] extends OptionalShape<unknown> ? N : never }[keyof M];
type Described<M extends Members> = { readonly [N in Exclude<keyof M, OptionalNames<M>>]: TypeOf<M[N]> } & {
    readonly [N in OptionalNames<M>]?: TypeOf<M[N]>;
};

/** Any text. */
export const text: Shape<string> = { schema: { type: "string" } };
/** A stable code in capital letters; behind a colon may stand what it is about. */
export const code: Shape<string> = { schema: { type: "string", pattern: "^[A-Z][A-Z_]*(:[A-Za-z0-9-]+)?$" } };
/** A SHA-256, lower-case hex. */
export const sha256: Shape<string> = { schema: { type: "string", pattern: "^[0-9a-f]{64}$" } };
/** RFC 3339 in UTC, at most three decimals of a second. */
export const instant: Shape<string> = {
    schema: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$" },
};
/** True or false. */
export const flag: Shape<boolean> = { schema: { type: "boolean" } };
/** Any number. */
export const number: Shape<number> = { schema: { type: "number" } };
/** 0 to 1. */
export const share: Shape<number> = { schema: { type: "number", minimum: 0, maximum: 1 } };
/** A duration in milliseconds. */
export const durationMs: Shape<number> = { schema: { type: "number", minimum: 0 } };

/** A whole number from `min`. */
export function count(min = 0): Shape<number> {
    return { schema: { type: "integer", minimum: min } };
}

/** One of these words. */
export function oneOf<const W extends readonly string[]>(...words: W): Shape<W[number]> {
    return { schema: { enum: words } };
}

/** A list of any length. */
export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
    return { schema: { type: "array", items: item.schema } };
}

/** Null where there is nothing to say. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
    const { type } = shape.schema;
    return { schema: typeof type === "string" ? { ...shape.schema, type: [type, "null"] } : oneOfTwo(shape.schema) };
}

/** A member that is there where there is something to say. */
export function maybe<T>(shape: Shape<T>): OptionalShape<T> {
    return { ...shape, isOptional: true };
}

/** An object. Members beside these may come with a newer box: a receiver leaves them be. */
export function members<M extends Members>(of: M): Shape<Described<M>> {
    const entries = Object.entries(of);
    return {
        schema: {
            type: "object",
            required: entries.flatMap(([name, shape]) => (shape.isOptional === true ? [] : [name])),
            properties: Object.fromEntries(entries.map(([name, shape]) => [name, shape.schema])),
        },
    };
}

function oneOfTwo(schema: Schema): Schema {
    return { anyOf: [schema, { type: "null" }] };
}
