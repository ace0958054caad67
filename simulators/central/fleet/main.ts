/**
 * The central system of many sites as a process of its own:
 * `node simulators/central/fleet/main.ts --broker mqtt://127.0.0.1:1883 --readers 4 --ledger events.jsonl --ack 20`.
 * Takes orders and tells what happens over its IPC channel (`fleet-messages.ts`); alone it prints the messages as JSON lines.
 */
import { parseArgs } from "node:util";
import { realCentralClock } from "../clock.ts";
import { FleetCentral } from "./fleet-central.ts";
import type { FromFleetCentral } from "./fleet-messages.ts";

function tell(message: FromFleetCentral): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    else if (process.send === undefined) console.log(JSON.stringify(message));
}

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            broker: { type: "string" },
            readers: { type: "string", default: "1" },
            ledger: { type: "string" },
            ack: { type: "string", default: "20" },
        },
    });
    const { broker, ledger } = values;
    const [readers, ackMs] = [Number(values.readers), Number(values.ack)];
    if (broker === undefined || ledger === undefined || !Number.isInteger(readers) || readers < 1 || !(ackMs > 0)) {
        throw new Error(
            "usage: node simulators/central/fleet/main.ts --broker URL --ledger FILE [--readers N] [--ack MS]",
        );
    }
    const central = new FleetCentral({ broker, readers, ledgerFile: ledger, ackMs, clock: realCentralClock, tell });
    await central.open();
    process.on("message", (message) => central.obey(message));
    tell({ is: "ready" });
    const leave = new AbortController();
    leave.signal.addEventListener("abort", () => {
        process.removeAllListeners("message");
        void central.close().then(() => {
            if (process.connected) process.disconnect();
        });
    });
    for (const end of ["SIGINT", "SIGTERM", "disconnect"]) process.once(end, () => leave.abort());
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
});
