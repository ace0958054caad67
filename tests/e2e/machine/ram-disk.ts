/** The RAM disk of a test machine: busybox, this Node.js, the daemon's code, and the packages and programs that its proofs need. */
import { execFileSync } from "node:child_process";
import {
    chmodSync,
    cpSync,
    existsSync,
    globSync,
    mkdirSync,
    readFileSync,
    realpathSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");
const SOURCES = ["src", "devices", "models", "simulators/wire", "simulators/world", "package.json"];
const TESTS = ["tests/e2e/machine", "tests/central/condition.ts", "tests/transport/busy-threads.ts"];
/** Other platforms' binaries, what add-ons were built from, and maps: tens of megabytes that nothing in there reads. */
const DEAD_WEIGHT = String.raw`.*/(better-sqlite3/deps|obj\.target|prebuilds/(darwin|win32|android|linux(musl)?-[^x]).*)(/.*)?|.*\.map`;
const ADDONS = [
    "build/Release/*.node",
    "prebuilds/linux-x64.node",
    "prebuilds/linux-x64/*.glibc.node",
    "bin/*/linux/x64/*.node",
];

export interface RamDiskPlan {
    /** npm packages; what they depend on and the libraries of their add-ons come with them. */
    readonly packages: readonly string[];
    /** Programs of this machine; their libraries come with them. */
    readonly programs: readonly string[];
    /** Other files of this machine. */
    readonly files: readonly string[];
    /** What the project does not hold: path inside it, and text. */
    readonly additions: { readonly [path: string]: string };
}

/** `machine` holds the kernel's modules. Builds in `folder`, which is empty, and leaves the image as `image`. */
export function writeRamDisk(plan: RamDiskPlan, machine: string, folder: string, image: string): void {
    const disk = new RamDisk(folder);
    disk.add("/bin/busybox");
    disk.add("/bin/busybox", "/bin/sh");
    disk.add(join(machine, "lib/modules"), "/lib/modules");
    disk.addProgram(process.execPath, "/bin/node");
    for (const program of plan.programs) disk.addProgram(program, program);
    for (const file of plan.files) disk.add(file);
    for (const name of withDependencies(plan.packages)) {
        const at = realpathSync(join(ROOT, "node_modules", name));
        disk.add(at, `/kordon/node_modules/${name}`);
        for (const addon of globSync(ADDONS, { cwd: at })) disk.addLibraries(join(at, addon));
    }
    for (const path of [...SOURCES, ...TESTS]) {
        cpSync(join(ROOT, path), join(folder, "kordon", path), { recursive: true });
    }
    for (const [path, text] of Object.entries(plan.additions)) writeFileSync(join(folder, "kordon", path), text);
    cpSync(join(import.meta.dirname, "init.sh"), join(folder, "init"));
    chmodSync(join(folder, "init"), 0o755);
    // What is linked here becomes files and folders there.
    const pack = 'cd "$1" && find -L . -regextype posix-extended -not -regex "$3" | cpio --quiet -o -L -H newc >"$2"';
    execFileSync("sh", ["-c", pack, "sh", folder, image, DEAD_WEIGHT]);
}

/** Links in place of copies: the image is written once. */
class RamDisk {
    readonly #folder: string;

    constructor(folder: string) {
        this.#folder = folder;
        for (const empty of ["dev", "proc", "sys", "tmp", "run"]) mkdirSync(join(folder, empty), { recursive: true });
    }

    add(from: string, to: string = from): void {
        const at = join(this.#folder, to);
        if (existsSync(at)) return;
        mkdirSync(dirname(at), { recursive: true });
        symlinkSync(realpathSync(from), at);
    }

    addProgram(program: string, to: string): void {
        this.add(program, to);
        this.addLibraries(program);
    }

    /** The shared libraries that the loader says it wants, each at its own place; a package's own come with it. */
    addLibraries(binary: string): void {
        for (const [, library = ""] of execFileSync("ldd", [binary], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g)) {
            if (!library.startsWith(ROOT)) this.add(library);
        }
    }
}

function withDependencies(names: readonly string[], found = new Set<string>()): ReadonlySet<string> {
    for (const name of names) {
        if (found.has(name)) continue;
        found.add(name);
        const manifest: unknown = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
        const { dependencies = {} } = manifest as { readonly dependencies?: { readonly [name: string]: string } };
        withDependencies(Object.keys(dependencies), found);
    }
    return found;
}
