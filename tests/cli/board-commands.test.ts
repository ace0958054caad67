/** `kordon check` and `kordon probe` on a site with boards: one that answers, one that does not. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { BoardChild } from "../devices/board/board-child.ts";
import { runKordon } from "./run-kordon.ts";

const EXAMPLE = new URL("../../config/example-site.yaml", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "kordon-board-commands-"));
const file = join(folder, "site.yaml");
let child: BoardChild | undefined;

afterEach(async () => {
    await child?.end();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a site whose address for screens is taken does not start, leaves nothing open and says why", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const page = { profile: "board/browser/full-screen-page", line: { kind: "browser" }, gates: { "lane-1": "1" } };
    const home = mkdtempSync(join(tmpdir(), "kordon-screens-"));
    const site = {
        ...parse(readFileSync(EXAMPLE, "utf8")),
        ...{ stateFolder: "state", controlSocket: "control.sock", screens: { port } },
        boards: { page: { ...page, lines: 8, columns: 24 } },
    };
    writeFileSync(join(home, "site.yaml"), stringify(site));
    const kordon = new URL("../../kordon", import.meta.url).pathname;
    const run = spawn(kordon, ["run", "--log", "error", "--site", join(home, "site.yaml")], {
        stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    run.stderr.on("data", (bytes) => {
        said += String(bytes);
    });
    const [code] = await once(run, "exit");
    expect([code, said]).toEqual([1, expect.stringContaining(`screens: 127.0.0.1:${port} cannot be listened on`)]);
    await new Promise((resolve) => other.close(resolve));
    rmSync(home, { recursive: true });
});

test("check says what boards are for; probe puts the text of a site without a daemon on them, and says which did not answer", async () => {
    child = await BoardChild.start({ speaks: "modbus-text" });
    const text = { profile: "board/modbus-text/kordon-text-board-1", gates: { "lane-1": "1" }, lines: 8, columns: 24 };
    const display = { profile: "board/line-display/kordon-line-display", lane: "lane-1", lines: 2, columns: 20 };
    const example = parse(readFileSync(EXAMPLE, "utf8"));
    const site = {
        ...example,
        ...{ stateFolder: "state", controlSocket: "control.sock" },
        boards: {
            good: { ...text, line: { kind: "modbus-tcp", host: "127.0.0.1", port: child.port } },
            dead: { ...display, line: { kind: "tcp", host: "127.0.0.1", port: 9 } },
        },
    };
    writeFileSync(file, stringify(site));
    const check = await runKordon("check", "--site", file);
    expect(check.out).toContain("good  called lorries, to lane-1 (1)  Kordon text board, register map 1 (simulated)");
    expect(check.out).toContain("dead  the word of lane-1");

    const { code, out } = await runKordon("probe", "--site", file, "--seconds", "3", "--json");
    expect(code).toBe(1);
    const devices = JSON.parse(out).devices as { device: string; state: string; code?: string; says: string[] }[];
    expect(devices.find(({ device }) => device === "good")).toMatchObject({
        state: "well",
        says: ["applied: Байланыс жоқ / Нет связи / No connection"],
    });
    expect(devices.find(({ device }) => device === "dead")).toMatchObject({ state: "failed", code: "NOT_CONNECTED" });
    await expect.poll(() => child?.text).toBe("Байланыс жоқ|Нет связи|No connection");
});
