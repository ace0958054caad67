/**
 * House rules that need a file's syntax: headers, docstrings, switched-off checks and the inputs of the process.
 * Each rule takes one file and returns its breaches; the tests plant a breach of each.
 */
import { Visitor } from "oxc-parser";
import type { Breach, TreeFile } from "./tree-file.ts";

const switchedOffCheck = /\b(istanbul|v8|c8) ignore\b|\bbiome-ignore/;
const suppressedType = /@ts-(ignore|expect-error|nocheck)\b/;
const unfinished = /\b(TODO|FIXME|XXX)\b/;
const testNames = new Set(["describe", "it", "suite", "test"]);
const switchedOffTest = new Set(["only", "skip", "todo"]);
const processInputs = new Set(["argv", "env"]);
const compositionRoots = ["src/cli", "src/main.ts", "src/vision-main.ts"];

export function fileHeader(file: TreeFile): Breach[] {
    if (!file.isTypeScript || !file.isUnder("src", "devices", "simulators", "simulation", "scripts")) return [];
    const startsWithComment = /^(#!.*\n)?\s*(\/\*|\/\/)/.test(file.text);
    return startsWithComment ? [] : [file.breach("file-header", 0, "does not say what it is and why it is there")];
}

/**
 * A docstring stands directly above its export; the header of a file counts only where it does so too.
 * The type of a list's members, `(typeof LIST)[number]`, is explained by the list.
 */
export function exportDocstring(file: TreeFile): Breach[] {
    if (!file.isTypeScript || !file.isUnder("src/core", "src/ports")) return [];
    const docstrings = file.comments.filter((comment) => comment.type === "Block" && comment.value.startsWith("*"));
    const isDocumented = (start: number): boolean =>
        docstrings.some(({ end }) => end <= start && /^[ \t]*\n?[ \t]*$/.test(file.text.slice(end, start)));
    const overloaded = new Set<string>();
    const breaches: Breach[] = [];
    new Visitor({
        ExportNamedDeclaration: ({ start, end, declaration, specifiers }) => {
            if (declaration === null && specifiers.length > 0) {
                breaches.push(file.breach("export-docstring", start, "export things where they are declared"));
            }
            if (declaration === null) return;
            const named = declaration.type === "VariableDeclaration" ? declaration.declarations[0] : declaration;
            const name = named !== undefined && "id" in named && named.id?.type === "Identifier" ? named.id.name : "";
            if (isDocumented(start)) overloaded.add(name);
            else if (!overloaded.has(name) && !isMemberOfList(file.text.slice(start, end))) {
                breaches.push(file.breach("export-docstring", start, `${name || "an export"} has no docstring`));
            }
        },
    }).visit(file.syntax.program);
    return breaches;
}

function isMemberOfList(declaration: string): boolean {
    return /^export type \w+ = \(typeof \w+\)\[number\];?$/.test(declaration);
}

export function noSwitchedOffChecks(file: TreeFile): Breach[] {
    if (!file.isTypeScript) return [];
    return file.comments.flatMap(({ start, value }) => {
        if (suppressedType.test(value)) return [file.breach("suppressed-type", start, "mend the type instead")];
        if (unfinished.test(value)) return [file.breach("unfinished", start, "finish it, or write it down elsewhere")];
        if (!file.isUnder("src/core", "devices") || !switchedOffCheck.test(value)) return [];
        return [file.breach("switched-off-check", start, "no check is switched off here")];
    });
}

/** Skipping is fine where it says why: `test.skipIf(...)` or `context.skip(condition, "needs …")`. */
export function noSwitchedOffTests(file: TreeFile): Breach[] {
    if (!file.isTypeScript || !file.isUnder("tests")) return [];
    const breaches: Breach[] = [];
    new Visitor({
        MemberExpression: (node) => {
            if (node.computed || node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
            if (!testNames.has(node.object.name) || !switchedOffTest.has(node.property.name)) return;
            const name = `${node.object.name}.${node.property.name}`;
            breaches.push(
                file.breach("switched-off-test", node.start, `${name}: use skipIf, or context.skip with a reason`),
            );
        },
    }).visit(file.syntax.program);
    return breaches;
}

/**
 * Arguments and environment enter at the composition roots only, so that everything else is told what it needs.
 * Setting a variable for a library or a child, `process.env["X"] = …`, is no input.
 */
export function processInputsAtTheRoot(file: TreeFile): Breach[] {
    if (!file.isTypeScript || !file.isUnder("src", "devices", "simulators", "simulation")) return [];
    if (file.isUnder(...compositionRoots) || /^(simulators|simulation)\/(.+\/)?main\.ts$/.test(file.path)) return [];
    const breaches: Breach[] = [];
    const report = (offset: number, what: string): void => {
        breaches.push(file.breach("process-input", offset, `${what} is read by the composition roots only`));
    };
    const written = new Set<number>();
    new Visitor({
        AssignmentExpression: ({ left }) => {
            if (left.type === "MemberExpression") written.add(left.object.start);
        },
        MemberExpression: (node) => {
            if (node.object.type !== "Identifier" || node.object.name !== "process" || written.has(node.start)) return;
            if (node.computed) report(node.start, "process[…]");
            else if (node.property.type === "Identifier" && processInputs.has(node.property.name)) {
                report(node.start, `process.${node.property.name}`);
            }
        },
        VariableDeclarator: (node) => {
            if (node.id.type === "ObjectPattern" && node.init?.type === "Identifier" && node.init.name === "process") {
                report(node.start, "process");
            }
        },
        ImportDeclaration: (node) => {
            if (/^(node:)?process$/.test(node.source.value)) report(node.start, "node:process");
        },
    }).visit(file.syntax.program);
    return breaches;
}
