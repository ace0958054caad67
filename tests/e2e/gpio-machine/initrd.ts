/** The RAM disk of the GPIO machine: busybox, this Node.js with its libraries, the daemon's code and the packages that it needs. */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");
const PACKAGES = [
    "better-sqlite3",
    "commander",
    "fast-xml-parser",
    "iconv-lite",
    "modbus-serial",
    "mqtt",
    "net-snmp",
    "onoff",
    "pino",
    "serialport",
    "yaml",
    "zod",
] as const;
/** Other platforms' binaries, what add-ons were built from, and maps: tens of megabytes that nothing in there reads. */
const DEAD_WEIGHT = /\/(deps|obj\.target|prebuilds\/(?!linux-x64)[^/]+)(\/|$)|\.map$/;

/** `machine` holds vmlinuz and the modules; `profile` becomes `devices/io-module/gpio/test-gate.json`. Leaves `file`. */
export function writeInitrd(folder: string, machine: string, profile: object, file: string): void {
    const at = (path: string): string => join(folder, path);
    for (const empty of ["bin", "dev", "proc", "sys", "tmp", "kordon/node_modules"])
        mkdirSync(at(empty), { recursive: true });
    cpSync("/bin/busybox", at("bin/busybox"));
    cpSync("/bin/busybox", at("bin/sh"));
    cpSync(join(import.meta.dirname, "init.sh"), at("init"));
    chmodSync(at("init"), 0o755);
    for (const module of ["configfs.ko", "gpio-machine.ko"]) cpSync(join(machine, module), at(module));
    addProgram(process.execPath, at("bin/node"), folder);
    for (const part of ["src", "devices", "simulators/wire", "simulators/world", "package.json"]) {
        cpSync(join(ROOT, part), at(`kordon/${part}`), { recursive: true });
    }
    cpSync(import.meta.dirname, at("kordon/tests/e2e/gpio-machine"), { recursive: true });
    cpSync(join(ROOT, "tests/central/condition.ts"), at("kordon/tests/central/condition.ts"));
    writeFileSync(at("kordon/devices/io-module/gpio/test-gate.json"), JSON.stringify(profile));
    const packages = new Set<string>();
    for (const name of PACKAGES) collect(name, packages);
    for (const name of packages) {
        const from = realpathSync(join(ROOT, "node_modules", name));
        const filter = (path: string): boolean => !DEAD_WEIGHT.test(path.slice(from.length));
        cpSync(from, at(`kordon/node_modules/${name}`), { recursive: true, filter });
    }
    execFileSync("sh", ["-c", `cd "$1" && find . | cpio --quiet -o -H newc >"$2"`, "sh", folder, file]);
}

/** A program and the shared libraries that the loader says it wants, each at its own place. */
function addProgram(program: string, to: string, folder: string): void {
    cpSync(realpathSync(program), to);
    for (const [, library] of execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g)) {
        if (library === undefined) continue;
        mkdirSync(join(folder, dirname(library)), { recursive: true });
        cpSync(realpathSync(library), join(folder, library));
    }
}

function collect(name: string, into: Set<string>): void {
    if (into.has(name)) return;
    into.add(name);
    const manifest: unknown = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
    const { dependencies = {} } = manifest as { readonly dependencies?: { readonly [name: string]: string } };
    for (const dependency of Object.keys(dependencies)) collect(dependency, into);
}
