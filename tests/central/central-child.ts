/** The simulated central system as a test's child process: orders in, everything it tells kept for looking at. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CentralConfigInput } from "../../simulators/central/central-config.ts";
import type { FromCentral } from "../../simulators/central/central-messages.ts";
import { Condition } from "./condition.ts";

export type Report = Extract<FromCentral, { readonly is: "report" }>;

export const SITE = "test-site";

export class CentralChild {
    readonly heard: FromCentral[] = [];
    readonly ledgerFile: string;
    url = "";
    readonly #child: ChildProcess;
    readonly #condition = new Condition();

    private constructor(child: ChildProcess, ledgerFile: string) {
        this.#child = child;
        this.ledgerFile = ledgerFile;
        child.on("message", (message) => {
            this.heard.push(message as FromCentral);
            this.#condition.poke();
        });
    }

    /** `through`: a command that starts it somewhere else, such as in a network of its own. */
    static async start(
        config: Partial<CentralConfigInput> = {},
        through: readonly string[] = [],
    ): Promise<CentralChild> {
        const folder = mkdtempSync(join(tmpdir(), "kordon-central-"));
        const ledger = join(folder, "events.jsonl");
        const file = join(folder, "central.json");
        writeFileSync(file, JSON.stringify({ site: SITE, ledger, ackMs: 5, ...config }));
        const main = new URL("../../simulators/central/main.ts", import.meta.url).pathname;
        const child = new CentralChild(
            fork(main, ["--config", file], {
                stdio: ["ignore", "inherit", "inherit", "ipc"],
                ...(through[0] === undefined
                    ? {}
                    : { execPath: through[0], execArgv: [...through.slice(1), process.execPath] }),
            }),
            ledger,
        );
        await child.until("the central system is ready", ({ is }) => is === "ready");
        const ready = child.heard.find((message) => message.is === "ready");
        child.url = ready?.is === "ready" ? ready.url : "";
        return child;
    }

    order(order: { readonly do: string; readonly [field: string]: unknown }): void {
        this.#child.send(order);
    }

    /** Waits for a message that fits, among those after the first `from`. */
    async until(what: string, fits: (message: FromCentral) => boolean, from = 0): Promise<void> {
        await this.#condition.until(what, () => this.heard.slice(from).some(fits));
    }

    async vanish(options: { readonly forget?: boolean } = {}): Promise<void> {
        const from = this.heard.length;
        this.order({ do: "vanish", ...options });
        await this.until("it is gone", ({ is }) => is === "gone", from);
    }

    async return(): Promise<void> {
        const from = this.heard.length;
        this.order({ do: "return" });
        await this.until("it is back", ({ is }) => is === "back", from);
    }

    async report(): Promise<Report> {
        const from = this.heard.length;
        this.order({ do: "report" });
        await this.until("it reports", ({ is }) => is === "report", from);
        const report = this.heard.slice(from).find((message): message is Report => message.is === "report");
        if (report === undefined) throw new Error("no report");
        return report;
    }

    /** Sequences in the order in which they were first stored. */
    storedSequences(): number[] {
        const lines = readFileSync(this.ledgerFile, "utf8")
            .split("\n")
            .filter((line) => line !== "");
        return lines.map((line) => Number(JSON.parse(line).sequence));
    }

    async stop(): Promise<void> {
        if (this.#child.exitCode !== null) return;
        const ended = new Promise((resolve) => this.#child.once("exit", resolve));
        this.#child.disconnect();
        await ended;
    }
}
