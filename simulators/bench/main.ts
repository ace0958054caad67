/**
 * Devices for measuring a daemon, as a process of their own: `node simulators/bench/main.ts --modules 9 --pulse 100`.
 * Takes orders and tells what happens over its IPC channel (`messages.ts`); alone it prints the messages as JSON lines.
 */
import { parseArgs } from "node:util";
import { realClock } from "../world/clock.ts";
import type { FromBench } from "./messages.ts";
import { ModuleRack } from "./module-rack.ts";

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { modules: { type: "string" }, pulse: { type: "string" } } });
    const options = { modules: Number(values.modules), pulseMs: Number(values.pulse) };
    if (!Number.isInteger(options.modules) || options.modules < 1 || !(options.pulseMs > 0)) {
        throw new Error("usage: node simulators/bench/main.ts --modules COUNT --pulse MS");
    }
    const rack = await ModuleRack.open(options, realClock, (message: FromBench) => {
        if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
        else if (process.send === undefined) console.log(JSON.stringify(message));
    });
    process.on("message", (message) => rack.obey(message));
    const leave = new AbortController();
    leave.signal.addEventListener("abort", () => {
        process.removeAllListeners("message");
        void rack.close().then(() => {
            if (process.connected) process.disconnect();
        });
    });
    for (const end of ["SIGINT", "SIGTERM", "disconnect"]) process.once(end, () => leave.abort());
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
});
