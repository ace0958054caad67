/** The simulated CarGoRuqsat server as a test's child process: orders in, everything it tells kept for looking at. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import type { CameraEvent } from "../../../simulators/central/cgr/cgr-ledger.ts";
import type { CgrConfig, CgrReport, FromCgr, ToCgr } from "../../../simulators/central/cgr/cgr-messages.ts";
import { Condition } from "../condition.ts";

export const REGISTRATION = { checkpoint: "reg-checkpoint-7Q", waitingArea: "reg-area-9Z" };

export class CgrChild {
    readonly heard: FromCgr[] = [];
    readonly taken: { readonly point: string; readonly event: CameraEvent }[] = [];
    url = "";
    readonly #child: ChildProcess;
    readonly #condition = new Condition();

    private constructor(child: ChildProcess) {
        this.#child = child;
        child.on("message", (message) => {
            const heard = message as FromCgr;
            this.heard.push(heard);
            if (heard.is === "taken") this.taken.push({ point: heard.point, event: heard.event as CameraEvent });
            this.#condition.poke();
        });
    }

    static async start(config: Partial<z.input<typeof CgrConfig>> = {}): Promise<CgrChild> {
        const folder = mkdtempSync(join(tmpdir(), "kordon-cgr-"));
        const file = join(folder, "cgr.json");
        const ledger = join(folder, "events.jsonl");
        writeFileSync(file, JSON.stringify({ registrationTokens: REGISTRATION, ledger, ...config }));
        const main = new URL("../../../simulators/central/cgr/main.ts", import.meta.url).pathname;
        const child = new CgrChild(fork(main, ["--config", file], { stdio: ["ignore", "inherit", "inherit", "ipc"] }));
        await child.until("the server is ready", () => child.heard.some(({ is }) => is === "ready"));
        const ready = child.heard.find((message) => message.is === "ready");
        child.url = ready?.is === "ready" ? ready.url : "";
        return child;
    }

    async order(order: z.input<typeof ToCgr>): Promise<void> {
        await new Promise<void>((resolve, reject) => {
            this.#child.send(order, (error) => (error === null ? resolve() : reject(error)));
        });
    }

    /** As new, for the next test. */
    async forgetAll(): Promise<void> {
        await this.order({ do: "forget-all" });
        await this.until("it has forgotten", () => this.heard.some(({ is }) => is === "forgotten"));
        this.heard.length = 0;
        this.taken.length = 0;
    }

    async until(what: string, look: () => boolean): Promise<void> {
        await this.#condition.until(what, look).catch((error: unknown) => {
            throw new Error(`${error}; heard last: ${JSON.stringify(this.heard.slice(-5)).slice(0, 600)}`);
        });
    }

    plates(): string[] {
        return this.taken.map(({ event }) => event.plateNumber);
    }

    calls(call: string): number {
        return this.heard.filter((message) => message.is === "call" && message.call === call).length;
    }

    /** Everything ordered before has been done when this resolves. */
    async report(): Promise<CgrReport> {
        const from = this.heard.length;
        await this.order({ do: "report" });
        await this.until("it reports", () => this.heard.slice(from).some(({ is }) => is === "report"));
        const report = this.heard.slice(from).find((message) => message.is === "report");
        if (report?.is !== "report") throw new Error("no report");
        return report;
    }

    async stop(): Promise<void> {
        if (this.#child.exitCode !== null) return;
        const ended = new Promise((resolve) => this.#child.once("exit", resolve));
        this.#child.disconnect();
        await ended;
    }
}
