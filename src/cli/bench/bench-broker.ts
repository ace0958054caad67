/** A real Mosquitto on a loopback port of its own, for the benches of the link: as an operator would run it, gone with the bench. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import { CommandFailure, EXIT } from "../outcome.ts";

const PROGRAMS = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];
const KNOCK_MS = 20;
const OPEN_MS_MAX = 10_000;
const MS_PER_S = 1_000;
/** Places of user and system time in `/proc/PID/stat`, counted behind the program's name (proc(5)). */
const [USER_TICKS, SYSTEM_TICKS] = [11, 12] as const;

export class BenchBroker {
    readonly url: string;
    readonly #child: ChildProcess;
    readonly #ticksPerS: number;

    private constructor(url: string, child: ChildProcess) {
        this.url = url;
        this.#child = child;
        this.#ticksPerS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
    }

    /** Resolves when it listens. Rejects with `CommandFailure` where Mosquitto is not installed. */
    static async start(folder: string, clock: Clock): Promise<BenchBroker> {
        const program = PROGRAMS.find((path) => existsSync(path));
        if (program === undefined) {
            throw new CommandFailure(EXIT.failed, "this bench needs Mosquitto: install Debian's package mosquitto");
        }
        const port = await freePort();
        const config = join(folder, "mosquitto.conf");
        writeFileSync(
            config,
            `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n`,
        );
        const child = spawn(program, ["-c", config], { stdio: ["ignore", "pipe", "pipe"] });
        const log = createWriteStream(join(folder, "mosquitto.log"));
        child.stdout?.pipe(log, { end: false });
        child.stderr?.pipe(log, { end: false });
        const broker = new BenchBroker(`mqtt://127.0.0.1:${port}`, child);
        for (const giveUpMs = clock.monotonicMs() + OPEN_MS_MAX; !(await answers(port)); await clock.sleep(KNOCK_MS)) {
            if (clock.monotonicMs() < giveUpMs && child.exitCode === null) continue;
            await broker.end();
            throw new CommandFailure(EXIT.failed, "mosquitto does not listen, see mosquitto.log");
        }
        return broker;
    }

    /** Processor time it has taken so far, milliseconds; undefined where the system does not tell. */
    cpuMs(): number | undefined {
        try {
            const stat = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8");
            const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
            const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
            return (ticks * MS_PER_S) / this.#ticksPerS;
        } catch {
            return undefined;
        }
    }

    async end(): Promise<void> {
        if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
        const ended = once(this.#child, "exit");
        this.#child.kill("SIGTERM");
        await ended;
    }
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

function answers(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1", () => {
            socket.destroy();
            resolve(true);
        });
        socket.on("error", () => resolve(false));
    });
}
