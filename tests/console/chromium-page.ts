/**
 * One page in Debian's Chromium without a window, driven through its own DevTools protocol. It is what stands before a board:
 * a browser that nobody here wrote.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const COMMAND = "chromium";
export const hasChromium = spawnSync(COMMAND, ["--version"]).status === 0;

interface Answer {
    readonly id?: number;
    readonly result?: { readonly [key: string]: unknown };
    readonly error?: { readonly message: string };
}

export class ChromiumPage {
    readonly #child: ChildProcess;
    readonly #folder: string;
    readonly #socket: WebSocket;
    readonly #waiting = new Map<number, (answer: Answer) => void>();
    #calls = 0;

    private constructor(child: ChildProcess, folder: string, socket: WebSocket) {
        this.#child = child;
        this.#folder = folder;
        this.#socket = socket;
        socket.addEventListener("message", ({ data }) => {
            const answer: Answer = JSON.parse(String(data));
            if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
        });
    }

    /** An empty page of this size, in a browser of its own without any memory. */
    static async open(width: number, height: number): Promise<ChromiumPage> {
        const folder = mkdtempSync(join(tmpdir(), "kordon-chromium-"));
        const size = ["--hide-scrollbars", "--force-device-scale-factor=1", `--window-size=${width},${height}`];
        const quiet = ["--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];
        const args = ["--headless=new", "--no-sandbox", "--remote-debugging-port=0", `--user-data-dir=${folder}`];
        const child = spawn(COMMAND, [...args, ...size, ...quiet, "about:blank"], {
            stdio: ["ignore", "ignore", "pipe"],
        });
        const port = await debuggingPort(child);
        const opened = await fetch(`http://127.0.0.1:${port}/json/new?about:blank`, { method: "PUT" });
        const { webSocketDebuggerUrl } = (await opened.json()) as { readonly webSocketDebuggerUrl: string };
        const socket = new WebSocket(webSocketDebuggerUrl);
        await once(socket, "open");
        const page = new ChromiumPage(child, folder, socket);
        await page.resize(width, height);
        return page;
    }

    /** Of the drawn page, without borders of a window. */
    async resize(width: number, height: number): Promise<void> {
        await this.#call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    }

    async go(url: string): Promise<void> {
        await this.#call("Page.navigate", { url });
    }

    /** The value of a JavaScript expression in the page; promises are awaited. */
    async evaluate<T>(expression: string): Promise<T> {
        const call = { expression, awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = await this.#call("Runtime.evaluate", call);
        if (exceptionDetails !== undefined) throw new Error(`in the page: ${JSON.stringify(exceptionDetails)}`);
        return (result as { readonly value: T }).value;
    }

    async picture(): Promise<Buffer> {
        const { data } = await this.#call("Page.captureScreenshot", { format: "png" });
        return Buffer.from(String(data), "base64");
    }

    async close(): Promise<void> {
        this.#socket.close();
        if (this.#child.exitCode === null && this.#child.signalCode === null) {
            this.#child.kill("SIGTERM");
            await once(this.#child, "exit");
        }
        rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    }

    async #call(method: string, params: object): Promise<NonNullable<Answer["result"]>> {
        const id = ++this.#calls;
        const answer = await new Promise<Answer>((resolve) => {
            this.#waiting.set(id, resolve);
            this.#socket.send(JSON.stringify({ id, method, params }));
        });
        this.#waiting.delete(id);
        if (answer.result === undefined) throw new Error(`${method}: ${answer.error?.message}`);
        return answer.result;
    }
}

async function debuggingPort({ stderr, exitCode }: ChildProcess): Promise<number> {
    if (stderr === null) throw new Error("no stderr");
    const said: string[] = [];
    for await (const line of createInterface({ input: stderr })) {
        const [, port] = /^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line) ?? [];
        if (port !== undefined) {
            stderr.resume();
            return Number(port);
        }
        said.push(line);
    }
    throw new Error(`chromium ended (${exitCode}): ${said.join("\n")}`);
}
