/** Boots a small virtual machine, Debian's kernel with simulated hardware, and makes a test of each proof that runs inside it. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RamDiskPlan, writeRamDisk } from "./ram-disk.ts";

const MACHINE = join(import.meta.dirname, "../../../.toolchain/test-machine");
const QEMU = "qemu-system-x86_64";
/** A minute or two of one core; on a busy machine as long as it takes to get that. */
const DEADLINE_MS = 1_200_000;

export interface MachinePlan extends RamDiskPlan {
    /** Folder beside this file: `set-up.sh` makes the hardware, `proofs-process.ts` holds the proofs. */
    readonly proofs: "gpio" | "usb" | "video";
    readonly memoryMiB: number;
    /** More of QEMU's arguments; files of the machine go into `folder`. */
    readonly hardware: (folder: string) => readonly string[];
}

/** Every entry of the table of proofs is a test; all are skipped, with the reason, where the machine cannot be had. */
export function proveInMachine(plan: MachinePlan): void {
    const source = readFileSync(join(import.meta.dirname, plan.proofs, "proofs-process.ts"), "utf8");
    const names = [...source.matchAll(/^ {4}"(.+)":/gm)].map(([, name = ""]) => name);
    const lack = lackOf(plan);
    let folder = "";
    let said = "";
    let results: ReadonlyMap<string, string | undefined> = new Map();

    beforeAll(async () => {
        if (lack !== undefined) return;
        folder = mkdtempSync(join(tmpdir(), `kordon-${plan.proofs}-`));
        writeRamDisk(plan, MACHINE, join(folder, "root"), join(folder, "initrd"));
        said = await run(plan, folder);
        results = resultsIn(said);
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
}

function lackOf({ programs, files }: RamDiskPlan): string | undefined {
    if (process.arch !== "x64") return "the virtual machine is for x86-64";
    for (const [program, ...args] of [
        [QEMU, "--version"],
        ["busybox", "true"],
        ["cpio", "--version"],
    ] as const) {
        if (spawnSync(program, args, { stdio: "ignore" }).status !== 0)
            return `${program} is missing: make setup installs it`;
    }
    const absent = [...programs, ...files].find((file) => !existsSync(file));
    if (absent !== undefined) return `${absent} is missing: make setup installs it`;
    if (!existsSync(join(MACHINE, "made-of"))) return "the machine's kernel is missing: make setup makes it";
    return undefined;
}

async function run(plan: MachinePlan, folder: string): Promise<string> {
    const machine = spawn(
        QEMU,
        [
            ...["-M", "q35", "-cpu", "max", "-m", String(plan.memoryMiB), "-no-reboot"],
            // Its time goes by what its processor has done, not by the clock: a busy host makes it slow, never late.
            ...["-icount", "shift=1,sleep=off"],
            ...["-display", "none", "-nic", "none", "-serial", "stdio", ...plan.hardware(folder)],
            ...["-kernel", join(MACHINE, "vmlinuz"), "-initrd", join(folder, "initrd")],
            ...["-append", `console=ttyS0 loglevel=1 panic=-1 proofs=${plan.proofs}`],
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
    );
    let text = "";
    const late = setTimeout(() => machine.kill("SIGKILL"), DEADLINE_MS);
    for await (const bytes of machine.stdout) text += String(bytes);
    clearTimeout(late);
    return text;
}

function resultsIn(said: string): ReadonlyMap<string, string | undefined> {
    const lines = [...said.matchAll(/@@ (\{.*\})\r?$/gm)];
    return new Map(
        lines.map(([, json = ""]) => {
            const { name, why } = JSON.parse(json) as { readonly name: string; readonly why?: string };
            return [name, why];
        }),
    );
}
