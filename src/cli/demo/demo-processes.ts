/** The demonstration's processes: simulated world, simulated central system and the daemon itself. All of them end with this one. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../ports/clock.ts";

/** Long enough for a daemon on a busy machine to say goodbye to its broker; then it is killed. */
const END_MS = 15_000;
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning"];

export class DemoProcesses {
    readonly #folder: string;
    readonly #clock: Clock;
    readonly #onDeath: (name: string, how: string) => void;
    readonly #children = new Map<string, ChildProcess>();
    readonly #ending = new Set<ChildProcess>();

    /** `onDeath` hears of a process that ends before it was told to. */
    constructor(folder: string, clock: Clock, onDeath: (name: string, how: string) => void) {
        this.#folder = folder;
        this.#clock = clock;
        this.#onDeath = onDeath;
    }

    /** Forks a simulator with an IPC channel; its output goes to `<name>.log` in the folder. */
    simulator(
        name: "world" | "central" | "board",
        configFile: string,
        onMessage: (message: unknown) => void,
    ): (order: object) => void {
        const module = fileURLToPath(new URL(`../../../simulators/${name}/main.ts`, import.meta.url));
        const child = fork(module, ["--config", configFile], {
            execArgv: NODE_FLAGS,
            stdio: ["ignore", "pipe", "pipe", "ipc"],
        });
        this.#keep(name, child);
        child.on("message", onMessage);
        return (order) => {
            if (child.connected) child.send(order, () => {});
        };
    }

    /** Starts `kordon run` on the site file, as an operator would. */
    daemon(siteFile: string): void {
        const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
        const args = [...NODE_FLAGS, main, "run", "--site", siteFile];
        this.#keep("kordon", spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] }));
    }

    /** Ends one process and waits for it. */
    async end(name: string): Promise<void> {
        const child = this.#children.get(name);
        if (child === undefined) return;
        this.#children.delete(name);
        this.#ending.add(child);
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
        child.kill("SIGTERM");
        const cancel = this.#clock.after(END_MS, () => child.kill("SIGKILL"));
        await ended;
        cancel();
    }

    /** Ends all, the daemon first: what it still has to say, the others can still hear. */
    async endAll(): Promise<void> {
        for (const name of ["kordon", "world", "central", "board"]) await this.end(name);
    }

    #keep(name: string, child: ChildProcess): void {
        this.#children.set(name, child);
        const log = createWriteStream(join(this.#folder, `${name}.log`));
        child.stdout?.pipe(log, { end: false });
        child.stderr?.pipe(log, { end: false });
        child.once("exit", (code, signal) => {
            log.end();
            if (!this.#ending.has(child)) this.#onDeath(name, signal ?? `exit code ${code}`);
        });
    }
}
