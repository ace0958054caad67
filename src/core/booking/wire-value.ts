/** Small checks that every message of the booking list shares: each names the place and what was expected there. */

/** What is wrong with a message: where (`$.tractor.plate`) and what was expected there. */
export class WireError extends Error {
    readonly path: string;
    readonly expected: string;
    constructor(path: string, expected: string) {
        super(`${path}: expected ${expected}`);
        this.name = "WireError";
        this.path = path;
        this.expected = expected;
    }
}

/** The value as an object that has no members beside `fields`. Throws `WireError`. */
export function recordAt(json: unknown, path: string, fields: ReadonlySet<string>): Readonly<Record<string, unknown>> {
    if (!isRecord(json)) throw new WireError(path, "an object");
    for (const field in json) {
        if (!fields.has(field))
            throw new WireError(`${path}.${field}`, `no such field, only ${[...fields].join(", ")}`);
    }
    return json;
}

/** The value as a text of 1 to `lengthMax` UTF-16 code units. Throws `WireError`. */
export function textAt(json: unknown, path: string, lengthMax: number): string {
    if (typeof json === "string" && json.length > 0 && json.length <= lengthMax) return json;
    throw new WireError(path, `a text of 1 to ${lengthMax} characters`);
}

/** The value as a whole number from `min`. Throws `WireError`. */
export function countAt(json: unknown, path: string, min = 1): number {
    if (typeof json === "number" && Number.isSafeInteger(json) && json >= min) return json;
    throw new WireError(path, `a whole number from ${min}`);
}

/** The value as a list. Throws `WireError`. */
export function listAt(json: unknown, path: string): readonly unknown[] {
    if (Array.isArray(json)) return json;
    throw new WireError(path, "a list");
}

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
    return typeof json === "object" && json !== null && !Array.isArray(json);
}
