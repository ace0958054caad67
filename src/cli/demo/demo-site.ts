/** The files a demonstration runs on: one site, one simulated world, one simulated central system, all in one folder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface DemoPlan {
    readonly folder: string;
    readonly passages: number;
    readonly seed: number;
    /** World seconds per real second. */
    readonly speed: number;
    readonly startUtcMs: number;
}

export const DEMO_LANE = "lane-1";
const CHECKPOINT = "nur-zholy";
/** World time; the simulated barrier and module use the same. */
const PULSE_MS = 700;

export function worldFile(plan: DemoPlan): string {
    return write(plan, "world.json", {
        day: dayOf(plan),
        lanes: [{ id: DEMO_LANE, camera: true, pulseMs: PULSE_MS }],
    });
}

export function centralFile(plan: DemoPlan): string {
    return write(plan, "central.json", {
        site: CHECKPOINT,
        ledger: join(plan.folder, "central-ledger.jsonl"),
        day: dayOf(plan),
    });
}

/** The display at the lane. */
export function boardFile(plan: DemoPlan): string {
    return write(plan, "board.json", { speaks: "line-display" });
}

export interface DemoPorts {
    readonly brokerUrl: string;
    readonly modbusPort: number;
    readonly cameraPort: number;
    readonly displayPort: number;
}

/** A site file for the running simulators. The world goes `speed` times faster, so what waits for the world waits less. */
export function siteFile(plan: DemoPlan, ports: DemoPorts): string {
    const inWorldMs = (ms: number, least: number): number => Math.max(least, Math.round(ms / plan.speed));
    const site = {
        version: 1,
        site: CHECKPOINT,
        checkpoint: CHECKPOINT,
        stateFolder: "state",
        controlSocket: "control.sock",
        central: { url: ports.brokerUrl },
        modules: {
            "io-1": {
                profile: "io-module/modbus/moxa-iologik-e1214",
                bus: { kind: "modbus-tcp", host: "127.0.0.1", port: ports.modbusPort },
                pollMs: 20,
            },
        },
        cameras: { "camera-1": { url: `http://127.0.0.1:${ports.cameraPort}/stream.mjpg` } },
        boards: {
            "display-1": {
                profile: "board/line-display/kordon-line-display",
                line: { kind: "tcp", host: "127.0.0.1", port: ports.displayPort },
                lane: DEMO_LANE,
                lines: 2,
                columns: 20,
                languages: ["ru"],
            },
        },
        lanes: {
            [DEMO_LANE]: {
                role: "checkpoint-entry",
                barrier: { open: "io-1:0", close: "io-1:1", pulseMs: inWorldMs(PULSE_MS, 100) },
                lamps: { red: "io-1:2", green: "io-1:3" },
                contacts: {
                    approachLoop: "io-1:0",
                    boomLoop: "io-1:1",
                    exitLoop: "io-1:2",
                    photocell1: { terminal: "io-1:3", activeWhen: "off" },
                    limitOpen: "io-1:4",
                    limitClosed: "io-1:5",
                },
                cameras: ["camera-1"],
                // What tesseract is worth on these pictures: its wrong reads stay below a half.
                policy: { confidenceMin: 0.75 },
                limits: {
                    readingAgeMsMax: 400,
                    presenceMsMin: inWorldMs(500, 100),
                    readSettleMs: 400,
                    readMsMax: 8_000,
                    travelMsMax: inWorldMs(8_000, 2_000),
                    clearHoldMsMin: inWorldMs(3_000, 600),
                    vehicleGapMsMin: inWorldMs(1_000, 150),
                    noShowMsMax: inWorldMs(60_000, 10_000),
                },
            },
        },
    };
    return write(plan, "site.yaml", site); // JSON is YAML.
}

/** World and central system are given the same day, so that lorries and bookings belong together. */
function dayOf({ seed, passages, speed, startUtcMs }: DemoPlan): object {
    return {
        seed,
        passages,
        speed,
        startUtcMs,
        checkpoint: CHECKPOINT,
        otherBookings: 500,
        gapMsMin: 8_000,
        gapMsMean: 20_000,
    };
}

function write(plan: DemoPlan, name: string, content: object): string {
    const file = join(plan.folder, name);
    writeFileSync(file, JSON.stringify(content, undefined, 4));
    return file;
}
