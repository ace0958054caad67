/** The launcher is shell, so it is run as a person would: by a link, from elsewhere, before and after setup. */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { YOUNG_HEAP_FLAG } from "../../src/cli/small-heap.ts";
import { PlantedTree } from "../tidy/planted-tree.ts";

const launcher = resolve(import.meta.dirname, "../../kordon");
const echo =
    "const words: string[] = process.argv.slice(2);\nconsole.log(JSON.stringify(words));\nprocess.exitCode = 7;\n";

function install(main: string): PlantedTree {
    const tree = new PlantedTree();
    tree.plant("home/package.json", '{ "type": "module" }');
    tree.plant("home/src/main.ts", main);
    copyFileSync(launcher, join(tree.root, "home/kordon"));
    mkdirSync(join(tree.root, "home/node_modules"));
    mkdirSync(join(tree.root, "bin"));
    symlinkSync("../home/kordon", join(tree.root, "bin/kordon"));
    useNode(tree, `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
    return tree;
}

function useNode(tree: PlantedTree, script: string): void {
    tree.plant("home/.toolchain/node/bin/node", script, 0o755);
}

function call(tree: PlantedTree, ...words: string[]): SpawnSyncReturns<string> {
    return spawnSync(join(tree.root, "bin/kordon"), words, { cwd: "/", encoding: "utf8" });
}

test("passes words through a link as they are, and the exit status back", () => {
    const { status, stdout, stderr } = call(install(echo), "run", "--site", "a b", "$HOME");
    expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: '["run","--site","a b","$HOME"]\n', stderr: "" });
});

test("a signal reaches the program itself", async () => {
    const tree = install(
        'process.on("SIGTERM", () => process.exit(5));\nsetInterval(() => {}, 1000);\nconsole.log("up");\n',
    );
    const child = spawn(join(tree.root, "bin/kordon"), { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([5, null]);
});

test("says what to do before setup", () => {
    const tree = new PlantedTree();
    copyFileSync(launcher, join(tree.root, "kordon"));
    const { status, stderr } = spawnSync(join(tree.root, "kordon"), { encoding: "utf8" });
    expect({ status, stderr }).toEqual({
        status: 1,
        stderr: `kordon: not set up yet; run make setup in ${tree.root}\n`,
    });
});

test.each([
    ["v20.20.2", undefined],
    ["v22.11.0", undefined],
    ["v22.12.0", true],
    ["v22.17.1", true],
    ["v22.18.0", false],
    ["v23.5.0", true],
    ["v24.21.0", false],
    ["v30.0.0", false],
])("Node.js %s is started with --experimental-strip-types: %s", (version, strips) => {
    const tree = install(echo);
    useNode(tree, `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else echo "$@"; fi\n`);
    const { status, stdout, stderr } = call(tree, "run");
    const main = join(tree.root, "home/src/main.ts");
    const flags = `--disable-warning=ExperimentalWarning ${strips ? "--experimental-strip-types " : ""}`;
    expect({ status, stdout }).toEqual(
        strips === undefined
            ? { status: 1, stdout: "" }
            : { status: 0, stdout: `${flags}${YOUNG_HEAP_FLAG} ${main} run\n` },
    );
    if (strips !== undefined) expect(call(tree, "list").stdout).toBe(`${flags}${main} list\n`);
    if (strips === undefined) expect(stderr).toContain("older than Node.js 22.12; run make setup");
});
