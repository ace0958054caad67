/** Keeps a child process running: restarts it with back-off when it dies, kills it when it falls silent. */
import { type ChildProcess, fork } from "node:child_process";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { DeviceHealth, FaultCode } from "../ports/device-health.ts";
import type { ChildPlan, Supervise, SupervisedChild } from "../ports/supervised-child.ts";

/** Back-off between restarts: doubles from the first to the last; a child that lived for `STEADY_MS` starts afresh. */
const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;
const STEADY_MS = 60_000;
/** Time a child has to end by itself when told to stop. */
const STOP_MS = 2_000;

/**
 * A fifth of what a camera's child held was freed long ago. So a picture's memory goes back to the system at once, and the young
 * generation of objects stays small; that costs two milliseconds a frame. Another C library than glibc does not look at these.
 */
const GIVES_BACK = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "1048576" };
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=4"];

export interface SupervisorLog {
    warn(fields: object, message: string): void;
    debug(fields: object, message: string): void;
}

/** A `Supervise` that forks Node.js modules with this environment and their own additions. Their stdout never reaches ours; their stderr goes to the log. */
export function superviseWith(clock: Clock, log: SupervisorLog, environment: NodeJS.ProcessEnv): Supervise {
    return (plan) => new ForkedChild(plan, clock, log, environment);
}

class ForkedChild implements SupervisedChild {
    readonly #plan: ChildPlan;
    readonly #clock: Clock;
    readonly #log: SupervisorLog;
    readonly #environment: NodeJS.ProcessEnv;
    #child: ChildProcess | undefined;
    #isStopping = false;
    #isHeard = false;
    #failures = 0;
    #restartMs = FIRST_RESTART_MS;
    #fault: { readonly code: FaultCode; readonly detail: string } | undefined;
    #cancelRestart: Cancel = () => {};
    #cancelSilence: Cancel = () => {};

    constructor(plan: ChildPlan, clock: Clock, log: SupervisorLog, environment: NodeJS.ProcessEnv) {
        this.#plan = plan;
        this.#clock = clock;
        this.#log = log;
        this.#environment = environment;
        this.#start();
    }

    send(message: unknown): void {
        if (this.#child?.connected) this.#child.send(message as object, () => {});
    }

    health(): DeviceHealth {
        const { device } = this.#plan;
        if (this.#fault !== undefined) return { device, state: "failed", ...this.#fault, failures: this.#failures };
        return { device, state: this.#isHeard ? "well" : "starting", failures: this.#failures };
    }

    async stop(): Promise<void> {
        this.#isStopping = true;
        this.#cancelRestart();
        this.#cancelSilence();
        const child = this.#child;
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
        const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
        child.kill("SIGTERM");
        const cancelKill = this.#clock.after(STOP_MS, () => child.kill("SIGKILL"));
        await ended;
        cancelKill();
    }

    #start(): void {
        const startedMs = this.#clock.monotonicMs();
        const child = fork(this.#plan.module, this.#plan.args, {
            env: { ...GIVES_BACK, ...this.#environment, ...this.#plan.env },
            execArgv: NODE_FLAGS,
            serialization: "advanced",
            stdio: ["ignore", "pipe", "pipe", "ipc"],
        });
        this.#child = child;
        this.#isHeard = false;
        child.stdout?.resume();
        child.stderr?.setEncoding("utf8").on("data", (text: string) => {
            this.#log.debug({ device: this.#plan.device, text: text.trimEnd() }, "child stderr");
        });
        child.on("message", (message) => this.#hear(message));
        child.on("error", (error) =>
            this.#log.warn({ device: this.#plan.device, error: error.message }, "child error"),
        );
        child.once("exit", (code, signal) => this.#ended(child, startedMs, signal ?? `exit ${code}`));
        this.#listenForSilence(child);
        queueMicrotask(() => this.#plan.onStart());
    }

    #hear(message: unknown): void {
        if (this.#child === undefined) return;
        this.#isHeard = true;
        this.#fault = undefined;
        this.#listenForSilence(this.#child);
        this.#plan.onMessage(message);
    }

    #listenForSilence(child: ChildProcess): void {
        this.#cancelSilence();
        this.#cancelSilence = this.#clock.after(this.#plan.silentMsMax, () => {
            this.#fault = {
                code: "CHILD_SILENT",
                detail: `no sign of life for ${this.#plan.silentMsMax} ms, killed and restarted`,
            };
            child.kill("SIGKILL");
        });
    }

    #ended(child: ChildProcess, startedMs: number, how: string): void {
        if (this.#child !== child) return;
        this.#child = undefined;
        this.#cancelSilence();
        if (this.#isStopping) return;
        this.#failures += 1;
        if (this.#clock.monotonicMs() - startedMs >= STEADY_MS) this.#restartMs = FIRST_RESTART_MS;
        if (this.#fault?.code !== "CHILD_SILENT") {
            this.#fault = { code: "CHILD_DIED", detail: `ended with ${how}, restarts in ${this.#restartMs} ms` };
        }
        this.#log.warn(
            { device: this.#plan.device, how, restartMs: this.#restartMs },
            "child ended, will be restarted",
        );
        this.#cancelRestart = this.#clock.after(this.#restartMs, () => this.#start());
        this.#restartMs = Math.min(this.#restartMs * 2, LAST_RESTART_MS);
    }
}
