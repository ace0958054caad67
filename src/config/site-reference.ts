/** The site file's reference and JSON Schema, made from the schema itself, so that neither can drift from the code. */
import { z } from "zod";
import { Site } from "./site-schema.ts";

interface Shape {
    readonly type?: string;
    readonly description?: string;
    readonly default?: unknown;
    readonly const?: unknown;
    readonly enum?: readonly unknown[];
    readonly pattern?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly properties?: { readonly [key: string]: Shape };
    readonly required?: readonly string[];
    readonly additionalProperties?: Shape | false;
    readonly items?: Shape;
    readonly anyOf?: readonly Shape[];
    readonly oneOf?: readonly Shape[];
}

/** JSON Schema of a site file, as text with a newline at its end. */
export function siteSchemaText(): string {
    return `${JSON.stringify(z.toJSONSchema(Site, { io: "input" }), undefined, 4)}\n`;
}

/** `docs/reference/site-file.md`: every key with what it may be, its default and its meaning. */
export function siteReferenceText(): string {
    const rows = rowsOf(z.toJSONSchema(Site, { io: "input" }) as Shape, "");
    return `# The site file

Generated from \`src/config/site-schema.ts\` by \`make contracts\`. \`config/example-site.yaml\` is a site file to start from,
\`config/four-lane-site.yaml\` shows one of everything; \`kordon check --site FILE\` judges one. Unknown keys are errors. File names are taken from the site file's own folder.
\`<name>\` is a name of your own: lower-case letters, digits and dashes.

| key | what it may be | default | meaning |
|---|---|---|---|
${rows.join("\n")}

Beyond single keys, a site file is refused when a name points at nothing, when one terminal serves two purposes, when
interlocked lanes do not name each other, and when a lane could not be operated safely; the complaint says why.
`;
}

function rowsOf(shape: Shape, path: string): readonly string[] {
    const branches = [shape, ...(shape.anyOf ?? []), ...(shape.oneOf ?? [])];
    return branches.flatMap((branch) => [
        ...Object.entries(branch.properties ?? {}).flatMap(([key, part]) => {
            const at = path === "" ? key : `${path}.${key}`;
            return [rowOf(at, part, branch.required?.includes(key) === true), ...rowsOf(part, at)];
        }),
        ...(branch.additionalProperties ? rowsOf(branch.additionalProperties, `${path}.<name>`) : []),
    ]);
}

function rowOf(path: string, shape: Shape, isRequired: boolean): string {
    const usual =
        shape.default === undefined ? (isRequired ? "required" : "–") : `\`${JSON.stringify(shape.default)}\``;
    const cells = [
        `\`${path}\``,
        valuesOf(shape),
        isPlain(shape) ? usual : isRequired ? "required" : "–",
        shape.description ?? "",
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function isPlain({ type }: Shape): boolean {
    return type !== "object";
}

function valuesOf(shape: Shape): string {
    if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``;
    if (shape.enum !== undefined) return shape.enum.map((value) => `\`${String(value)}\``).join(", ");
    const either = shape.anyOf ?? shape.oneOf;
    if (either !== undefined) return either.map(valuesOf).join(" or ");
    if (shape.type === "array" && shape.items !== undefined) return `list of ${valuesOf(shape.items)}`;
    if (shape.minimum !== undefined || shape.maximum !== undefined)
        return `${shape.minimum ?? "…"} to ${shape.maximum ?? "…"}`;
    if (shape.pattern !== undefined) return `\`${shape.pattern}\``;
    return shape.type === "object" ? "keys below" : (shape.type ?? "");
}
