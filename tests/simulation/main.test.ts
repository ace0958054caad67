// `kordon simulate` as it is typed: one JSON object on stdout, complaints on stderr, exit codes, and nothing left behind.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test, vi } from "vitest";

const KORDON = resolve(import.meta.dirname, "../../kordon");
const MAIN = resolve(import.meta.dirname, "../../simulation/main.ts");
const RUNS_IN = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

// Whole programs on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

function run(program: string, args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise((settle) => {
        execFile(program, args, (error, out, err) => {
            settle({ code: error === null ? 0 : Number(error.code), out, err });
        });
    });
}

test("says the whole result as one JSON object, keeps the trace on demand", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kordon-trace-"));
    const trace = join(folder, "trace.txt");
    const args = ["simulate", "--scenario", "normal-day", "--seeds", "2", "--json", "--trace", trace];
    const { code, out, err } = await run(KORDON, args);
    expect({ code, err }).toEqual({ code: 0, err: "1/1\n" });
    const totals = JSON.parse(out);
    expect(Object.keys(totals)).toEqual([
        "runs",
        "passages",
        "admitted",
        "refused",
        "referred",
        "tailgated",
        "backedOut",
        "wrongOpens",
        "deceived",
        "violations",
        "facts",
        "honestDelayed",
        "traceHash",
        "simulatedHours",
        "seconds",
    ]);
    expect(totals).toMatchObject({ runs: 1, wrongOpens: 0, violations: [], facts: { lost: 0, duplicated: 0 } });
    expect(totals.traceHash).toMatch(/^[0-9a-f]{64}$/);
    expect(totals.simulatedHours).toBeGreaterThanOrEqual(24);
    const lines = readFileSync(trace, "utf8").trim().split("\n");
    expect(lines[0]).toBe("seed 2");
    expect(lines.filter((line) => line.startsWith("fact "))).toHaveLength(totals.facts.recorded);
    await rm(folder, { recursive: true });
});

test.each([
    [["--scenario", "nonsense", "--seeds", "1"], "one of normal-day, peak, storm"],
    [["--scenario", "storm", "--seeds", "9..3"], "such as 7 or 1..200"],
    [["--scenario", "storm", "--seeds", "1", "--site", "/nowhere.yaml"], "/nowhere.yaml"],
])("%j is wrong usage", async (args, complaint) => {
    const { code, out, err } = await run(process.execPath, [MAIN, ...args]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(complaint);
});

test("the command passes the exit code on", async () => {
    expect(await run(KORDON, ["simulate", "--scenario", "storm", "--seeds", "x"])).toMatchObject({ code: 2, out: "" });
});

test("an interruption ends it within moments and leaves no file", async () => {
    const child = spawn(process.execPath, [MAIN, "--scenario", "peak", "--seeds", "1..50"], { stdio: "pipe" });
    const own = (): readonly string[] => readdirSync(RUNS_IN).filter((name) => name.includes(`-${child.pid}-`));
    await vi.waitFor(() => expect(own()).toHaveLength(1), { timeout: 20_000 });
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect(code).toBe(1);
    expect(own()).toEqual([]);
});
