/**
 * The simulated central system as a process of its own: `node simulators/central/main.ts --config FILE.json`.
 * With an IPC channel it takes orders and tells what happens (`central-messages.ts`); alone it prints JSON lines.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseCentralConfig } from "./central-config.ts";
import type { FromCentral } from "./central-messages.ts";
import { CentralProcess } from "./central-process.ts";
import { realCentralClock } from "./clock.ts";

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { config: { type: "string" } } });
    if (values.config === undefined) throw new Error("usage: node simulators/central/main.ts --config FILE.json");
    const hasParent = process.send !== undefined;
    const config = parseCentralConfig(readFileSync(values.config, "utf8"), values.config);
    const tell = (message: FromCentral) => {
        if (process.connected) process.send?.(message);
        else if (!hasParent) console.log(JSON.stringify(message));
    };
    const central = await CentralProcess.open(config, realCentralClock, tell);
    let work = Promise.resolve();
    process.on("message", (message) => {
        work = work.then(() => central.obey(message)).catch(fail);
    });
    for (const end of ["SIGINT", "SIGTERM", "disconnect"]) {
        process.once(end, () => {
            process.removeAllListeners("message");
            void central.close().then(() => {
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
