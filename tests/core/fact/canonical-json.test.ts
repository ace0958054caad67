/** Canonical JSON held against RFC 8785's own examples and against JSON itself. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../src/core/fact/canonical-json.ts";
import type { Json } from "../../../src/core/fact/fact.ts";

describe("canonicalJson", () => {
    test.each<[string, Json, string]>([
        ["members by name", { b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
        [
            "RFC 8785, 3.2.2: literals and numbers",
            { numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 1e-27] },
            '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
        ],
        ["minus zero is zero", [-0], "[0]"],
        ["RFC 8785, 3.2.2: text", '\u20ac$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
        [
            "RFC 8785, 3.2.3: members by UTF-16 code units",
            { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 },
            '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
        ],
        ["Cyrillic stays as it is", { статус: "В очереди" }, '{"статус":"В очереди"}'],
        ["a name that numbers sort otherwise", { "10": 1, "9": 2 }, '{"10":1,"9":2}'],
        ["empty things", [{}, [], "", null, false], '[{},[],"",null,false]'],
    ])("%s", (_, value, text) => {
        expect(canonicalJson(value)).toBe(text);
    });

    test("members without a value are left out", () => {
        expect(canonicalJson({ a: undefined, b: 1 } as unknown as Json)).toBe('{"b":1}');
    });

    test.each<[unknown, string]>([
        [Number.NaN, "$ is NaN"],
        [{ scale: [1, Number.POSITIVE_INFINITY] }, "$.scale[1] is Infinity"],
        [[undefined], "$[0] is undefined"],
        [{ act: () => 1 }, "$.act is"],
        [10n, "$ is 10"],
    ])("refuses %o, naming the place", (value, message) => {
        expect(() => canonicalJson(value as Json)).toThrow(message);
    });

    test("means the same value, whatever the order in which members were put in", () => {
        fc.assert(
            fc.property(fc.jsonValue(), (value) => {
                const text = canonicalJson(value as Json);
                expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
                expect(canonicalJson(reversed(value) as Json)).toBe(text);
            }),
            { seed: 20261122, numRuns: 300 },
        );
    });
});

function reversed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value)
            .reverse()
            .map(([name, member]) => [name, reversed(member)]),
    );
}
