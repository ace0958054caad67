/** Canonical JSON for hashes (RFC 8785), written for the simulators alone: a second opinion on the daemon's own. */

/** `value` is something that `JSON.parse` could have given; members that are `undefined` are left out. */
export function canonicalJson(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const members = new Map(Object.entries(value).filter(([, member]) => member !== undefined));
    const names = [...members.keys()].sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(members.get(name))}`).join(",")}}`;
}
