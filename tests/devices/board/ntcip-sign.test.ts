/** The NTCIP sign over real SNMP: against net-snmp's agent with a sign behind it, and against one of our own with faults. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadBoardProfile, type NtcipProfile } from "../../../devices/board/board-profile.ts";
import { NtcipSign } from "../../../devices/board/ntcip-1203/ntcip-sign.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { SnmpClient } from "../../../src/transport/snmp-client.ts";
import { BoardChild, faceOf } from "./board-child.ts";

const profile = (name: string) =>
    loadBoardProfile(
        JSON.parse(readFileSync(new URL(`../../../devices/board/ntcip-1203/${name}.json`, import.meta.url), "utf8")),
    ) as NtcipProfile;
const MINUTE_MS = 60_000;
const SNMPD = "/usr/sbin/snmpd";
const hasSnmpd = spawnSync(SNMPD, ["-v"], { stdio: "ignore" }).status === 0;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
    for (const finish of ends.splice(0).reverse()) await finish();
});

function sign(port: number, name: "generic-sign" | "colour-sign", over: Partial<NtcipProfile> = {}): NtcipSign {
    const known = { ...profile(name), ...over };
    const { version } = known;
    const agent = new SnmpClient({
        device: "sign-1",
        host: "127.0.0.1",
        port,
        community: "public",
        version,
        timeoutMs: 150,
    });
    const lostLines = ["No connection"];
    const { charset } = known;
    const one = new NtcipSign({ id: "sign-1", agent, profile: known, charset, lostLines, clock: systemClock });
    ends.push(() => one.close());
    return one;
}

async function simulated(over: object = {}): Promise<BoardChild> {
    const child = await BoardChild.start({ speaks: "ntcip-1203", ...over });
    ends.push(() => child.end());
    return child;
}

describe("against net-snmp's own agent", () => {
    beforeEach((context) => {
        context.skip(!hasSnmpd, "net-snmp's agent is missing: apt-get install snmpd");
    });

    async function freePort(): Promise<number> {
        const socket = createSocket("udp4");
        socket.bind(0, "127.0.0.1");
        await once(socket, "listening");
        const { port } = socket.address();
        socket.close();
        return port;
    }

    /** What stands on the sign as the script behind the agent says. */
    async function startAgent(): Promise<{ port: number; shown: () => string }> {
        const port = await freePort();
        const folder = mkdtempSync(join(tmpdir(), "kordon-snmpd-"));
        const script = new URL("ntcip-pass.py", import.meta.url).pathname;
        const config = join(folder, "snmpd.conf");
        const pass = `pass_persist .1.3.6.1.4.1.1206.4.2.3 /usr/bin/python3 -u ${script} ${join(folder, "shown")}`;
        writeFileSync(config, `rwcommunity public 127.0.0.1\n${pass}\nagentaddress udp:127.0.0.1:${port}\n`);
        const args = ["-f", "-Lo", "-C", "-c", config, "-I", "-smux", "-p", join(folder, "pid")];
        const env = { ...process.env, SNMP_PERSISTENT_DIR: folder, MIBS: "" };
        const child: ChildProcess = spawn(SNMPD, args, { stdio: ["ignore", "pipe", "pipe"], env });
        let said = "";
        for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes) => (said += String(bytes)));
        ends.push(async () => {
            const ended = once(child, "exit");
            child.kill("SIGTERM");
            await ended;
            rmSync(folder, { recursive: true, force: true });
        });
        await expect.poll(() => said, { timeout: 10_000 }).toContain("NET-SNMP version");
        return {
            port,
            shown: () =>
                Buffer.from(
                    readFileSync(join(folder, "shown"), "utf8").trim().split("\n").at(-1) ?? "",
                    "hex",
                ).toString("latin1"),
        };
    }

    test.each([
        ["generic-sign", ["Drive on", "[fl]"], "[jp3][jl3]Drive on[nl][[fl]]"],
        ["colour-sign", ["Өтіңіз"], "[jp3][jl3][cf3]\xa5\xf2\xb3\xbe\xb3\xe7"],
    ] as const)("%s: a text is stored, looked over, activated and read back", async (name, lines, multi) => {
        const { port, shown } = await startAgent();
        const one = sign(port, name);
        await expect
            .poll(() => one.show(faceOf(lines), MINUTE_MS).catch(({ message }) => message), { timeout: 10_000 })
            .toEqual({ proof: "read-back", replaced: 0 });
        expect(shown()).toBe(multi);
        await one.show(faceOf(["Stop"], { tone: "stop" }), MINUTE_MS);
        expect(shown()).toContain("Stop");
    });
});

describe("against a sign of our own", () => {
    test("shows a text in Kazakh and proves it; the same again only renews its time", async () => {
        const child = await simulated({ charset: "kz-1048" });
        const one = sign(child.port, "colour-sign");
        expect(await one.show(faceOf(["Өтіңіз", "123ABC02"]), MINUTE_MS)).toEqual({ proof: "read-back", replaced: 0 });
        await child.until("it shows", () => child.text === "Өтіңіз|123ABC02");
        await expect.poll(() => child.shown.at(-1)).toMatchObject({ tone: "go", by: "daemon" });
        await one.show(faceOf(["Өтіңіз", "123ABC02"]), MINUTE_MS);
        await one.show(faceOf(["[fl]", "]["], { tone: "info" }), MINUTE_MS);
        await child.until("the next", () => child.text === "[fl]|][");
    });

    test("a sign that gives its CRC the other way round is understood", async () => {
        const child = await simulated({ crcSwapped: true });
        expect((await sign(child.port, "generic-sign").show(faceOf(["Drive on"]), MINUTE_MS)).proof).toBe("read-back");
    });

    test("the next run of the daemon leaves the message on display alone, and writes the other one", async () => {
        const child = await simulated();
        await sign(child.port, "generic-sign").show(faceOf(["of the run before"]), MINUTE_MS);
        const written: string[] = [];
        const { version } = profile("generic-sign");
        const agent = new SnmpClient({
            device: "s",
            host: "127.0.0.1",
            port: child.port,
            community: "public",
            version,
            timeoutMs: 150,
        });
        const watched = {
            get: (oids: readonly string[]) => agent.get(oids),
            set: (objects: Parameters<SnmpClient["set"]>[0]) => {
                written.push(...objects.map(({ oid }) => oid.slice("1.3.6.1.4.1.1206.4.2.3.".length)));
                return agent.set(objects);
            },
            close: () => agent.close(),
        };
        const plan = {
            id: "s",
            profile: profile("generic-sign"),
            charset: "ascii",
            lostLines: ["x"],
            clock: systemClock,
        } as const;
        const next = new NtcipSign({ ...plan, agent: watched });
        ends.push(() => next.close());
        await next.show(faceOf(["of this run"]), MINUTE_MS);
        await expect.poll(() => child.text).toBe("of this run");
        expect(written.filter((oid) => oid.startsWith("5.8.1.3."))).toEqual(["5.8.1.3.3.3", "5.8.1.3.3.2"]);
    });

    test("falls back by itself when nobody speaks, when its time is over and when power comes back", async () => {
        const child = await simulated({ minuteMs: 400 });
        const one = sign(child.port, "generic-sign");
        await one.show(faceOf(["Drive on"]), MINUTE_MS);
        await child.until("its minute is over", () => child.shown.at(-1)?.by === "lost");
        await expect.poll(() => child.text).toBe("No connection");
        await one.show(faceOf(["Drive on"]), MINUTE_MS);
        await child.powerCycle();
        await expect.poll(() => child.shown.at(-1)).toMatchObject({ lines: ["No connection"], by: "lost" });
        await one.show(faceOf(["Stop"]), MINUTE_MS);
        await child.until("it is back", () => child.shown.some(({ lines }) => lines[0] === "Stop"));
    });

    test.each([
        ["silence", { kind: "silence" }, "NO_REPLY", /no reply within 300 ms/],
        ["replies that are lost", { kind: "lost-reply" }, "NO_REPLY", /no reply/],
        ["late replies", { kind: "delay", ms: 500 }, "NO_REPLY", /no reply/],
        ["garbage", { kind: "garbage" }, /NO_REPLY|BAD_REPLY/, /./],
        ["half a reply", { kind: "partial" }, /NO_REPLY|BAD_REPLY/, /./],
        ["local control", { kind: "refuses" }, "REFUSED", /control mode 2, not central/],
        ["an SNMP error", { kind: "snmp-error", status: 5 }, "REFUSED", /refuses: GeneralError/],
        ["too low a priority", { kind: "activate-error", code: 3 }, "NOT_APPLIED", /priority too low/],
        ["a wrong CRC", { kind: "activate-error", code: 7 }, "NOT_APPLIED", /CRC/],
        ["MULTI", { kind: "activate-error", code: 8 }, "NOT_APPLIED", /MULTI syntax/],
    ] as const)("%s: is said, and all is well when it is over", async (_name, fault, code, words) => {
        const child = await simulated();
        const one = sign(child.port, "generic-sign");
        await one.show(faceOf(["old"]), MINUTE_MS);
        await child.fault(fault);
        const wrong = await one.show(faceOf(["new"]), MINUTE_MS).catch((error) => error);
        expect(wrong).toMatchObject({ code: typeof code === "string" ? code : expect.stringMatching(code) });
        expect(wrong.message).toMatch(words);
        await child.fault({ kind: "none" });
        await expect
            .poll(() =>
                one.show(faceOf(["fresh"]), MINUTE_MS).then(
                    ({ proof }) => proof,
                    ({ message }) => message,
                ),
            )
            .toBe("read-back");
        await expect.poll(() => child.text).toBe("fresh");
    });

    test("a tag that the sign does not know is named with its place", async () => {
        const child = await simulated();
        const one = sign(child.port, "generic-sign", { before: "[zz9]" });
        const wrong = one.show(faceOf(["x"]), MINUTE_MS);
        await expect(wrong).rejects.toThrow(/does not accept the text: MULTI syntax, tag not supported at 0/);
    });
});
