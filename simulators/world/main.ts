/**
 * The simulated road checkpoint as a process of its own: `node simulators/world/main.ts --config FILE.json`.
 * With an IPC channel it takes orders and tells what happens (`messages.ts`); alone it prints the messages as JSON lines.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { realClock } from "./clock.ts";
import type { FromWorld } from "./messages.ts";
import { parseWorldConfig } from "./world-config.ts";
import { WorldSite } from "./world-site.ts";

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { config: { type: "string" } } });
    if (values.config === undefined) throw new Error("usage: node simulators/world/main.ts --config FILE.json");
    const hasParent = process.send !== undefined;
    const config = parseWorldConfig(readFileSync(values.config, "utf8"), values.config);
    const leave = new AbortController();
    const tell = (message: FromWorld) => {
        // A parent that is gone shows as "disconnect"; what could not be told to it any more is no error.
        if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
        else if (!hasParent) console.log(JSON.stringify(message));
        if (message.is === "finished" && !hasParent) leave.abort();
    };
    const site = await WorldSite.open({ ...config, startsAtOnce: config.startsAtOnce || !hasParent }, realClock, tell);
    leave.signal.addEventListener("abort", () => {
        process.removeAllListeners("message");
        void site.close().then(() => {
            if (process.connected) process.disconnect();
        });
    });
    process.on("message", (message) => site.obey(message));
    for (const end of ["SIGINT", "SIGTERM", "disconnect"]) process.once(end, () => leave.abort());
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
});
