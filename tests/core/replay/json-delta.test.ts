/** A difference leads exactly to the second value, also after it has been JSON text, and is small where little changed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deltaOf, withDelta } from "../../../src/core/replay/json-delta.ts";

const json = fc
    .jsonValue()
    .map((value) => JSON.stringify(value))
    .filter((text) => !text.includes("__proto__"))
    .map((text) => JSON.parse(text) as unknown);
const asText = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

describe("a difference", () => {
    test("of any two JSON values leads from the one to the other", () => {
        fc.assert(
            fc.property(json, json, (before, after) => {
                const delta = asText(deltaOf(before, after)) as ReturnType<typeof deltaOf>;
                expect(withDelta(before, delta)).toEqual(after);
            }),
            { numRuns: 2_000 },
        );
    });

    test("leaves the first value as it was", () => {
        const before = { a: [1, { b: 2 }], c: 3 };
        const kept = structuredClone(before);
        withDelta(before, deltaOf(before, { a: [1, { b: 5 }] }));
        expect(before).toEqual(kept);
    });

    test.each([
        ["nothing changed", { a: [1, 2], b: { c: null } }, { b: { c: null }, a: [1, 2] }, undefined],
        ["one member of a list", { a: [1, { b: 2, c: 3 }] }, { a: [1, { b: 4, c: 3 }] }, { a: { 1: { b: [4] } } }],
        ["a list that grew", { a: [1] }, { a: [1, 2] }, { a: [[1, 2]] }],
        ["a member gone, one new", { a: 1 }, { b: null }, { a: 0, b: [null] }],
        ["a list where an object was", { a: {} }, { a: [] }, { a: [[]] }],
        ["absent and undefined", { a: undefined }, {}, undefined],
    ])("%s", (_, before, after, delta) => {
        expect(deltaOf(before, after)).toEqual(delta);
    });

    test("that does not fit says so", () => {
        expect(() => withDelta(5, { a: [1] })).toThrow(TypeError);
    });
});

test("members that every object inherits are members like others", () => {
    const pairs: readonly [unknown, unknown][] = [
        [{ toString: {} }, {}],
        [{}, { toString: 1 }],
        [{ constructor: "a" }, { constructor: "b" }],
    ];
    for (const [before, after] of pairs) {
        expect(withDelta(before, deltaOf(before, after))).toEqual(after);
    }
});
