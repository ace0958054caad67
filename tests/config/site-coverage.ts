/**
 * What a site file leaves unused of everything that the schema offers: parts, kinds of device and wire, contacts, and each key
 * without a default. It reads the JSON Schema, so a key that is new tomorrow is missed tomorrow.
 */

interface Shape {
    readonly type?: string;
    readonly const?: unknown;
    readonly default?: unknown;
    readonly properties?: { readonly [key: string]: Shape };
    readonly required?: readonly string[];
    readonly additionalProperties?: Shape | false;
    readonly propertyNames?: { readonly enum?: readonly string[] };
    readonly items?: Shape;
    readonly anyOf?: readonly Shape[];
    readonly oneOf?: readonly Shape[];
}

type Record_ = { readonly [key: string]: unknown };

const isRecord = (value: unknown): value is Record_ =>
    typeof value === "object" && value !== null && !Array.isArray(value);

/** What is as it is unless a site says otherwise: numbers, words, and groups of nothing else. Lists and tables are not. */
function isTuning({ default: usual, type, properties, additionalProperties }: Shape): boolean {
    if (usual === undefined || additionalProperties || type === "array") return false;
    return Object.values(properties ?? {}).every(isTuning);
}

/** The value is written in the way of this branch of a union. */
function isOfBranch(value: unknown, { properties = {}, required = [], type }: Shape): boolean {
    if (!isRecord(value)) return type !== "object" && !Array.isArray(value);
    const isSame = ([key, { const: only }]: [string, Shape]): boolean =>
        only === undefined || value[key] === only || (value[key] === undefined && !required.includes(key));
    const isKnown = (key: string): boolean => key in properties;
    return (
        type === "object" &&
        required.every((key) => key in value) &&
        Object.keys(value).every(isKnown) &&
        Object.entries(properties).every(isSame)
    );
}

function branchName({ properties = {}, type }: Shape): string {
    const kind = properties["kind"]?.const;
    return typeof kind === "string" ? kind : (Object.keys(properties)[0] ?? type ?? "");
}

/** Paths of the schema that no value uses; `values` are all that stand at `path` in the file. */
export function unusedOf(shape: Shape, values: readonly unknown[], path = ""): readonly string[] {
    const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
    const records = values.filter(isRecord);
    const branches = shape.anyOf ?? shape.oneOf ?? [];
    const missing = branches.flatMap((branch) => {
        const own = values.filter((value) => isOfBranch(value, branch));
        const isShape = branch.type === "object" || branches.every(({ type }) => type !== "object");
        if (own.length === 0) return isShape && branch.type === "object" ? [`${path} (${branchName(branch)})`] : [];
        return unusedOf(branch, own, path);
    });
    for (const [key, part] of Object.entries(shape.properties ?? {})) {
        const own = records.flatMap((record) => (record[key] === undefined ? [] : [record[key]]));
        if (own.length > 0) missing.push(...unusedOf(part, own, at(key)));
        else if (!isTuning(part)) missing.push(at(key));
    }
    for (const name of shape.propertyNames?.enum ?? []) {
        if (!records.some((record) => name in record)) missing.push(at(name));
    }
    if (shape.additionalProperties) {
        missing.push(...unusedOf(shape.additionalProperties, records.flatMap(Object.values), at("<name>")));
    }
    if (shape.items) missing.push(...unusedOf(shape.items, values.flat(), path));
    return missing;
}
