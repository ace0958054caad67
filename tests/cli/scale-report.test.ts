/** Scales in a site file: what `kordon check` says of them, and what it refuses, with the place. */
import { describe, expect, test } from "vitest";
import { checkScales } from "../../src/cli/scale-report.ts";
import { parseSite } from "../../src/config/load-site.ts";
import { planOf } from "../../src/config/site-rules.ts";

const CONTACTS = {
    approachLoop: "io-1:0",
    boomLoop: "io-1:1",
    exitLoop: "io-1:2",
    photocell1: { terminal: "io-1:3", activeWhen: "off" },
    limitOpen: "io-1:4",
    limitClosed: "io-1:5",
};
const BEAMS = { scaleBeam1: "io-2:0", scaleBeam2: "io-2:1" };
const module = (host: string) => ({
    profile: "io-module/modbus/moxa-iologik-e1214",
    bus: { kind: "modbus-tcp", host },
});

interface Change {
    readonly scale?: object;
    readonly lane?: object;
    readonly contacts?: object;
}

function siteText({ scale = {}, lane = {}, contacts = BEAMS }: Change = {}): string {
    const bridge = {
        profile: "scale/toledo-continuous/mettler-toledo-continuous",
        line: { kind: "serial", path: "/dev/serial/by-id/usb-A" },
        capacityKg: 80_000,
        divisionKg: 20,
        ...scale,
    };
    return JSON.stringify({
        version: 1,
        site: "nur-zholy",
        checkpoint: "nur-zholy",
        stateFolder: "state",
        controlSocket: "c.sock",
        central: { url: "mqtt://127.0.0.1" },
        modules: { "io-1": module("192.0.2.1"), "io-2": module("192.0.2.2") },
        cameras: { front: { url: "http://192.0.2.3/" } },
        scales: { "bridge-1": bridge },
        lanes: {
            "lane-1": {
                role: "checkpoint-entry",
                barrier: { open: "io-1:0", close: "io-1:1" },
                contacts: { ...CONTACTS, ...contacts },
                cameras: ["front"],
                scale: "bridge-1",
                ...lane,
            },
        },
    });
}

const site = (change?: Change) => parseSite(siteText(change), "site.yaml");

test("a scale is told with its model, its line as it will be set, and what its word is worth", () => {
    expect(checkScales(site())).toMatchObject([
        {
            id: "bridge-1",
            model: "Mettler Toledo any with continuous output and checksum (simulated)",
            where: "serial /dev/serial/by-id/usb-A",
            settings: "9600 baud 7E1",
            weighs: "up to 80000 kg in steps of 20 kg",
            stability: "tells when it stands still",
        },
    ]);
    const line = { kind: "serial", path: "/dev/ttyS0", baudRate: 4_800, parity: "none", dataBits: 8 };
    expect(checkScales(site({ scale: { line } }))[0]?.settings).toBe("4800 baud 8N1");
    const yaohua = {
        profile: "scale/yaohua/yaohua-xk3190-continuous-1",
        line: { kind: "tcp", host: "192.0.2.9", port: 4_001 },
    };
    expect(checkScales(site({ scale: yaohua }))[0]).toMatchObject({
        where: "tcp 192.0.2.9:4001",
        settings: "",
        stability: "stands still after 5 equal weights over 1000 ms",
    });
});

test("a lane with a scale is planned with one", () => {
    const loaded = site();
    const lane = loaded.lanes["lane-1"];
    expect(lane && planOf("lane-1", lane, loaded).hasScale).toBe(true);
});

describe("refused", () => {
    test.each<[string, Change, RegExp]>([
        [
            "a profile that is not there",
            { scale: { profile: "scale/cas/nobody" } },
            /no device profile "scale\/cas\/nobody"/,
        ],
        [
            "bytes where registers are wanted",
            { scale: { profile: "scale/modbus/laumas-modbus" } },
            /scales\.bridge-1\.line: .*modbus-tcp or modbus-rtu, not serial/,
        ],
        [
            "registers where bytes are wanted",
            { scale: { line: { kind: "modbus-tcp", host: "192.0.2.9" } } },
            /needs a line of kind serial or tcp, not modbus-tcp/,
        ],
        [
            "an address that the protocol does not have",
            { scale: { profile: "scale/yaohua/yaohua-xk3190-command", unit: 27 } },
            /scales\.bridge-1\.unit: 27 is not from 1 to 26/,
        ],
    ])("%s", (_name, change, why) => {
        expect(() => checkScales(site(change))).toThrow(why);
    });

    test.each<[string, Change, RegExp]>([
        ["a scale that is not there", { lane: { scale: "bridge-2" } }, /lanes\.lane-1\.scale: no scale "bridge-2"/],
        ["no beams at the ends", { contacts: {} }, /lanes\.lane-1: SCALE_WITHOUT_BEAMS/],
        ["a capacity that is missing", { scale: { capacityKg: undefined } }, /scales\.bridge-1\.capacityKg/],
        ["an unknown key", { scale: { divisonKg: 20 } }, /scales\.bridge-1\.divisonKg: unknown key/],
    ])("%s", (_name, change, why) => {
        expect(() => site(change)).toThrow(why);
    });
});
