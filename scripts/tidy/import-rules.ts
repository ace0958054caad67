/**
 * Import boundaries: holds every import of a file, types and dynamic imports included, against the import table.
 * A computed import cannot be checked and is therefore refused.
 */
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { type CallExpression, Visitor } from "oxc-parser";
import { guardedFolders, type ImportRow, importTable } from "./import-table.ts";
import type { Breach, TreeFile } from "./tree-file.ts";

const rule = "import-boundary";

interface Import {
    readonly offset: number;
    /** `undefined` where it is computed. */
    readonly specifier: string | undefined;
}

export function importBreaches(file: TreeFile): Breach[] {
    if (!file.isTypeScript || !file.isUnder(...guardedFolders)) return [];
    const row = rowOf(file.path);
    if (row === undefined) {
        return [file.breach(rule, 0, "no row of scripts/tidy/import-table.ts covers this file")];
    }
    return importsOf(file).flatMap(({ offset, specifier }) => {
        const problem = specifier === undefined ? "has a computed import" : refusal(row, file.path, specifier);
        return problem === undefined ? [] : [file.breach(rule, offset, `${row.folder} ${problem}`)];
    });
}

/** The row whose folder is the nearest above the file. */
function rowOf(path: string): ImportRow | undefined {
    const above = importTable.filter((row) => covers(row.folder, path));
    return above.toSorted((one, other) => other.folder.length - one.folder.length)[0];
}

function refusal(row: ImportRow, from: string, specifier: string): string | undefined {
    if (isBuiltin(specifier)) return row.node ? undefined : `may not import ${specifier}: it has no I/O and no Node.js`;
    if (!specifier.startsWith(".")) {
        const name = packageOf(specifier);
        return row.packages.includes(name) ? undefined : `may not import the package ${name}`;
    }
    const target = posix.join(posix.dirname(from), specifier);
    const isAllowed = [row.folder, ...row.folders].some((folder) => covers(folder, target));
    return isAllowed ? undefined : `may not import ${target}`;
}

function covers(folder: string, path: string): boolean {
    if (folder.endsWith("/*.json")) return path.startsWith(folder.slice(0, -"*.json".length)) && path.endsWith(".json");
    return path === folder || path.startsWith(`${folder}/`);
}

function packageOf(specifier: string): string {
    return specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");
}

function importsOf(file: TreeFile): Import[] {
    const found: Import[] = [];
    const add = (offset: number, source: { type: string; value?: unknown } | null | undefined): void => {
        if (source === null) return; // an export of its own, not of another file
        found.push({ offset, specifier: typeof source?.value === "string" ? source.value : undefined });
    };
    new Visitor({
        ImportDeclaration: (node) => add(node.start, node.source),
        ExportNamedDeclaration: (node) => add(node.start, node.source),
        ExportAllDeclaration: (node) => add(node.start, node.source),
        ImportExpression: (node) => add(node.start, node.source),
        TSImportType: (node) => add(node.start, node.source),
        CallExpression: (node) => {
            if (isRequire(node.callee)) add(node.start, node.arguments[0]);
        },
    }).visit(file.syntax.program);
    return found;
}

/** `require` itself, or `createRequire(import.meta.url)` called at once. */
function isRequire(callee: CallExpression["callee"]): boolean {
    if (callee.type === "CallExpression")
        return callee.callee.type === "Identifier" && callee.callee.name === "createRequire";
    return callee.type === "Identifier" && callee.name === "require";
}
