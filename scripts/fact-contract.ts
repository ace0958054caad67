/**
 * The part of `docs/asyncapi.yaml` that is written from the shapes of facts in `src/core/fact/`: which types an event may have,
 * and the schema of the data of each. It stands between two marks, twice; everything else in that file is written by hand.
 */
import { stringify } from "yaml";
import type { Schema } from "../src/core/fact/data-shape.ts";
import { FACT_KINDS, FACTS } from "../src/core/fact/fact.ts";
import { WITHHELD } from "../src/core/fact/fact-event.ts";

const BEGIN = "# From the shapes of facts in src/core/fact/, by make contracts:";
const END = "# Up to here.";
const REGION = new RegExp(`( *)${BEGIN}\\n[^]*?${END}`, "g");

/** The contract with both regions as the code has them today. Throws when a mark is missing. */
export function withFacts(contract: string): string {
    const parts = [{ oneOf: FACT_NAMES.map(variant) }, Object.fromEntries(FACT_NAMES.map(schemaOf))];
    const text = contract.replaceAll(REGION, (_, indent: string) => {
        const options = { lineWidth: 120 - indent.length, aliasDuplicateObjects: false };
        const lines = stringify(parts.shift(), options).trimEnd().split("\n");
        return [BEGIN, ...lines, END].map((line) => `${indent}${line}`).join("\n");
    });
    if (parts.length > 0) throw new Error(`docs/asyncapi.yaml lacks "${BEGIN}" … "${END}"`);
    return text;
}

const FACT_NAMES = [...FACT_KINDS, "fact.withheld"] as const;
type FactName = (typeof FACT_NAMES)[number];

/** `boom.moved-unasked` is `boomMovedUnaskedFact` among the schemas. */
function schemaName(name: FactName): string {
    return `${name.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase())}Fact`;
}

function variant(name: FactName): object {
    return {
        type: "object",
        properties: {
            type: { const: `kz.kordon.${name}.v1` },
            data: { $ref: `#/components/schemas/${schemaName(name)}` },
        },
    };
}

function schemaOf(name: FactName): readonly [string, Schema] {
    const { about, data, example } = name === "fact.withheld" ? WITHHELD : FACTS[name];
    return [schemaName(name), { description: about, ...data.schema, examples: [example] } as Schema];
}
