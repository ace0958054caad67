/**
 * The simulated CarGoRuqsat server as a process of its own: `node simulators/central/cgr/main.ts --config FILE.json`.
 * With an IPC channel it takes orders and tells what happens (`cgr-messages.ts`); alone it prints JSON lines.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { realCentralClock } from "../clock.ts";
import { CgrConfig, type FromCgr, ToCgr } from "./cgr-messages.ts";
import { CgrServer } from "./cgr-server.ts";

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { config: { type: "string" } } });
    if (values.config === undefined) throw new Error("usage: node simulators/central/cgr/main.ts --config FILE.json");
    const config = CgrConfig.safeParse(JSON.parse(readFileSync(values.config, "utf8")));
    if (!config.success) throw new Error(`${values.config}: ${z.prettifyError(config.error)}`);
    const hasParent = process.send !== undefined;
    const tell = (message: FromCgr): void => {
        if (process.connected) process.send?.(message);
        else if (!hasParent) console.log(JSON.stringify(message));
    };
    const server = new CgrServer(config.data, realCentralClock, tell);
    tell({ is: "ready", url: await server.listen() });
    let work = Promise.resolve();
    process.on("message", (message) => {
        const order = ToCgr.safeParse(message);
        if (order.success) work = work.then(() => server.obey(order.data)).catch(fail);
        else tell({ is: "refused", reason: `not an order: ${order.error.issues[0]?.message ?? "unknown shape"}` });
    });
    for (const end of ["SIGINT", "SIGTERM", "disconnect"]) {
        process.once(end, () => {
            process.removeAllListeners("message");
            void server.close().then(() => {
                if (process.connected) process.disconnect();
            });
        });
    }
}

function fail(error: unknown): void {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    if (process.connected) process.disconnect();
}

main().catch(fail);
