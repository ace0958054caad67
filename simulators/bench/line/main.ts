/**
 * Relay modules on one serial line, as a process of their own:
 * `node simulators/bench/line/main.ts --path TTY --baud 19200 --units 32`. Over its IPC channel it takes
 * `{ "do": "dead", "units": [30, 31] }` and says `ready`, and `dead` when that is done.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { ModbusRtuLine } from "../../wire/modbus-rtu-line.ts";
import { RelayModule } from "../../wire/relay-module.ts";
import { realClock } from "../../world/clock.ts";

const Order = z.strictObject({ do: z.literal("dead"), units: z.array(z.int().min(1).max(247)) });
const PULSE_MS = 700;

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { path: text, baud: text, units: text } });
const [baudRate, count] = [Number(values.baud), Number(values.units)];
if (values.path === undefined || !(baudRate > 0) || !(count >= 1 && count <= 247)) {
    throw new Error("usage: node simulators/bench/line/main.ts --path TTY --baud RATE --units COUNT");
}
const units = new Map(Array.from({ length: count }, (_, index) => [index + 1, new RelayModule(PULSE_MS)]));
const line = new ModbusRtuLine({ path: values.path, baudRate, clock: realClock, units });

process.on("message", (message) => {
    line.dead.clear();
    for (const unit of Order.parse(message).units) line.dead.add(unit);
    process.send?.({ is: "dead" });
});
for (const end of ["SIGINT", "SIGTERM", "disconnect"]) {
    process.once(end, () => {
        process.removeAllListeners("message");
        line.close();
        if (process.connected) process.disconnect();
    });
}
process.send?.({ is: "ready" });
