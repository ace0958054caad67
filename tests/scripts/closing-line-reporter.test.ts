/** The last line of a test run is a contract with whoever reads it, so whole runs of small planted tests are made. */
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { PlantedTree } from "../tidy/planted-tree.ts";

const repository = resolve(import.meta.dirname, "../..");

function run(files: Readonly<Record<string, string>>): { readonly status: number | null; readonly lines: string[] } {
    const tree = new PlantedTree();
    symlinkSync(join(repository, "node_modules"), join(tree.root, "node_modules"));
    const reporter = JSON.stringify(join(repository, "scripts/closing-line-reporter.ts"));
    tree.plant("vitest.config.ts", `export default { test: { reporters: ["default", ${reporter}] } };`);
    for (const [path, code] of Object.entries(files)) {
        tree.plant(path, `import { beforeAll, describe, expect, test } from "vitest";\n${code}`);
    }
    const vitest = join(repository, "node_modules/vitest/vitest.mjs");
    const { status, stdout } = spawnSync(process.execPath, [vitest, "run"], { cwd: tree.root, encoding: "utf8" });
    return { status, lines: stdout.trimEnd().split("\n") };
}

const passing = 'test("passes", () => expect(1).toBe(1));';

test("counts what passed, failed and was skipped, and gives the reasons above", () => {
    const { status, lines } = run({
        "a.test.ts": `${passing}
            test("fails", () => expect(1).toBe(2));
            test("skips", (context) => context.skip("needs a broker"));
            describe("group", () => { test.skipIf(true)("hides", () => expect(1).toBe(1)); });`,
        "b.test.ts": passing,
    });
    expect(lines.slice(-3)).toEqual([
        "skipped: a.test.ts > skips: needs a broker",
        "skipped: a.test.ts > group > hides: its condition was not met",
        "2 passed, 1 failed, 2 skipped",
    ]);
    expect(status).toBe(1);
});

test("a good run exits with 0", () => {
    const { status, lines } = run({ "a.test.ts": passing });
    expect([status, lines.at(-1)]).toEqual([0, "1 passed, 0 failed, 0 skipped"]);
});

test("a file that does not load and a hook that throws count as failed", () => {
    const { status, lines } = run({
        "a.test.ts": 'throw new Error("broken");',
        "b.test.ts": `describe("group", () => { beforeAll(() => { throw new Error("broken"); }); ${passing} });`,
        "c.test.ts": passing,
    });
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatch(/^1 passed, 2 failed, [01] skipped$/);
});

test("an error that no test caught counts as failed", () => {
    const { status, lines } = run({ "a.test.ts": `${passing} Promise.reject(new Error("lost"));` });
    expect([status, lines.at(-1)]).toEqual([1, "1 passed, 1 failed, 0 skipped"]);
});

test("a run in which nothing ran fails", () => {
    const skipped = run({ "a.test.ts": 'test("skips", (context) => context.skip("needs a camera"));' });
    expect([skipped.status, skipped.lines.at(-1)]).toEqual([1, "0 passed, 0 failed, 1 skipped"]);
    const empty = run({});
    expect([empty.status, empty.lines.at(-1)]).toEqual([1, "0 passed, 0 failed, 0 skipped"]);
});
