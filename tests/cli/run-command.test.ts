/** `kordon run` as a process: it ends when it is asked to, and when it cannot start it does not linger with open devices. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";

const EXAMPLE = fileURLToPath(new URL("../../config/example-site.yaml", import.meta.url));
const KORDON = fileURLToPath(new URL("../../kordon", import.meta.url));
const MODULE = {
    profile: "io-module/modbus/moxa-iologik-e1214",
    bus: { kind: "modbus-tcp", host: "127.0.0.1", port: 1 },
};

let folder: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kordon-run-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The example site, without anything to reach, as a running command. */
function start(over: object) {
    const example = parse(readFileSync(EXAMPLE, "utf8"));
    const lanes = { "lane-1": { ...example.lanes["lane-1"], ...over } };
    const site = { ...example, lanes, modules: { "io-1": MODULE }, stateFolder: join(folder, "state") };
    const file = join(folder, "site.yaml");
    writeFileSync(file, stringify({ ...site, controlSocket: join(folder, "control.sock") }));
    const child = spawn(KORDON, ["run", "--site", file, "--log", "silent", "--json"], {
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 25_000,
    });
    let complaint = "";
    child.stderr.on("data", (bytes) => (complaint += String(bytes)));
    return { child, said: createInterface({ input: child.stdout }), complaint: () => complaint };
}

test("SIGTERM at the very moment it runs ends it in order", async () => {
    const { child, said, complaint } = start({});
    const lines: string[] = [];
    said.on("line", (line) => {
        lines.push(JSON.parse(line).is);
        if (lines.length === 1) child.kill("SIGTERM");
    });
    expect([await once(child, "exit"), complaint()]).toEqual([[0, null], ""]);
    expect(lines).toEqual(["running", "ended"]);
});

test("a start that fails after devices were opened is over with its complaint", async () => {
    const camera = { profile: "barrier/camera/hikvision-isapi", url: "http://127.0.0.1:1", username: "a" };
    const { child, complaint } = start({ barrier: { camera: { ...camera, passwordFile: join(folder, "none") } } });
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(complaint()).toMatch(/^kordon: .*none: the password cannot be read\n$/);
});
