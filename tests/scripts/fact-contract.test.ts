/** The written part of the contract is what the shapes of facts give, and the shapes say what they seem to say. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { withFacts } from "../../scripts/fact-contract.ts";
import * as shape from "../../src/core/fact/data-shape.ts";
import { FACT_KINDS, FACTS } from "../../src/core/fact/fact.ts";
import { channels } from "../central/asyncapi.ts";

const contract = readFileSync(new URL("../../docs/asyncapi.yaml", import.meta.url), "utf8");

test("the schemas of facts in the contract are those of the code (make contracts writes them)", () => {
    expect(withFacts(contract)).toBe(contract);
});

test("a contract that has lost its marks is not written over", () => {
    expect(() => withFacts(contract.replaceAll("# Up to here.", ""))).toThrow("lacks");
});

test.each(FACT_KINDS)("the example of %s is one, and nothing else is", (kind) => {
    const { data, example } = FACTS[kind];
    const validator = z.fromJSONSchema(data.schema as Parameters<typeof z.fromJSONSchema>[0]);
    expect(validator.safeParse(example).error).toBeUndefined();
    for (const wrong of [null, [], "text", 1]) expect(validator.safeParse(wrong).success).toBe(false);
    const needed = data.schema["required"] as readonly (keyof typeof example)[];
    for (const name of needed) {
        expect(validator.safeParse({ ...example, [name]: undefined }).success, `without ${name}`).toBe(false);
        expect(validator.safeParse({ ...example, [name]: { not: "this" } }).success, `another ${name}`).toBe(false);
    }
});

test("an event whose data is that of another type does not keep to the contract", () => {
    const event = channels.find(({ name }) => name === "events")?.payload;
    const base = {
        specversion: "1.0",
        id: "j-1",
        source: "/kordon/site",
        time: "2026-11-22T08:30:00Z",
        datacontenttype: "application/json",
        sequence: "0000000000000001",
        hash: "0".repeat(64),
        previoushash: "0".repeat(64),
        clocktrusted: true,
    };
    const of = (type: string, data: unknown): boolean | undefined =>
        event?.safeParse({ ...base, type: `kz.kordon.${type}.v1`, dataschema: `urn:kordon:${type}:v1`, data }).success;
    expect(of("clock.trust", { isTrusted: true })).toBe(true);
    expect(of("clock.trust", { isTrusted: true, more: 1 }), "a newer box says more").toBe(true);
    expect(of("clock.trust", { facts: 3, beforeUtcMs: 7 })).toBe(false);
    expect(of("unheard.of", {})).toBe(false);
});

test("shapes in JSON Schema", () => {
    const { count, listOf, maybe, members, oneOf, orNull, text } = shape;
    const { schema } = members({ a: orNull(text), b: maybe(listOf(count(1))), c: orNull(oneOf("x", "y")) });
    expect(schema).toEqual({
        type: "object",
        required: ["a", "c"],
        properties: {
            a: { type: ["string", "null"] },
            b: { type: "array", items: { type: "integer", minimum: 1 } },
            c: { anyOf: [{ enum: ["x", "y"] }, { type: "null" }] },
        },
    });
});
