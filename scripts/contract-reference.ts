/** `docs/reference/mqtt-messages.md`, made from `docs/asyncapi.yaml`: every topic and every field, so that the page cannot drift. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface Schema {
    readonly $ref?: string;
    readonly type?: string | readonly string[];
    readonly description?: string;
    readonly const?: unknown;
    readonly enum?: readonly unknown[];
    readonly pattern?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly maxItems?: number;
    readonly items?: Schema;
    readonly oneOf?: readonly Schema[];
    readonly anyOf?: readonly Schema[];
    readonly examples?: readonly unknown[];
    readonly properties?: { readonly [name: string]: Schema };
    readonly required?: readonly string[];
    readonly additionalProperties?: boolean;
}

interface Channel {
    readonly address: string;
    readonly description?: string;
    readonly messages: { readonly [name: string]: { readonly $ref: string } };
}

interface Message {
    readonly title: string;
    readonly contentType?: string;
    readonly headers?: Schema;
    readonly payload: Schema;
}

interface Document {
    readonly info: { readonly version: string };
    readonly defaultContentType: string;
    readonly channels: { readonly [name: string]: Channel };
    readonly operations: {
        readonly [name: string]: { readonly action: "send" | "receive"; readonly channel: { readonly $ref: string } };
    };
    readonly components: {
        readonly messages: { readonly [name: string]: Message };
        readonly schemas: { readonly [name: string]: Schema };
    };
}

/** Schemas that are a value and not a message: shown where they are used. */
const VALUES: ReadonlySet<string> = new Set(["hash", "instant", "nonce", "lane", "who", "why"]);

export function contractReferenceText(): string {
    const text = readFileSync(new URL("../docs/asyncapi.yaml", import.meta.url), "utf8");
    const document: Document = parse(text, { merge: true });
    const channels = Object.entries(document.channels).map(([name, channel]) => channelText(document, name, channel));
    const schemas = Object.entries(document.components.schemas)
        .filter(([name]) => !VALUES.has(name))
        .map(([name, schema]) => schemaText(document, name, schema));
    return `# Messages of the MQTT contract

Generated from \`docs/asyncapi.yaml\`, version ${document.info.version}, by \`make contracts\`. What the messages mean and what both sides promise
stands in [the contract](mqtt-contract.md). Topics are below \`kordon/v1/{site}/\`; «up» is from the box to the central system.

## Topics

| topic | | message | content type | how |
|---|---|---|---|---|
${channels.join("\n")}

${schemas.join("\n")}`;
}

function channelText(document: Document, name: string, channel: Channel): string {
    const own = `#/channels/${name}`;
    const operation = Object.values(document.operations).find((each) => each.channel.$ref === own);
    const isUp = operation === undefined || operation.action === "send";
    const message = lastPart(Object.values(channel.messages)[0]?.$ref ?? "");
    const about = document.components.messages[message];
    const type = about?.contentType ?? document.defaultContentType;
    const schema = lastPart(about?.payload.$ref ?? "");
    const topic = channel.address.replace("kordon/v1/{site}/", "");
    return row([`\`${topic}\``, isUp ? "up" : "down", linkTo(schema), `\`${type}\``, channel.description ?? ""]);
}

function schemaText(document: Document, name: string, schema: Schema): string {
    const isEvent = schema.properties !== undefined && schema.oneOf !== undefined;
    const variants = isEvent ? [schema] : (schema.oneOf ?? [schema]);
    const tables = variants.map((variant) => {
        if (variant.$ref !== undefined) return `- ${linkTo(lastPart(variant.$ref))}`;
        const closed =
            variant.additionalProperties === false ? "Further fields are refused." : "Further fields are ignored.";
        return `${tableOf(document, variant)}\n\n${closed}`;
    });
    const said = schema.description === undefined ? "" : `${line(schema.description)}\n\n`;
    const isChoice = schema.oneOf !== undefined && !isEvent;
    const joined = tables.join(tables.every((text) => text.startsWith("- ")) ? "\n" : "\n\nor\n\n");
    const [example] = schema.examples ?? [];
    const shown = example === undefined ? "" : `\nFor example \`${JSON.stringify(example)}\`\n`;
    const kinds = isEvent ? `\n${kindsText(document, schema)}\n` : "";
    return `## ${name}\n\n${said}${isChoice ? "One of these:\n\n" : ""}${joined}\n${shown}${kinds}`;
}

/** Which `data` each type of event has. */
function kindsText(document: Document, { oneOf = [] }: Schema): string {
    const rows = oneOf.map(({ properties }) => {
        const data = lastPart(properties?.["data"]?.$ref ?? "");
        const about = document.components.schemas[data]?.description ?? "";
        return row([`\`${String(properties?.["type"]?.const)}\``, linkTo(data), about]);
    });
    return ["| `type` | `data` | |", "|---|---|---|", ...rows].join("\n");
}

function tableOf(document: Document, schema: Schema): string {
    if (Object.keys(schema.properties ?? {}).length === 0) return "No fields.";
    const rows = fieldsOf(document, schema, "").map(([name, field, isNeeded]) =>
        row([
            `\`${name}\``,
            isNeeded ? "always" : "where known",
            valuesOf(document, field),
            meaningOf(document, field),
        ]),
    );
    return ["| field | | what it may be | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** Fields of nested objects stand below their own name. */
function fieldsOf(document: Document, schema: Schema, path: string): readonly (readonly [string, Schema, boolean])[] {
    return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
        const own = [`${path}${name}`, field, schema.required?.includes(name) === true] as const;
        return [
            own,
            ...fieldsOf(document, field, `${path}${name}.`),
            ...fieldsOf(document, field.items ?? {}, `${path}${name}[].`),
        ];
    });
}

function valuesOf(document: Document, field: Schema): string {
    if (field.$ref !== undefined) {
        const name = lastPart(field.$ref);
        return VALUES.has(name) ? valuesOf(document, document.components.schemas[name] ?? {}) : linkTo(name);
    }
    if (field.const !== undefined) return `\`${String(field.const)}\``;
    if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(", ");
    if (field.anyOf !== undefined) return field.anyOf.map((each) => valuesOf(document, each)).join(" or ");
    if (field.items !== undefined) {
        const most = field.maxItems === undefined ? "" : `, at most ${field.maxItems}`;
        return `list of ${valuesOf(document, field.items)}${most}`;
    }
    if (field.pattern !== undefined) return `\`${field.pattern}\``;
    const type = [field.type ?? "any"].flat().join(" or ");
    const [least, most] = [field.minimum ?? field.minLength, field.maximum ?? field.maxLength];
    if (least === undefined && most === undefined) return type;
    const unit = type === "string" ? " characters" : "";
    return most === undefined ? `${type}, from ${least}${unit}` : `${type}, ${least ?? 0} to ${most}${unit}`;
}

function meaningOf(document: Document, field: Schema): string {
    if (field.description !== undefined) return field.description;
    const name = field.$ref === undefined ? undefined : lastPart(field.$ref);
    return (name !== undefined && VALUES.has(name) ? document.components.schemas[name]?.description : undefined) ?? "";
}

function lastPart(ref: string): string {
    return ref.split("/").at(-1) ?? "";
}

/** Headings become anchors in lower case. */
function linkTo(schema: string): string {
    return `[${schema}](#${schema.toLowerCase()})`;
}

function row(cells: readonly string[]): string {
    return `| ${cells.map((cell) => line(cell).replaceAll("|", "\\|")).join(" | ")} |`;
}

function line(text: string): string {
    return text.replaceAll(/\s+/g, " ").trim();
}
