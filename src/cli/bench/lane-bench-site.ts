/** The site that the lane bench drives: one I/O module of six contacts and six relays per lane, emergency line included. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Terminals of every module. */
export const INPUT = {
    approachLoop: 0,
    boomLoop: 1,
    photocell1: 2,
    limitOpen: 3,
    limitClosed: 4,
    emergency: 5,
} as const;
const OUTPUT = { open: 0, close: 1, red: 2, green: 3 } as const;
/** The coil that starts a pulse on OPEN; 16 onwards in the profile used here. */
export const OPEN_COIL = 16;
/** The shortest that a site may have: a pulse under way is not what is measured. */
export const PULSE_MS = 100;

/** The inputs of a lane at rest: nobody there, boom down, emergency line closed. The photocell's contact is energised when clear. */
export const AT_REST: readonly (readonly [input: number, isOn: boolean])[] = [
    [INPUT.photocell1, true],
    [INPUT.limitClosed, true],
];

export function laneId(index: number): string {
    return `lane-${index + 1}`;
}

export const BENCH_SITE = "bench";
/** Nobody listens there: a box that is offline. */
const NOWHERE = "mqtt://127.0.0.1:9";

/** Writes `site.yaml` and returns its name. */
export function writeLaneSite(folder: string, ports: readonly number[], central = NOWHERE): string {
    const site = {
        version: 1,
        site: BENCH_SITE,
        checkpoint: "bench",
        stateFolder: "state",
        controlSocket: "control.sock",
        central: { url: central },
        modules: Object.fromEntries(ports.map((port, index) => [moduleId(index), moduleAt(port)])),
        cameras: { "camera-1": { url: "http://127.0.0.1:9/" } },
        lanes: Object.fromEntries(ports.map((_, index) => [laneId(index), laneOn(moduleId(index))])),
    };
    const file = join(folder, "site.yaml");
    writeFileSync(file, JSON.stringify(site, undefined, 4)); // JSON is YAML.
    return file;
}

function moduleId(index: number): string {
    return `io-${index + 1}`;
}

function moduleAt(port: number): object {
    return { profile: "io-module/modbus/moxa-iologik-e1214", bus: { kind: "modbus-tcp", host: "127.0.0.1", port } };
}

function laneOn(module: string): object {
    const at = (terminal: number): string => `${module}:${terminal}`;
    return {
        role: "checkpoint-entry",
        barrier: { open: at(OUTPUT.open), close: at(OUTPUT.close), pulseMs: PULSE_MS },
        lamps: { red: at(OUTPUT.red), green: at(OUTPUT.green) },
        contacts: {
            approachLoop: at(INPUT.approachLoop),
            boomLoop: at(INPUT.boomLoop),
            photocell1: { terminal: at(INPUT.photocell1), activeWhen: "off" },
            limitOpen: at(INPUT.limitOpen),
            limitClosed: at(INPUT.limitClosed),
            emergency: at(INPUT.emergency),
        },
        cameras: ["camera-1"],
        closing: "officer",
    };
}
