/** GPIO on a real kernel: a small virtual machine whose lines are Debian's GPIO simulator; the proofs run inside it. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gateProfile } from "./gpio-machine/gate-wiring.ts";
import { writeInitrd } from "./gpio-machine/initrd.ts";

const MACHINE = join(import.meta.dirname, "../../.toolchain/gpio-machine");
const QEMU = "qemu-system-x86_64";
/** A minute of one core; on a busy machine as long as it takes to get that. */
const DEADLINE_MS = 600_000;
/** The machine's time goes by what its processor has done, not by the clock: a busy host makes it slow, never late. */
const STEADY = ["-icount", "shift=1,sleep=off"];

const source = readFileSync(join(import.meta.dirname, "gpio-machine/proofs-process.ts"), "utf8");
const names = [...source.matchAll(/^ {4}"(.+)":/gm)].map(([, name = ""]) => name);

function missing(): string | undefined {
    if (process.arch !== "x64") return "the virtual machine is for x86-64";
    for (const [program, ...args] of [
        [QEMU, "--version"],
        ["busybox", "true"],
        ["cpio", "--version"],
    ] as const) {
        if (spawnSync(program, args, { stdio: "ignore" }).status !== 0)
            return `${program} is missing: make setup installs it`;
    }
    if (!existsSync(join(MACHINE, "version"))) return "the machine's kernel is missing: make setup makes it";
    return undefined;
}

const lack = missing();
let said = "";
let results: ReadonlyMap<string, string | undefined> = new Map();

async function run(folder: string): Promise<string> {
    const args = ["-M", "q35", "-cpu", "max", "-m", "1536", ...STEADY, "-nographic", "-no-reboot", "-nic", "none"];
    const kernel = [
        "-kernel",
        join(MACHINE, "vmlinuz"),
        "-initrd",
        join(folder, "initrd"),
        "-append",
        "console=ttyS0 quiet panic=-1",
    ];
    const machine = spawn(QEMU, [...args, ...kernel], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    const late = setTimeout(() => machine.kill("SIGKILL"), DEADLINE_MS);
    for await (const bytes of machine.stdout) text += String(bytes);
    clearTimeout(late);
    return text;
}

let folder = "";

beforeAll(async () => {
    if (lack !== undefined) return;
    folder = mkdtempSync(join(tmpdir(), "kordon-gpio-"));
    writeInitrd(join(folder, "root"), MACHINE, gateProfile, join(folder, "initrd"));
    said = await run(folder);
    results = new Map(
        [...said.matchAll(/@@ (\{.*\})\r?$/gm)].map(([, json = ""]) => {
            const { name, why } = JSON.parse(json) as { readonly name: string; readonly why?: string };
            return [name, why];
        }),
    );
}, DEADLINE_MS + 20_000);

afterAll(() => {
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

test("the machine starts and runs to its end", (context) => {
    if (lack !== undefined) return context.skip(lack);
    expect(said).toContain("@@ over");
    expect([...results.keys()]).toEqual(names);
});

for (const name of names) {
    test(name, (context) => {
        if (lack !== undefined) return context.skip(lack);
        const why = results.has(name) ? results.get(name) : `not proved; the console ends: ${said.slice(-2_000)}`;
        expect(why).toBeUndefined();
    });
}
