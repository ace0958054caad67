/**
 * Everything that `config/four-lane-site.yaml` names, but what the world brings: each device as its simulator on a real wire,
 * and what of the site file changes so that the daemon finds it here.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import { CameraGate } from "../../../simulators/wire/camera-gate.ts";
import { ModbusRtuLine } from "../../../simulators/wire/modbus-rtu-line.ts";
import { ModbusTcpServer } from "../../../simulators/wire/modbus-tcp-server.ts";
import { BrokerCamera } from "../../../simulators/wire/reading-camera/broker-camera.ts";
import { PushCamera } from "../../../simulators/wire/reading-camera/push-camera.ts";
import { StreamCamera } from "../../../simulators/wire/reading-camera/stream-camera.ts";
import type { ScaleDialectName } from "../../../simulators/wire/scale-dialects.ts";
import { ScaleIndicator } from "../../../simulators/wire/scale-indicator.ts";
import { serveScale, speakOnDevice } from "../../../simulators/wire/scale-lines.ts";
import { ScaleRegisters } from "../../../simulators/wire/scale-registers.ts";
import { realClock } from "../../../simulators/world/clock.ts";
import { Random } from "../../../simulators/world/random.ts";
import { BoardChild } from "../../devices/board/board-child.ts";
import { end, startSerialPair } from "../../transport/third-party-peers.ts";
import { BareUnit } from "./bare-unit.ts";

const HOST = "127.0.0.1";
const ACCOUNT = { username: "kordon", password: "secret" };
const GATE_ACCOUNT = { username: "gate", password: "secret" };
const EMPTY = { kg: 0, isStable: true, isOver: false };

/** Spare indicators behind serial servers, by their name in the site file. */
const SPARES = {
    "spare-cas": "cas-22",
    "spare-mt-sics": "mt-sics",
    "spare-rinstrum": "rinstrum-auto-1",
    "spare-tenso-643": "tenso-643",
    "spare-tenso-m": "tenso-m",
    "spare-yaohua": "yaohua-0",
} as const satisfies Readonly<Record<string, ScaleDialectName>>;

/** Nobody before the boom, which is down: photocells and the emergency chain are energised. */
const IDLE_MK110 = 0b11_1000;
const IDLE_WB = [false, false, false, true, false, true];
/** Functions that must be off are off: see the profile's checks. */
const WB_REGISTERS = Object.fromEntries([
    ...[9, 10, 11, 12, 13, 14, 16].map((at) => [at, 3]),
    ...[6, 8, 930, 931, 932, 933, 934, 935, 938, 939, 940, 941, 942, 943, 1280, 1281, 1282].map((at) => [at, 0]),
]);

/** A part of the site file as parsed. */
export type Part = { [key: string]: unknown };

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === "object" && address !== null ? address.port : 0;
}

/** What was opened, and where. */
interface Found {
    readonly boards: readonly [yard: BoardChild, sign: BoardChild, display: BoardChild];
    readonly entryAnpr: StreamCamera;
    /** The site's serial devices, by their name in the file. */
    readonly serial: ReadonlyMap<string, string>;
    readonly ports: ReadonlyMap<string, number>;
    readonly urls: ReadonlyMap<string, string>;
    readonly listenerPort: number;
    readonly screensPort: number;
    readonly closing: readonly (() => unknown)[];
}

export class FourLaneDevices {
    readonly yard: BoardChild;
    readonly sign: BoardChild;
    readonly display: BoardChild;
    readonly entryAnpr: StreamCamera;
    readonly screensPort: number;
    readonly #found: Found;

    private constructor(found: Found) {
        [this.yard, this.sign, this.display] = found.boards;
        this.entryAnpr = found.entryAnpr;
        this.screensPort = found.screensPort;
        this.#found = found;
    }

    static async open(): Promise<FourLaneDevices> {
        const closing: (() => unknown)[] = [];
        const serial = new Map<string, string>();
        const theirs = async (name: string): Promise<string> => {
            const pair = await startSerialPair();
            serial.set(`/dev/serial/by-id/usb-${name}`, pair.ours);
            closing.push(async () => {
                await end(pair.child);
                pair.remove();
            });
            return pair.theirs;
        };
        await openSerialLines(theirs, closing);
        const ports = await openScales(closing);
        const [yard, cafe, sign, display] = await Promise.all([
            BoardChild.start({ speaks: "modbus-text", lines: 8, columns: 24 }),
            BoardChild.start({ speaks: "modbus-text", lines: 4, columns: 20, path: await theirs("board-line") }),
            BoardChild.start({ speaks: "ntcip-1203" }),
            BoardChild.start({ speaks: "line-display", address: 3 }),
        ]);
        // Nobody answers for this kind of display: a line that takes bytes is all that can be known.
        await theirs("exit-display");
        ports.set("yard", yard.port).set("road-sign", sign.port).set("entry-display", display.port);
        const gate = await CameraGate.listen({ make: "hikvision", ...GATE_ACCOUNT, clock: realClock });
        const stream = { account: ACCOUNT, clock: realClock, heartbeatMs: 500 };
        const entryAnpr = await StreamCamera.listen({ ...stream, make: "hikvision" });
        const yardAnpr = await StreamCamera.listen({ ...stream, make: "dahua" });
        closing.push(
            ...[yard, cafe, sign, display].map((board) => () => board.end()),
            ...[gate, entryAnpr, yardAnpr].map((camera) => () => camera.close()),
        );
        return new FourLaneDevices({
            boards: [yard, sign, display],
            ...{ entryAnpr, serial, ports, closing },
            urls: new Map([
                ["release", gate.url],
                ["entry-anpr", entryAnpr.url],
                ["release-yard", yardAnpr.url],
                ["release-front", await openSnapshots(closing)],
            ]),
            listenerPort: await freePort(),
            screensPort: await freePort(),
        });
    }

    /** The devices that push or publish say a word; nobody stands before them. */
    async speak(broker: string): Promise<void> {
        const push = (make: "dahua" | "ff" | "hikvision", path: string): PushCamera => {
            const url = `http://${HOST}:${this.#found.listenerPort}${path}`;
            return new PushCamera({ make, url, account: ACCOUNT, clock: realClock });
        };
        const exit = await BrokerCamera.connect(broker, "gate/exit-anpr", realClock);
        await Promise.all([
            push("dahua", "/NotificationInfo").keepAlive(),
            push("ff", "/entry-rear").see("111AAA01"),
            push("hikvision", "/exit-rear").see("111AAA01"),
            exit.see("111AAA01"),
        ]);
        await exit.close();
    }

    /** The site with the addresses of here; files that it names are written below `folder`. */
    rewire(site: { [part: string]: Part }, folder: string): void {
        const uploads = join(folder, "uploads");
        mkdirSync(uploads);
        writeFileSync(join(uploads, "first.jpg"), createCanvas(640, 480).toBuffer("image/jpeg"));
        each(site["modules"], ({ bus }) => this.#readdress(bus as Part));
        each(site["scales"], ({ line }, id) => this.#readdress(line as Part, id));
        each(site["boards"], ({ line }, id) => this.#readdress(line as Part, id));
        each(site["cameras"], (camera, id) => {
            const url = this.#found.urls.get(id);
            if (url !== undefined) Object.assign(camera, { url, everyMs: 2_000, username: "gate" });
            if (camera["kind"] === "folder") camera["path"] = uploads;
        });
        each(site["readingCameras"], (camera, id) => {
            if (camera["address"] !== undefined) camera["address"] = HOST;
            const url = this.#found.urls.get(id);
            if (url !== undefined) camera["url"] = url;
        });
        Object.assign(site["cameraListener"] ?? {}, { host: HOST, port: this.#found.listenerPort });
        Object.assign(site["screens"] ?? {}, { host: HOST, port: this.screensPort });
        each(site["lanes"], ({ barrier }, id) => {
            const { camera } = barrier as { readonly camera?: Part };
            if (camera !== undefined) camera["url"] = this.#found.urls.get(id);
        });
    }

    async close(): Promise<void> {
        for (const close of [...this.#found.closing].reverse()) await close();
    }

    #readdress(wire: Part, id = ""): void {
        const port = this.#found.ports.get(id);
        if (port !== undefined) Object.assign(wire, { host: HOST, port });
        const path = this.#found.serial.get(String(wire["path"]));
        if (path !== undefined) wire["path"] = path;
    }
}

function each(part: Part | undefined, change: (entry: Part, id: string) => void): void {
    for (const [id, entry] of Object.entries(part ?? {})) change(entry as Part, id);
}

/** In a process of its own: drawing its pictures would keep the simulators here from answering in time. */
async function openSnapshots(closing: (() => unknown)[]): Promise<string> {
    const main = new URL("../../../simulators/wire/snapshot/main.ts", import.meta.url).pathname;
    const camera = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
        stdio: ["pipe", "pipe", "inherit"],
    });
    closing.push(() => end(camera));
    const [line] = await once(camera.stdout, "data");
    return JSON.parse(String(line)).url;
}

async function openSerialLines(theirs: (name: string) => Promise<string>, closing: (() => unknown)[]): Promise<void> {
    const mk110 = new BareUnit({ registers: { 50: 0, 51: IDLE_MK110 }, relayBitsAt: 50 });
    const mu110 = new BareUnit({ registers: { 50: 0 }, relayBitsAt: 50 });
    const wirenboard = new BareUnit({ inputs: IDLE_WB, coils: 6, registers: WB_REGISTERS });
    const lines: readonly [string, number, ReadonlyMap<number, BareUnit>][] = [
        ["gate-line-1", 9_600, new Map([16, 24].map((unit) => [unit, unit === 16 ? mk110 : mu110]))],
        [
            "gate-line-2",
            19_200,
            new Map([5, 6].map((unit) => [unit, unit === 5 ? wirenboard : new BareUnit({ coils: 8 })])),
        ],
        ["bench-line", 9_600, new Map([[1, new BareUnit({ registers: { 7: 0, 8: 0 } })]])],
    ];
    for (const [name, baudRate, units] of lines) {
        const line = new ModbusRtuLine({ path: await theirs(name), baudRate, clock: realClock, units });
        closing.push(() => line.close());
    }
    const and = indicator("and-18");
    const wire = speakOnDevice(and, await theirs("bench-and"));
    closing.push(() => wire.close());
}

async function openScales(closing: (() => unknown)[]): Promise<Map<string, number>> {
    const bank = new ScaleRegisters("laumas", () => EMPTY);
    const bridge = await ModbusTcpServer.listen({ port: 0, bank, clock: realClock, random: new Random(1, "bridge") });
    closing.push(() => bridge.close());
    const ports = new Map([["exit-bridge", bridge.port]]);
    for (const [id, dialect] of Object.entries(SPARES)) {
        const wire = await serveScale(indicator(dialect), 0);
        closing.push(() => wire.close());
        ports.set(id, wire.port);
    }
    return ports;
}

function indicator(dialect: ScaleDialectName): ScaleIndicator {
    const random = new Random(1, dialect);
    return new ScaleIndicator({ dialect, unit: 1, shown: () => EMPTY, clock: realClock, random, periodMs: 200 });
}
