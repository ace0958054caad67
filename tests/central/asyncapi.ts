/** `docs/asyncapi.yaml` for tests: channels by topic, and validators made from its JSON Schemas. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

type Node = { readonly [key: string]: unknown };

const document: Node = parse(readFileSync(new URL("../../docs/asyncapi.yaml", import.meta.url), "utf8"), {
    merge: true,
});

/** What a `#/a/b` reference names; throws where it names nothing. */
export function resolveRef(ref: string): Node {
    let node: unknown = document;
    for (const key of ref.replace(/^#\//, "").split("/")) {
        node = isNode(node) ? node[key] : undefined;
        if (node === undefined) throw new Error(`${ref} names nothing`);
    }
    if (!isNode(node)) throw new Error(`${ref} is no object`);
    return node;
}

export function isNode(value: unknown): value is Node {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy in which every reference is replaced by what it names. */
export function inlined(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(inlined);
    if (!isNode(value)) return value;
    const { $ref, description: _description, ...rest } = value;
    if (typeof $ref === "string") return inlined(resolveRef($ref));
    return Object.fromEntries(Object.entries(rest).map(([key, member]) => [key, inlined(member)]));
}

export interface Channel {
    readonly name: string;
    readonly address: RegExp;
    readonly message: string;
    readonly contentType: string;
    readonly isRetained: boolean;
    readonly qos: number;
    readonly payload: z.ZodType;
}

export const channels: readonly Channel[] = Object.entries(resolveRef("#/channels")).map(([name, channel]) => {
    const { address, messages, description } = channel as Record<string, unknown>;
    const [message] = Object.keys(messages as Node);
    const { payload, contentType } = inlined((messages as Node)[message ?? ""]) as Record<string, unknown>;
    return {
        name,
        address: new RegExp(`^${String(address).replaceAll(/\{\w+\}/g, "[^/]+")}$`),
        message: message ?? "",
        contentType: String(contentType ?? document["defaultContentType"]),
        isRetained: /\bretained\b/.test(String(description)) && !/\b(not|never) retained\b/.test(String(description)),
        qos: Number(/\bQoS (\d)/.exec(String(description))?.[1]),
        payload: validatorOf(payload as Node),
    };
});

/**
 * Where a schema has members of its own and alternatives beside them, both must hold. The schema library joins the two in a way
 * that lets unknown members through, so they are asked one after the other.
 */
function validatorOf({ oneOf, ...own }: Node): z.ZodType {
    const made = (schema: Node): z.ZodType => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    if (oneOf === undefined || own["properties"] === undefined) return made({ ...own, ...(oneOf ? { oneOf } : {}) });
    const alternatives = (oneOf as Node[]).map(made);
    return made(own).refine((value) => alternatives.filter((each) => each.safeParse(value).success).length === 1, {
        message: "its data is not that of its type",
    });
}

export function schemaOf(name: string): unknown {
    return inlined(resolveRef(`#/components/schemas/${name}`));
}

export { document };
