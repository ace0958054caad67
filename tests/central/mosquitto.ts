/** The real Mosquitto on a loopback port of its own, to be killed and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Condition } from "./condition.ts";

export const MOSQUITTO = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].find((path) => existsSync(path));

export class Mosquitto {
    readonly url: string;
    readonly #port: number;
    readonly #config: string;
    #child: ChildProcess | undefined;

    private constructor(port: number, config: string) {
        this.#port = port;
        this.#config = config;
        this.url = `mqtt://127.0.0.1:${port}`;
    }

    /** `lines`: more of `mosquitto.conf`. */
    static async start(lines: readonly string[] = []): Promise<Mosquitto> {
        const port = await freePort();
        const config = join(mkdtempSync(join(tmpdir(), "kordon-mosquitto-")), "mosquitto.conf");
        const all = [`listener ${port} 127.0.0.1`, "allow_anonymous true", "persistence false", ...lines];
        writeFileSync(config, `${all.join("\n")}\n`);
        const mosquitto = new Mosquitto(port, config);
        await mosquitto.open();
        return mosquitto;
    }

    async open(): Promise<void> {
        if (MOSQUITTO === undefined) throw new Error("mosquitto is not installed");
        this.#child = spawn(MOSQUITTO, ["-c", this.#config], { stdio: "ignore" });
        const isUp = new Condition();
        let answers = false;
        const knock = (): void => {
            const socket = connect(this.#port, "127.0.0.1", () => {
                answers = true;
                socket.destroy();
                isUp.poke();
            });
            socket.on("error", () => setTimeout(knock, 20));
        };
        knock();
        await isUp.until("mosquitto listens", () => answers);
    }

    /** SIGKILL: nothing is said to anybody, nothing is kept. */
    async kill(): Promise<void> {
        const child = this.#child;
        this.#child = undefined;
        if (child === undefined) return;
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await ended;
    }
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (typeof address !== "object" || address === null) throw new Error("no port");
    return address.port;
}
