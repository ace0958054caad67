/** Types the commands of docs/how-to/add-a-device.md in a copy of the program, with such a module at the other end of the wire. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { ModbusBank } from "../../../../simulators/wire/modbus-pdu.ts";
import { ModbusTcpServer } from "../../../../simulators/wire/modbus-tcp-server.ts";
import { realClock } from "../../../../simulators/world/clock.ts";
import { Random } from "../../../../simulators/world/random.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const guide = readFileSync(join(ROOT, "docs/how-to/add-a-device.md"), "utf8");
const blocks = (language: string): readonly string[] =>
    [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]+?)^\`\`\``, "gm"))].map(([, text = ""]) => text);
const folder = mkdtempSync(join(tmpdir(), "kordon-guide-"));

/** Four contacts from input 32, four relays from coil 64, their pulses from coil 80: what the guide's manual says. */
const acme: ModbusBank = {
    coil: (address) => ((address >= 64 && address < 68) || (address >= 80 && address < 84) ? false : undefined),
    setCoil: () => expect.unreachable("nothing may be moved"),
    input: (address) => (address >= 32 && address < 36 ? address === 33 : undefined),
    holding: () => undefined,
    setHolding: () => undefined,
    inputRegister: () => undefined,
};
let server: ModbusTcpServer;

/** One line of the guide, as somebody types it. */
async function type(line: string): Promise<{ readonly code: number | null; readonly said: string }> {
    const shell = spawn("bash", ["-c", line], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [shell.stdout, shell.stderr]) {
        stream.on("data", (bytes) => {
            said += String(bytes);
        });
    }
    const [code] = await once(shell, "close");
    return { code, said };
}

beforeAll(async () => {
    for (const part of ["src", "devices", "package.json", "kordon"]) {
        cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    for (const part of ["node_modules", ".toolchain"]) symlinkSync(join(ROOT, part), join(folder, part));
    server = await ModbusTcpServer.listen({ port: 0, bank: acme, clock: realClock, random: new Random(1, "guide") });
});

afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
});

/** The example's lane, on the guide's module, at the address where the test has it. */
function writeSite(): void {
    const site = parse(readFileSync(join(ROOT, "config/example-site.yaml"), "utf8"));
    const { modules } = parse(blocks("yaml")[0] ?? "");
    modules["io-1"].bus = { ...modules["io-1"].bus, host: "127.0.0.1", port: server.port };
    const lane = site.lanes["lane-1"];
    lane.closing = "officer";
    lane.contacts = Object.fromEntries(
        ["approachLoop", "boomLoop", "limitOpen", "limitClosed"].map((name, n) => [name, `io-1:${n}`]),
    );
    const text = JSON.stringify({
        ...site,
        modules,
        cameras: { "entry-front": { url: "http://127.0.0.1:9/", frameMsMax: 500 } },
    });
    writeFileSync(join(folder, "site.yaml"), text);
}

test("typed one after the other, the guide's commands add the module and no code", async () => {
    const lines = blocks("sh").flatMap((block) => block.trim().split("\n"));
    const [copy = "", , devices = "", check = "", probe = ""] = lines;
    expect(lines).toHaveLength(5);
    expect((await type(copy)).code).toBe(0);
    const profile = join(folder, copy.split(" ")[2] ?? "");
    const keys = JSON.parse(blocks("json")[0] ?? "");
    writeFileSync(profile, JSON.stringify({ ...JSON.parse(readFileSync(profile, "utf8")), ...keys }));
    expect((await type(devices)).said).toMatch(/io-module\/modbus\/acme-io-404 +Acme IO-404 +modbus-tcp +simulated/);
    writeSite();
    const checked = await type(check);
    expect(checked).toMatchObject({ code: 0, said: expect.stringContaining("Acme IO-404 (simulated)") });
    const probed = await type(`${probe.split("#")[0]} --seconds 2`);
    expect(probed.said).toMatch(/io-1 +well\n +inputs 0:off 1:on 2:off 3:off/);
}, 60_000);
