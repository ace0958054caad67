/** The tests of the lane, tested: every planted fault must be noticed. Each is planted in a copy of the core of its own. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MUTANTS, type Mutant } from "./lane-mutants.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const COPIED = ["src/core", "tests/core/lane", "docs/reference/reasons.md"];
let copy: string;

beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "kordon-mutants-"));
    for (const part of COPIED) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

interface Report {
    readonly numTotalTests: number;
    readonly numFailedTests: number;
}

/** Runs one test file in the copy until something fails. A copy that does not even load proves nothing. */
async function isNoticed({ killedBy, in: only }: Mutant): Promise<boolean> {
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const report = join(copy, "report.json");
    rmSync(report, { force: true });
    const args = ["run", "--root", copy, "--bail", "1", "--reporter", "json", "--outputFile", report];
    const filter = only === undefined ? [] : ["-t", only];
    await new Promise((settle) => {
        execFile(process.execPath, [vitest, ...args, ...filter, `tests/core/lane/${killedBy}`], { cwd: copy }, settle);
    });
    const { numTotalTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8")) as Report;
    expect(numTotalTests).toBeGreaterThan(0);
    return numFailedTests > 0;
}

test("there are enough of them, each about one place", () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
    for (const { file, find } of MUTANTS) {
        const times = readFileSync(join(ROOT, "src/core", file), "utf8").split(find).length - 1;
        expect({ file, find, times }).toEqual({ file, find, times: 1 });
    }
});

test.each(MUTANTS)("$why: noticed by $killedBy", { timeout: 120_000 }, async (mutant) => {
    const path = join(copy, "src/core", mutant.file);
    const sound = readFileSync(path, "utf8");
    writeFileSync(
        path,
        sound.replace(mutant.find, () => mutant.replace),
    );
    try {
        expect(await isNoticed(mutant)).toBe(true);
    } finally {
        writeFileSync(path, sound);
    }
});
