/** The linter's configuration must bite: code that breaks each rule is planted in a copy of the tree's shape. */
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { PlantedTree } from "./planted-tree.ts";

const repository = resolve(import.meta.dirname, "../..");
const longFunction = `export function long(): void {\n${"    work();\n".repeat(71)}}\nfunction work(): void {}\n`;

const forbidden: readonly (readonly [rule: string, path: string, code: string])[] = [
    ["complexity/noExcessiveCognitiveComplexity", "src/core/maze.ts", maze()],
    ["complexity/noExcessiveLinesPerFunction", "src/core/long.ts", longFunction],
    ["nursery/noFloatingPromises", "src/runtime/floating-call.ts", 'import { later } from "./later.ts";\nlater();\n'],
    [
        "nursery/noFloatingPromises",
        "src/runtime/floating-method.ts",
        'import type { Later } from "./later.ts";\nexport function run(port: Later): void {\n    port.drive();\n}\n',
    ],
    [
        "nursery/noMisusedPromises",
        "src/runtime/misused.ts",
        'import { later } from "./later.ts";\nexport const answer = later() ? 1 : 2;\n',
    ],
    ["nursery/useAwaitThenable", "src/runtime/thenable.ts", "await 5;\n"],
    [
        "nursery/useExhaustiveSwitchCases",
        "src/core/switch.ts",
        'export function f(x: "a" | "b"): number {\n    switch (x) {\n        case "a":\n            return 1;\n    }\n    return 2;\n}\n',
    ],
    ["performance/noBarrelFile", "src/core/barrel.ts", 'export { long } from "./long.ts";\n'],
    ["performance/noReExportAll", "src/core/re-export.ts", 'export * from "./long.ts";\n'],
    ["style/noDefaultExport", "src/core/default.ts", "export default 1;\n"],
    ["style/noNonNullAssertion", "src/core/bang.ts", "export const f = (x: string[]): string => x[0]!;\n"],
    [
        "style/noParameterAssign",
        "src/core/assign.ts",
        "export function f(x: number): number {\n    x = 1;\n    return x;\n}\n",
    ],
    ["style/useFilenamingConvention", "src/core/camelCase.ts", "export const a = 1;\n"],
    ["style/useImportType", "src/runtime/import.ts", 'import { Later } from "./later.ts";\nexport type A = Later;\n'],
    ["style/useThrowOnlyError", "src/core/throw.ts", 'export function f(): never {\n    throw "x";\n}\n'],
    ["suspicious/noConsole", "src/core/console.ts", "console.log(1);\n"],
    ["suspicious/noExplicitAny", "src/core/any.ts", "export const a: any = 1;\n"],
    [
        "suspicious/noFocusedTests",
        "tests/focused.test.ts",
        'import { test } from "vitest";\ntest.only("a", () => {});\n',
    ],
    ["suspicious/noImportCycles", "src/core/hen.ts", 'import { egg } from "./egg.ts";\nexport const hen = egg;\n'],
    ["suspicious/noImportCycles", "src/core/egg.ts", 'import { hen } from "./hen.ts";\nexport const egg = hen;\n'],
    [
        "suspicious/noSkippedTests",
        "tests/skipped.test.ts",
        'import { test } from "vitest";\ntest.skip("a", () => {});\n',
    ],
];

const allowed: readonly (readonly [path: string, code: string])[] = [
    ["src/cli/print.ts", 'console.log("for the operator");\n'],
    ["tests/long.test.ts", longFunction],
    ["tool.config.ts", "export default {};\n"],
    [
        "src/runtime/later.ts",
        "export interface Later {\n    drive(): Promise<void>;\n}\nexport async function later(): Promise<number> {\n    return 1;\n}\n",
    ],
];

function maze(): string {
    const walls = Array.from({ length: 6 }, (_, depth) => `if (x > ${depth}) {`).join(" ");
    return `export function f(x: number): number {\n    ${walls} return 1; ${"}".repeat(6)}\n    return 2;\n}\n`;
}

function lint(tree: PlantedTree): string[] {
    for (const name of ["biome.json", ".gitignore"]) copyFileSync(join(repository, name), join(tree.root, name));
    const biome = join(repository, "node_modules/.bin/biome");
    const { stdout } = spawnSync(biome, ["lint", "--max-diagnostics=none", "--reporter=github"], {
        cwd: tree.root,
        encoding: "utf8",
    });
    return [...stdout.matchAll(/title=lint\/([^,]+),file=([^,]+),/g)].map(
        ([, rule, path]) => `${rule} ${path?.slice(tree.root.length + 1)}`,
    );
}

test("every planted mistake is found", () => {
    const tree = new PlantedTree();
    for (const [path, code] of allowed) tree.plant(path, code);
    for (const [, path, code] of forbidden) tree.plant(path, code);
    expect(lint(tree)).toEqual(expect.arrayContaining(forbidden.map(([rule, path]) => `${rule} ${path}`)));
});

test("what the configuration allows is left alone", () => {
    const tree = new PlantedTree();
    for (const [path, code] of allowed) tree.plant(path, code);
    expect(lint(tree)).toEqual([]);
});
