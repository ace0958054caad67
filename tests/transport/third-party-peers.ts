/** Starts Modbus servers that others wrote, and pairs of serial ports; says plainly what is missing. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

export interface Peer {
    readonly name: string;
    /** Undefined where it can run; otherwise what to install. */
    readonly missing: string | undefined;
    /** Program and arguments, before `tcp` or `rtu PATH`. */
    command(): readonly [string, ...string[]];
}

const PYTHON = "/usr/bin/python3";
const folder = import.meta.dirname;

function runs(program: string, ...args: readonly string[]): boolean {
    return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

const pymodbus: Peer = {
    name: "pymodbus",
    missing: runs(PYTHON, "-c", "import pymodbus.server.async_io")
        ? undefined
        : "pymodbus's server is missing: apt-get install python3-pymodbus python3-serial-asyncio",
    command: () => [PYTHON, join(folder, "pymodbus-peer.py")],
};

let compiled: string | undefined;

const libmodbus: Peer = {
    name: "libmodbus",
    missing: runs("cc", "-fsyntax-only", join(folder, "libmodbus-peer.c"))
        ? undefined
        : "libmodbus or a C compiler is missing: apt-get install gcc libmodbus-dev",
    command() {
        if (compiled === undefined) {
            compiled = join(mkdtempSync(join(tmpdir(), "kordon-libmodbus-")), "peer");
            execFileSync("cc", ["-o", compiled, join(folder, "libmodbus-peer.c"), "-lmodbus"]);
        }
        return [compiled];
    },
};

export const peers: readonly Peer[] = [pymodbus, libmodbus];

export function removeCompiled(): void {
    if (compiled !== undefined) rmSync(join(compiled, ".."), { recursive: true });
    compiled = undefined;
}

export const hasSocat = runs("socat", "-V");

/** Resolves with the first match in what `stream` says; the stream stays open, or its writer would die of it. */
function heard(stream: Readable, pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
        let said = "";
        stream.on("data", (bytes) => {
            said += String(bytes);
            const match = pattern.exec(said);
            if (match !== null) resolve(match);
        });
        stream.once("close", () => reject(new Error(`ended before it was ready: ${said}`)));
    });
}

/** A server that is ready to answer, and the port it listens on. */
export async function startPeer(
    peer: Peer,
    ...args: readonly string[]
): Promise<{ child: ChildProcess; port: number }> {
    const [program, ...before] = peer.command();
    const child = spawn(program, [...before, ...args], { stdio: ["ignore", "pipe", "ignore"] });
    const [, port] = await heard(child.stdout, /ready (\d+)/);
    return { child, port: Number(port) };
}

/** Two serial ports joined by a null modem; `link` gives ours a name that was used before, as a plug that is put back. */
export async function startSerialPair(link?: string): Promise<{
    child: ChildProcess;
    ours: string;
    theirs: string;
    remove(): void;
}> {
    const pair = mkdtempSync(join(tmpdir(), "kordon-pty-"));
    const [ours, theirs] = [link ?? join(pair, "ours"), join(pair, "theirs")];
    const args = ["-d", "-d", `pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`];
    const child = spawn("socat", args, { stdio: ["ignore", "ignore", "pipe"] });
    await heard(child.stderr, /starting data transfer loop/);
    return { child, ours, theirs, remove: () => rmSync(pair, { recursive: true, force: true }) };
}

export async function end(child: ChildProcess | undefined): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
}
