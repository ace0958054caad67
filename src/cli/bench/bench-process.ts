/**
 * A process that a bench starts beside itself, with the daemon's heap: messages both ways, its output in a log file, gone when
 * the bench is.
 */
import { type ChildProcess, fork } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import { CommandFailure, EXIT } from "../outcome.ts";
import { YOUNG_HEAP_FLAG } from "../small-heap.ts";
import { Hearing } from "./hearing.ts";

/** Long enough for a daemon on a busy machine; then it is killed. */
const END_MS = 15_000;

export interface BenchProcessPlan<M> {
    readonly name: string;
    readonly module: URL;
    readonly args: readonly string[];
    readonly messages: z.ZodType<M>;
    /** For `<name>.log`. */
    readonly folder: string;
    readonly clock: Clock;
}

export class BenchProcess<M> {
    /** What it says; ends when it ends before it was told to. */
    readonly said: Hearing<M>;
    readonly #child: ChildProcess;
    readonly #clock: Clock;
    readonly #ended: Promise<void>;

    constructor({ name, module, args, messages, folder, clock }: BenchProcessPlan<M>) {
        this.said = new Hearing(clock);
        this.#clock = clock;
        const log = createWriteStream(join(folder, `${name}.log`));
        const fail = (how: string): void =>
            this.said.end(new CommandFailure(EXIT.failed, `${name} ${how}, see ${name}.log`));
        this.#child = fork(fileURLToPath(module), args, {
            execArgv: ["--disable-warning=ExperimentalWarning", YOUNG_HEAP_FLAG],
            stdio: ["ignore", "pipe", "pipe", "ipc"],
        });
        this.#child.stdout?.pipe(log, { end: false });
        this.#child.stderr?.pipe(log, { end: false });
        this.#child.on("message", (message) => {
            const heard = messages.safeParse(message);
            if (heard.success) this.said.hear(heard.data);
            else fail(`said what nobody understands: ${JSON.stringify(message)}`);
        });
        this.#ended = new Promise((resolve) =>
            this.#child.once("exit", (code, signal) => {
                log.end();
                fail(`ended by itself (${signal ?? `exit code ${code}`})`);
                resolve();
            }),
        );
    }

    tell(order: object): void {
        if (this.#child.connected) this.#child.send(order, () => {});
    }

    /** Asks it to end and waits until it has. */
    async end(): Promise<void> {
        this.#child.kill("SIGTERM");
        const cancel = this.#clock.after(END_MS, () => this.#child.kill("SIGKILL"));
        await this.#ended;
        cancel();
    }
}
