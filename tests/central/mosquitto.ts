/** The real Mosquitto on a loopback port of its own, to be killed and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Condition } from "./condition.ts";

export const NEEDS_MOSQUITTO = "needs Debian's mosquitto package";
export const MOSQUITTO = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].find((path) => existsSync(path));

/** Where it runs: `through` is the command that puts a program there. */
export interface Place {
    readonly address: string;
    readonly through: readonly string[];
}

const HERE: Place = { address: "127.0.0.1", through: [] };

export class Mosquitto {
    readonly url: string;
    readonly #port: number;
    readonly #config: string;
    readonly #place: Place;
    #child: ChildProcess | undefined;

    private constructor(port: number, config: string, place: Place) {
        this.#port = port;
        this.#config = config;
        this.#place = place;
        this.url = `mqtt://${place.address}:${port}`;
    }

    /** `lines`: more of `mosquitto.conf`. */
    static async start(lines: readonly string[] = [], place: Place = HERE): Promise<Mosquitto> {
        const port = await freePort();
        const config = join(mkdtempSync(join(tmpdir(), "kordon-mosquitto-")), "mosquitto.conf");
        const listener = `listener ${port} ${place === HERE ? place.address : ""}`.trim();
        writeFileSync(config, `${[listener, "allow_anonymous true", "persistence false", ...lines].join("\n")}\n`);
        const mosquitto = new Mosquitto(port, config, place);
        await mosquitto.open();
        return mosquitto;
    }

    async open(): Promise<void> {
        if (MOSQUITTO === undefined) throw new Error("mosquitto is not installed");
        const [program = "", ...args] = [...this.#place.through, MOSQUITTO, "-c", this.#config];
        this.#child = spawn(program, args, { stdio: "ignore" });
        const isUp = new Condition();
        let answers = false;
        const knock = (): void => {
            const socket = connect(this.#port, this.#place.address, () => {
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
