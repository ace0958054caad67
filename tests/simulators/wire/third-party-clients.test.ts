/** The simulated modules asked by Modbus clients that others wrote, over TCP and over a pair of pseudo serial ports. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ModbusRtuLine } from "../../../simulators/wire/modbus-rtu-line.ts";
import { ModbusTcpServer } from "../../../simulators/wire/modbus-tcp-server.ts";
import { RelayModule } from "../../../simulators/wire/relay-module.ts";
import { realClock } from "../../../simulators/world/clock.ts";
import { Random } from "../../../simulators/world/random.ts";
import { end, hasSocat, startSerialPair } from "../../transport/third-party-peers.ts";

const PYTHON = "/usr/bin/python3";
const folder = mkdtempSync(join(tmpdir(), "kordon-clients-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Client {
    readonly name: string;
    readonly missing: string | undefined;
    command(): readonly [string, ...string[]];
}

const clients: readonly Client[] = [
    {
        name: "pymodbus",
        missing:
            spawnSync(PYTHON, ["-c", "import pymodbus.client, serial"]).status === 0
                ? undefined
                : "pymodbus's client is missing: apt-get install python3-pymodbus",
        command: () => [PYTHON, join(import.meta.dirname, "pymodbus-client.py")],
    },
    {
        name: "libmodbus",
        missing:
            spawnSync("cc", ["-fsyntax-only", join(import.meta.dirname, "libmodbus-client.c")]).status === 0
                ? undefined
                : "libmodbus or a C compiler is missing: apt-get install gcc libmodbus-dev",
        command() {
            const program = join(folder, "client");
            execFileSync("cc", ["-o", program, join(import.meta.dirname, "libmodbus-client.c"), "-lmodbus"]);
            return [program];
        },
    },
];

function moduleWithInputs(): RelayModule {
    const module = new RelayModule(700);
    for (const input of [0, 2, 3]) module.inputs[input] = true;
    return module;
}

async function ask(client: Client, ...where: readonly string[]): Promise<unknown> {
    const [program, ...before] = client.command();
    const child = spawn(program, [...before, ...where], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (bytes) => {
        said += String(bytes);
    });
    const [code] = await once(child, "close");
    expect(code).toBe(0);
    return JSON.parse(said);
}

const F = false;
const EXPECTED = {
    inputs: [true, F, true, true, F, F],
    one: [F, F, true, F, F, F],
    all: [true, F, true, F, true, F],
    holding: [0b010101],
    bits: [true, true, F, F, F, F],
    none: [F, F, F, F, F, F],
    inputRegister: [0b001101],
    exception: 2,
};

describe.each(clients)("$name", (client) => {
    test("over TCP", async (context) => {
        if (client.missing !== undefined) return context.skip(client.missing);
        const random = new Random(1, "clients");
        const server = await ModbusTcpServer.listen({ port: 0, bank: moduleWithInputs(), clock: realClock, random });
        expect(await ask(client, "tcp", String(server.port))).toEqual(EXPECTED);
        await server.close();
    });

    test("over a serial line, among the noise of a line that was just plugged in", async (context) => {
        if (client.missing !== undefined) return context.skip(client.missing);
        if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
        const pair = await startSerialPair();
        const units = new Map([[1, moduleWithInputs()]]);
        const line = new ModbusRtuLine({ path: pair.theirs, baudRate: 19_200, clock: realClock, units });
        try {
            spawnSync("sh", ["-c", 'printf "\\001\\377\\000" >"$1"', "sh", pair.ours]);
            expect(await ask(client, "rtu", pair.ours)).toEqual(EXPECTED);
        } finally {
            line.close();
            await end(pair.child);
            pair.remove();
        }
    });
});
