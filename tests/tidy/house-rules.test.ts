/** Each house rule must bite: a breach of every rule is planted, and beside it the nearest thing that is fine. */
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { checkFile, checkTree } from "../../scripts/tidy/check-tree.ts";
import { TreeFile } from "../../scripts/tidy/tree-file.ts";

interface Planted {
    readonly rule: string;
    readonly path: string;
    readonly bad: readonly string[];
    readonly fine: readonly string[];
}

const header = "/** What it is. */\n\n";
const lines = (count: number): string => "\n".repeat(count);
const folderOf = (name: string): string => ["", name, "main"].join("/");

const planted: readonly Planted[] = [
    { rule: "file-size", path: "src/runtime/a.ts", bad: [header + lines(499)], fine: [header + lines(498)] },
    { rule: "file-size", path: "tests/a.test.ts", bad: [lines(801)], fine: [lines(800)] },
    { rule: "file-size", path: "training/a.py", bad: [lines(501)], fine: [lines(500)] },
    {
        rule: "private-path",
        path: "docs/a.md",
        bad: [`see ${folderOf("work")}`, `"${folderOf("farm")}/x"`, `\n(${folderOf("work")})`, `x=${folderOf("work")}`],
        fine: ["see /workshop/x", `https://example.org${folderOf("work")}`, `docs${folderOf("work")}`],
    },
    { rule: "device-profile", path: "devices/scale/x/a.json", bad: ["{ a: 1 }", ""], fine: ['{ "a": 1 }'] },
    {
        rule: "file-header",
        path: "src/runtime/a.ts",
        bad: ["const a = 1;", "\nimport 'x';"],
        fine: [`${header}const a = 1;`],
    },
    {
        rule: "file-header",
        path: "simulators/world/a.ts",
        bad: ["const a = 1; /** late */"],
        fine: ["// What it is.\n"],
    },
    {
        rule: "export-docstring",
        path: "src/core/lane/a.ts",
        bad: [
            `${header}export const a = 1;`,
            `${header}export interface A {}`,
            `${header}export function a(): void {}`,
            `${header}/** Far away. */\n\nexport class A {}`,
            `${header}// no docstring\nexport type A = 1;`,
            `${header}export type A = (typeof LIST)["x"];`,
            `${header}const a = 1;\nexport { a };`,
        ],
        fine: [
            `${header}/** What it is. */\nexport const a = 1;`,
            "/** Header and docstring in one. */\nexport const a = 1;",
            `${header}/** What it is. */\nexport function a(b: 1): 1;\nexport function a(b: 2): 2;\nexport function a(b: 1 | 2): 1 | 2 { return b; }`,
            `${header}export type A = (typeof LIST)[number];`,
            `${header}const a = 1;`,
        ],
    },
    {
        rule: "suppressed-type",
        path: "tests/a.test.ts",
        bad: ["// @ts-expect-error\na();", "// @ts-ignore\na();"],
        fine: ['const a = "@ts-expect-error";'],
    },
    { rule: "unfinished", path: "src/cli/a.ts", bad: ["// TODO: later"], fine: ["// to do this, read on"] },
    {
        rule: "switched-off-check",
        path: "src/core/a.ts",
        bad: ["/* v8 ignore next */", "/* istanbul ignore else */", "// biome-ignore lint/x: y"],
        fine: ["// ignore stale readings"],
    },
    { rule: "switched-off-check", path: "devices/light/x/a.ts", bad: ["// biome-ignore lint/x: y"], fine: [header] },
    {
        rule: "switched-off-test",
        path: "tests/a.test.ts",
        bad: ['test.skip("a", run);', 'describe.only("a", run);', 'it.todo("a");'],
        fine: ['test.skipIf(!has)("a", run);', 'test("a", (context) => context.skip(!has, "needs x"));'],
    },
    {
        rule: "test-sleep",
        path: "tests/a.test.ts",
        bad: [
            "await new Promise((resolve) => setTimeout(resolve, 50));",
            "await new Promise<void>((done) => { setTimeout(() => { done(); }, 50); });",
            "await new Promise(function (resolve) { setTimeout(resolve, pauseMs); });",
            'import { setTimeout } from "node:timers/promises";',
        ],
        fine: [
            "await new Promise((resolve) => setTimeout(resolve, 0));",
            'await new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 5000));',
            "const timer = setTimeout(() => child.kill(), 5000);",
            'await new Promise((resolve) => child.once("exit", resolve));',
        ],
    },
    {
        rule: "one-clock",
        path: "src/transport/a.ts",
        bad: [
            "const a = Date.now();",
            "const a = new Date();",
            "const a = Date();",
            "const a = performance.now();",
            "const a = process.hrtime.bigint();",
            "setTimeout(run, 5);",
            "const later = setInterval;",
            "globalThis.setImmediate(run);",
            "const a = { setTimeout };",
            'import { scheduler } from "node:timers/promises";',
            'import { performance } from "perf_hooks";',
        ],
        fine: [
            "const a = new Date(utcMs).toISOString();",
            "socket.setTimeout(5000);",
            "const a = { setTimeout: clock.after };",
            "interface A { setTimeout(ms: number): void }",
            "class A { setInterval(): void {} }",
            '"Date.now()"; // Date.now()',
        ],
    },
    { rule: "one-clock", path: "simulators/world/a.ts", bad: ["Date.now();"], fine: ["clock.monotonicMs();"] },
    { rule: "one-clock", path: "devices/scale/x/a.ts", bad: ["Date.now();"], fine: ["clock.monotonicMs();"] },
    {
        rule: "process-input",
        path: "src/runtime/a.ts",
        bad: [
            "process.env;",
            'process.env["HOME"];',
            "process.argv.slice(2);",
            'process["env"];',
            "const { env } = process;",
            'import { argv } from "node:process";',
        ],
        fine: ["process.pid;", "settings.env;", 'process.env["LIBRARY_SWITCH"] = "1";'],
    },
    { rule: "process-input", path: "simulators/wire/a.ts", bad: ["process.env;"], fine: ["process.pid;"] },
];

describe.each(planted)("$rule in $path", ({ rule, path, bad, fine }) => {
    test.each(bad)("bites on %j", (text) => {
        expect(checkFile(new TreeFile(path, text)).filter((breach) => breach.rule === rule)).toHaveLength(1);
    });
    test.each(fine)("leaves alone %j", (text) => {
        expect(checkFile(new TreeFile(path, text)).filter((breach) => breach.rule === rule)).toEqual([]);
    });
});

test.each(["src/core/utils.ts", "devices/types.ts", "tests/helpers.ts", "simulators/world/index.ts"])(
    "file-name bites on %s",
    (path) => {
        expect(checkFile(new TreeFile(path, header)).map(({ rule }) => rule)).toContain("file-name");
    },
);

test.each([
    ["src/runtime/clock.ts", "setTimeout(run, Date.now());"],
    ["simulators/world/clock.ts", "setTimeout(run, Date.now());"],
    ["src/main.ts", "process.env; process.argv;"],
    ["src/cli/run.ts", "process.env; process.argv;"],
    ["simulators/scenarios/main.ts", "process.argv;"],
])("%s may do what others may not", (path, code) => {
    expect(checkFile(new TreeFile(path, header + code))).toEqual([]);
});

test("a breach says where it is", () => {
    const file = new TreeFile("src/central/a.ts", `${header}const a = 1;\nconst b = Date.now();\n`);
    expect(checkFile(file)).toEqual([
        { path: "src/central/a.ts", line: 4, rule: "one-clock", message: "Date.now: take a Clock instead" },
    ]);
});

test("a file that cannot be parsed is an error, not a pass", () => {
    expect(() => checkFile(new TreeFile("src/core/a.ts", "const = ;"))).toThrow("src/core/a.ts cannot be parsed");
});

test("this tree keeps the house rules", () => {
    expect(checkTree(resolve(import.meta.dirname, "../.."))).toEqual([]);
});
