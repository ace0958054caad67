/** `kordon check` and `kordon probe` on a site with boards: one that answers, one that does not. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { BoardChild } from "../devices/board/board-child.ts";
import { runKordon } from "./run-kordon.ts";

const EXAMPLE = new URL("../../config/example-site.yaml", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "kordon-board-commands-"));
const file = join(folder, "site.yaml");
let child: BoardChild | undefined;

afterEach(async () => {
    await child?.end();
    rmSync(folder, { recursive: true, force: true });
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
    expect(child.text).toBe("Байланыс жоқ|Нет связи|No connection");
});
