/**
 * What changed between two JSON values, and the second value made again from the first: recorded inputs hold differences,
 * because from tick to tick almost nothing but time changes. Exact for every JSON value without a member `__proto__`.
 */

/**
 * `[value]`: another value stands here; `0`: the member is gone; otherwise members whose inside changed, those of a list
 * by their index. A list that changed its length is replaced whole.
 */
export type Delta = readonly [unknown] | 0 | { readonly [member: string]: Delta };

/** The change from `before` to `after`; undefined when there is none. A member with the value `undefined` counts as absent. */
export function deltaOf(before: unknown, after: unknown): Delta | undefined {
    if (Object.is(before, after)) return undefined;
    if (after === undefined) return 0;
    if (!isBranch(before) || !isBranch(after) || !isAlike(before, after)) return [after];
    return Array.isArray(before) && Array.isArray(after) ? deltaOfLists(before, after) : deltaOfMembers(before, after);
}

/** Of equal length. */
function deltaOfLists(before: readonly unknown[], after: readonly unknown[]): Delta | undefined {
    let changes: { [index: string]: Delta } | undefined;
    for (const [index, value] of after.entries()) {
        const delta = deltaOf(before[index], value);
        if (delta === undefined) continue;
        changes ??= {};
        changes[index] = delta;
    }
    return changes;
}

function deltaOfMembers(before: Branch, after: Branch): Delta | undefined {
    let changes: { [member: string]: Delta } | undefined;
    for (const member of Object.keys(after)) {
        const delta = deltaOf(ownMember(before, member), after[member]);
        if (delta === undefined) continue;
        changes ??= {};
        changes[member] = delta;
    }
    for (const member of Object.keys(before)) {
        if (Object.hasOwn(after, member) || before[member] === undefined) continue;
        changes ??= {};
        changes[member] = 0;
    }
    return changes;
}

/** The value that `delta` leads to. Throws `TypeError` when it does not fit `before`. */
export function withDelta(before: unknown, delta: Delta | undefined): unknown {
    if (delta === undefined) return before;
    if (delta === 0) return undefined;
    if (isList(delta)) return delta[0];
    if (!isBranch(before)) throw new TypeError("a change inside of something that has no inside");
    const after: Branch = Object.assign(Array.isArray(before) ? [] : {}, before);
    for (const [member, change] of Object.entries(delta)) {
        const value = withDelta(ownMember(before, member), change);
        if (value === undefined) delete after[member];
        else after[member] = value;
    }
    return after;
}

type Branch = { [member: string]: unknown };

/** Every object inherits members such as `toString`; those are not its value. */
function ownMember(branch: Branch, member: string): unknown {
    return Object.hasOwn(branch, member) ? branch[member] : undefined;
}

function isBranch(value: unknown): value is Branch {
    return typeof value === "object" && value !== null;
}

function isList(delta: Delta): delta is readonly [unknown] {
    return Array.isArray(delta);
}

function isAlike(before: Branch, after: Branch): boolean {
    if (Array.isArray(before) !== Array.isArray(after)) return false;
    return !Array.isArray(before) || before["length"] === after["length"];
}
