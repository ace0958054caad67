/**
 * A relay module of any known make, as a process of its own, for trying a site file at the desk:
 *
 *     node simulators/wire/io-module/main.ts --model wirenboard --path TTY [--baud 9600] [--unit 1]
 *     node simulators/wire/io-module/main.ts --model moxa --port 1502
 *
 * A typed line switches a contact (`3 on`, `3 off`) or a fault (`silence`, `{"kind":"delay","ms":300}`, `none`); relays that change
 * are printed.
 */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { realClock } from "../../world/clock.ts";
import { Random } from "../../world/random.ts";
import type { ModbusBank } from "../modbus-pdu.ts";
import { ModbusRtuLine } from "../modbus-rtu-line.ts";
import { ModbusTcpServer } from "../modbus-tcp-server.ts";
import { RelayModule } from "../relay-module.ts";
import { WireFault } from "../wire-fault.ts";
import { AdamModule, OwenModule, WaveshareRelay, WirenBoardRelay } from "./io-modules.ts";

interface Model extends ModbusBank {
    readonly inputs?: boolean[];
    advance?(elapsedMs: number): void;
}

const PULSE_MS = 700;
const STEP_MS = 50;
const RELAYS_LOOKED_AT = 24;
const OWEN_MASK = 50;

const MODELS: Readonly<Record<string, () => Model>> = {
    moxa: () => new RelayModule(PULSE_MS),
    adam: () => new AdamModule(),
    waveshare: () => new WaveshareRelay(),
    wirenboard: () => new WirenBoardRelay(),
    mk110: () => new OwenModule(8, 4),
    mu110: () => new OwenModule(0, 8),
};

const text = { type: "string" } as const;
const { values } = parseArgs({
    options: {
        model: text,
        path: text,
        port: text,
        baud: { ...text, default: "9600" },
        unit: { ...text, default: "1" },
    },
});
const model = MODELS[values.model ?? ""]?.();
if (model === undefined || (values.path === undefined) === (values.port === undefined))
    throw new Error(
        `usage: main.ts --model ${Object.keys(MODELS).join("|")} --path TTY [--baud RATE] [--unit N] | --port N`,
    );

async function open(bank: ModbusBank): Promise<{ fault(fault: WireFault): void; close(): unknown }> {
    const { path, port, baud, unit } = values;
    if (path !== undefined) {
        const units = new Map([[Number(unit), bank]]);
        return new ModbusRtuLine({ path, baudRate: Number(baud), clock: realClock, units });
    }
    return await ModbusTcpServer.listen({ port: Number(port), bank, clock: realClock, random: new Random(1, "wire") });
}

/** Coils that are on, or the bits of an ОВЕН's mask; an ADAM's first coils are its contacts. */
function relaysOn(bank: ModbusBank): string {
    const mask = bank.holding(OWEN_MASK);
    const isOn = (n: number): boolean => (mask === undefined ? bank.coil(n) === true : ((mask >> n) & 1) === 1);
    return Array.from({ length: RELAYS_LOOKED_AT }, (_, n) => n)
        .filter(isOn)
        .join(" ");
}

const wire = await open(model);
let shown = "";
const endTime = realClock.every(STEP_MS, () => {
    model.advance?.(STEP_MS);
    const on = relaysOn(model);
    if (on !== shown) console.log(JSON.stringify({ is: "relays", on }));
    shown = on;
});
console.log(JSON.stringify({ is: "ready", model: values.model }));
for await (const line of createInterface({ input: process.stdin })) {
    const [, terminal, level] = /^(\d+) (on|off)$/.exec(line.trim()) ?? [];
    if (terminal !== undefined && model.inputs !== undefined) model.inputs[Number(terminal)] = level === "on";
    else if (line.trim() !== "")
        wire.fault(WireFault.parse(line.startsWith("{") ? JSON.parse(line) : { kind: line.trim() }));
}
endTime();
await wire.close();
