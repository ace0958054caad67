/** When a daemon hears that it is to end: before, while and after it starts, and when it cannot start at all. */
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { runUntilAsked } from "../../src/cli/run-until-asked.ts";

/** What happened, in order; `started` ends the start. */
function rig() {
    const happened: string[] = [];
    const signals = new EventEmitter();
    const starting = { resolve: (): void => undefined, reject: (_error: Error): void => undefined };
    const ready = new Promise<void>((resolve, reject) => Object.assign(starting, { resolve, reject }));
    const stop = async (): Promise<void> => void happened.push("stopped");
    const run = runUntilAsked({
        signals,
        start: async () => {
            await ready;
            happened.push("started");
            return { stop };
        },
        running: () => void happened.push("running"),
        asked: (signal) => void happened.push(`asked ${signal}`),
    });
    const heard = (): number => signals.listenerCount("SIGTERM") + signals.listenerCount("SIGINT");
    return { happened, signals, starting, run, heard };
}

test.each(["SIGTERM", "SIGINT"] as const)("%s ends what runs", async (signal) => {
    const { happened, signals, starting, run } = rig();
    starting.resolve();
    await expect.poll(() => happened).toContain("running");
    signals.emit(signal, signal);
    expect(await run).toBe(signal);
    expect(happened).toEqual(["started", "running", `asked ${signal}`, "stopped"]);
});

test("a signal while it starts is not used up: it never says that it runs, and ends", async () => {
    const { happened, signals, starting, run } = rig();
    signals.emit("SIGTERM", "SIGTERM");
    starting.resolve();
    expect(await run).toBe("SIGTERM");
    expect(happened).toEqual(["asked SIGTERM", "started", "stopped"]);
});

test("the second signal of either kind is nobody's: the system's own way ends the process", async () => {
    const { signals, starting, run, heard } = rig();
    expect(heard()).toBe(2);
    signals.emit("SIGINT", "SIGINT");
    expect(heard()).toBe(0);
    starting.resolve();
    await run;
});

test("a start that failed holds no signal back", async () => {
    const { happened, starting, run, heard } = rig();
    starting.reject(new Error("no address"));
    await expect(run).rejects.toThrow("no address");
    expect(heard()).toBe(0);
    expect(happened).toEqual([]);
});
