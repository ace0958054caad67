/** `kordon devices`, `check` with GPIO and camera barriers, `probe` and `pulse`, against simulated devices on real wires. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CameraGate } from "../../simulators/wire/camera-gate.ts";
import { ModbusTcpServer } from "../../simulators/wire/modbus-tcp-server.ts";
import { RelayModule } from "../../simulators/wire/relay-module.ts";
import { realClock } from "../../simulators/world/clock.ts";
import { Random } from "../../simulators/world/random.ts";
import { runKordon } from "./run-kordon.ts";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "kordon-devices-"));
const siteFile = join(folder, "site.yaml");
const module = new RelayModule(100);
let server: ModbusTcpServer;
let gate: CameraGate;
let stopModule: () => void;

beforeAll(async () => {
    server = await ModbusTcpServer.listen({
        port: 0,
        bank: module,
        clock: realClock,
        random: new Random(1, "devices"),
    });
    stopModule = realClock.every(10, () => module.advance(10));
    writeFileSync(join(folder, "password"), "gate\n");
});
beforeEach(async () => {
    gate = await CameraGate.listen({ make: "hikvision", username: "gate", password: "gate", clock: realClock });
    module.inputs.fill(false);
    module.inputs[3] = true; // photocell: a cut wire is a broken beam
    writeSite({});
});
afterEach(async () => {
    server.fault({ kind: "none" });
    await gate.close();
});
afterAll(async () => {
    stopModule();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
});

const contacts = {
    approachLoop: "io-1:0",
    boomLoop: "io-1:1",
    exitLoop: "io-1:2",
    photocell1: { terminal: "io-1:3", activeWhen: "off" },
    limitOpen: "io-1:4",
    limitClosed: "io-1:5",
};

function writeSite(changes: { readonly modules?: object; readonly lane?: object; readonly barrier2?: object }): void {
    const bus = { kind: "modbus-tcp", host: "127.0.0.1", port: server.port };
    const lane = {
        role: "checkpoint-entry",
        barrier: { open: "io-1:0", close: "io-1:1", pulseMs: 100 },
        lamps: { red: "io-1:2", green: "io-1:3" },
        contacts,
        cameras: ["camera-1"],
        closing: "officer",
        ...changes.lane,
    };
    const camera = {
        profile: "barrier/camera/hikvision-isapi",
        url: gate.url,
        username: "gate",
        passwordFile: "password",
    };
    const other = {
        role: "checkpoint-exit",
        barrier: { camera },
        contacts: { approachLoop: "io-3:0", boomLoop: "io-3:1" },
        cameras: ["camera-1"],
        closing: "officer",
    };
    const site = {
        version: 1,
        site: "bench",
        checkpoint: "bench",
        stateFolder: "state",
        controlSocket: "control.sock",
        central: { url: "mqtt://127.0.0.1:9" },
        modules: {
            "io-1": { profile: "io-module/modbus/moxa-iologik-e1214", bus },
            "io-3": { profile: "io-module/modbus/moxa-iologik-e1214", bus: { ...bus, unit: 2 } },
            ...changes.modules,
        },
        cameras: { "camera-1": { url: "http://127.0.0.1:9/", frameMsMax: 500 } },
        lanes: { "lane-1": lane, "lane-2": { ...other, ...changes.barrier2 } },
    };
    writeFileSync(siteFile, JSON.stringify(site));
}

describe("devices", () => {
    test("names every profile there is and claims no proof that was not made", async () => {
        const { code, out } = await runKordon("devices", "--json");
        expect(code).toBe(0);
        const { devices } = JSON.parse(out);
        expect(devices.length).toBeGreaterThanOrEqual(9);
        for (const { profile, maturity } of devices) {
            expect(maturity).toBe("simulated");
            expect(existsSync(join(ROOT, "devices", `${profile}.json`))).toBe(true);
        }
        expect((await runKordon("devices")).out).toContain("none of them was on a bench with real hardware yet");
    });

    test("of a running site: how each is, with its code, and how the units on its wires answer", async () => {
        const daemon = spawn(join(ROOT, "kordon"), ["run", "--site", siteFile, "--log", "silent", "--json"], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        try {
            await once(daemon.stdout, "data");
            const asked = async () => JSON.parse((await runKordon("devices", "--site", siteFile, "--json")).out);
            const stands = async (): Promise<unknown> => (await asked()).devices.find(isIo1);
            const isIo1 = ({ device }: { readonly device: string }): boolean => device === "io-1";
            await expect.poll(stands, { timeout: 20_000 }).toMatchObject({ device: "io-1", state: "well" });
            const { site, devices, buses } = await asked();
            expect(site).toBe("bench");
            expect(devices.map(({ device }: { device: string }) => device)).toEqual(
                expect.arrayContaining(["io-1", "io-3", "camera-1", "lane-2-barrier", "central"]),
            );
            expect(buses).toMatchObject([
                { bus: `tcp 127.0.0.1:${server.port}`, strayBytes: 0, units: [{ unit: 1 }, { unit: 2 }] },
            ]);
            expect(buses[0].units[0].replies).toBeGreaterThan(2);

            server.fault({ kind: "silence" });
            await expect.poll(stands, { timeout: 20_000 }).toMatchObject({ state: "failed", code: "NO_REPLY" });
            const { code, out, error } = await runKordon("devices", "--site", siteFile);
            expect([code, error]).toEqual([1, expect.stringMatching(/^\d of \d devices are not well$/)]);
            expect(out).toMatch(/^io-1 +NO_REPLY: .*: no reply within 250 ms .* +failed \d times$/m);
            expect(out).toMatch(/^tcp 127\.0\.0\.1:\d+ unit 1 +\d+ +[1-9]\d* +0 +0 +0 +\d+\.\d$/m);
            expect((await runKordon("lanes", "--site", siteFile)).out).toMatch(/FAILED: .*io-1.* \(kordon devices\)/);
        } finally {
            const ended = once(daemon, "exit");
            daemon.kill("SIGTERM");
            await ended;
            module.setHolding(0, 0); // its red lamp stays on when it goes
        }
    });

    test("of a site without a daemon: says who else can be asked", async () => {
        const { code, error } = await runKordon("devices", "--site", siteFile);
        expect(code).toBe(1);
        expect(error).toContain(`no daemon is running here; start it with kordon run --site FILE, or ask`);
        expect(error).toContain(`kordon probe --site ${siteFile}`);
    });
});

describe("check", () => {
    const gpio = (bus: object) => ({
        modules: {
            "gpio-1": { profile: "io-module/gpio/raspberry-pi-4-waveshare-relay-3", bus: { kind: "gpio", ...bus } },
        },
        lane: { barrier: { open: "gpio-1:0", close: "gpio-1:1" } },
    });

    test("a barrier on GPIO needs the site's own word", async () => {
        writeSite(gpio({}));
        const refused = await runKordon("check", "--site", siteFile);
        expect(refused.code).toBe(2);
        expect(refused.error).toContain("modules.gpio-1: GPIO cannot pulse by itself");
        writeSite(gpio({ pulse: "software" }));
        expect((await runKordon("check", "--site", siteFile)).code).toBe(0);
    });

    test("it says what this machine lacks for it", async () => {
        writeSite(gpio({ pulse: "software" }));
        const { out } = await runKordon("check", "--site", siteFile);
        expect(out).toMatch(
            /note: gpio-1: on this machine: (this kernel has no sysfs GPIO|no GPIO chip "pinctrl-bcm2711" here)/,
        );
    });

    test.each([
        [
            "a terminal that the profile has not",
            { lane: { barrier: { open: "io-1:0", close: "io-1:6" } } },
            "output 6 is used",
        ],
        [
            "a module without a safe pulse",
            {
                modules: {
                    "io-2": {
                        profile: "io-module/modbus/owen-mu110-8r",
                        bus: { kind: "modbus-rtu", path: "/dev/null", unit: 16 },
                    },
                },
                lane: { barrier: { open: "io-2:0", close: "io-1:1" } },
            },
            "cannot drive a barrier",
        ],
        [
            "a profile for another wire",
            { modules: { "io-2": { profile: "io-module/modbus/owen-mu110-8r", bus: { kind: "gpio" } } } },
            "speaks modbus-rtu, the bus is gpio",
        ],
    ])("%s is refused", async (_name, changes, words) => {
        writeSite(changes);
        const { code, error } = await runKordon("check", "--site", siteFile);
        expect({ code, error }).toMatchObject({ code: 2, error: expect.stringContaining(words) });
    });
});

describe("probe", () => {
    test("prints what each device answered, and moves nothing", async () => {
        const { code, out } = await runKordon("probe", "--site", siteFile, "--seconds", "8", "--json");
        const { devices } = JSON.parse(out);
        const device = (id: string) => devices.find((each: { device: string }) => each.device === id);
        expect(device("io-1")).toMatchObject({ state: "well" });
        expect(device("io-1").says).toContain("inputs 0:off 1:off 2:off 3:on 4:off 5:off");
        expect(device("lane-2-barrier")).toMatchObject({ state: "well" });
        expect(device("lane-2-barrier").says).toContain("its own opening is off");
        expect(device("camera-1").state).not.toBe("well");
        expect(code).toBe(1);
        expect(gate.orders).toEqual([]);
        expect(Array.from({ length: 6 }, (_, coil) => module.coil(coil))).not.toContain(true);
    });

    test("a module that is silent is named with its code", async () => {
        server.fault({ kind: "silence" });
        const { code, out } = await runKordon("probe", "--site", siteFile, "--seconds", "1");
        expect(code).toBe(1);
        expect(out).toMatch(/io-1 +NO_REPLY: .*no reply within 250 ms/);
    });

    test("with the daemon running it is refused", async () => {
        const daemon = createServer().listen(join(folder, "control.sock"));
        await once(daemon, "listening");
        const probed = await runKordon("probe", "--site", siteFile);
        const pulsed = await runKordon("pulse", "lane-1", "open", "--site", siteFile);
        daemon.close();
        expect([probed.code, pulsed.code]).toEqual([1, 1]);
        expect(probed.error).toContain("another daemon already serves this site");
    });
});

describe("pulse", () => {
    async function pulse(
        typed: string,
        ...args: readonly string[]
    ): Promise<{ code: number | null; out: string; error: string }> {
        const child = spawn(process.execPath, [
            "--disable-warning=ExperimentalWarning",
            join(ROOT, "src/main.ts"),
            "pulse",
            ...args,
            "--site",
            siteFile,
        ]);
        let [out, error] = ["", ""];
        child.stdout.on("data", (bytes) => {
            out += String(bytes);
        });
        child.stderr.on("data", (bytes) => {
            error += String(bytes);
        });
        child.stdin.on("error", () => undefined);
        child.stdin.end(typed);
        const [code] = await once(child, "close");
        return { code, out, error };
    }

    test("pulses OPEN once after the lane's name was typed", async () => {
        const written: boolean[] = [];
        const watch = realClock.every(5, () => written.push(module.coil(0) === true));
        const { code, out, error } = await pulse("lane-1\n", "lane-1", "open", "--json");
        watch();
        expect({ code, error: error.includes("Type the lane's name") }).toEqual({ code: 0, error: true });
        expect(JSON.parse(out)).toEqual({ lane: "lane-1", thing: "open", outcome: "applied" });
        expect(written.filter((isOn, index) => isOn && written[index - 1] !== true)).toHaveLength(1);
    });

    test.each([["lane-2\n"], [""]])("typed %j in its place, nothing moves", async (typed) => {
        const { code, error } = await pulse(typed, "lane-1", "open");
        expect(code).toBe(1);
        expect(error).toContain("nothing was moved");
    });

    test("close is refused while something may stand under the boom", async () => {
        module.inputs[1] = true;
        const { code, error } = await pulse("lane-1\n", "lane-1", "close");
        expect({ code, error }).toMatchObject({ code: 1, error: expect.stringContaining("not seen free: boomLoop") });
        module.inputs[1] = false;
        expect((await pulse("lane-1\n", "lane-1", "close")).code).toBe(0);
    });

    test("a barrier on a camera is moved through it", async () => {
        expect((await pulse("lane-2\n", "lane-2", "open")).code).toBe(0);
        expect(gate.orders).toEqual(["open"]);
    });

    test.each([
        [["lane-9", "open"], 'no lane "lane-9"'],
        [["lane-2", "red"], "has no lamps"],
    ])("%j is wrong usage", async (args, words) => {
        const { code, error } = await runKordon("pulse", ...args, "--site", siteFile);
        expect({ code, error }).toMatchObject({ code: 2, error: expect.stringContaining(words) });
    });
});
