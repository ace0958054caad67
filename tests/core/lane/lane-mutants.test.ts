/** The tests of the lane, tested: every planted fault must be noticed. Each is planted in a copy of the core of its own. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

/** Runs one test file in the copy until something fails. */
async function isNoticed(testFile: string): Promise<boolean> {
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--root", copy, "--bail", "1", "--reporter", "json", `tests/core/lane/${testFile}`];
    return new Promise((settle, reject) => {
        execFile(process.execPath, args, { cwd: copy, maxBuffer: 1 << 26 }, (_error, stdout) => {
            const report = stdout.slice(stdout.indexOf("{"));
            try {
                const { numFailedTests, numTotalTests } = JSON.parse(report) as {
                    numFailedTests: number;
                    numTotalTests: number;
                };
                // A copy that does not even load proves nothing.
                expect(numTotalTests).toBeGreaterThan(0);
                settle(numFailedTests > 0);
            } catch (error) {
                reject(error);
            }
        });
    });
}

test("there are enough of them, each about one place", () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
    for (const { file, find } of MUTANTS) {
        const times = readFileSync(join(ROOT, "src/core", file), "utf8").split(find).length - 1;
        expect({ file, find, times }).toEqual({ file, find, times: 1 });
    }
});

describe.each(MUTANTS.map((mutant) => [mutant.why, mutant] as const))(
    "%s",
    (_why, { file, find, replace, killedBy }: Mutant) => {
        test(`is noticed by ${killedBy}`, { timeout: 120_000 }, async () => {
            const path = join(copy, "src/core", file);
            const sound = readFileSync(path, "utf8");
            writeFileSync(
                path,
                sound.replace(find, () => replace),
            );
            try {
                expect(await isNoticed(killedBy)).toBe(true);
            } finally {
                writeFileSync(path, sound);
            }
        });
    },
);
