/** Draws the incidents of a run from its seed: how many of each kind, when, where and for how long. */

import type { WireFault } from "../../simulators/wire/wire-fault.ts";
import type { ArmFault } from "../../simulators/world/arm.ts";
import type { Random } from "../../simulators/world/random.ts";
import type { SensorFault, SensorName } from "../../simulators/world/road-sensors.ts";
import type { ScaleTrick } from "../../simulators/world/weighing-platform.ts";
import { LANE_MODES } from "../../src/core/lane/lane-state.ts";
import type { StoreFaultCode } from "../../src/ports/journal.ts";
import { COMMAND_FLAWS } from "../link/simulated-central.ts";
import type { Ambush, Incident, Mishap } from "./incident.ts";

/** How often each kind of incident happens in a run, on average; kinds left out never do. */
export type IncidentRates = { readonly [kind in Mishap["kind"]]?: number };

export interface ChaosPlan {
    readonly fromMs: number;
    readonly toMs: number;
    readonly lanes: readonly string[];
    readonly rates: IncidentRates;
    readonly ambushes: number;
}

/** Most lanes never weigh: an ambush that waits for it would hold up those behind it. */
const MODES = LANE_MODES.filter((mode) => mode !== "weighing");

/** Sensor faults that hide a vehicle or show one that is not there. */
const SENSOR_FAULTS: readonly (readonly [SensorName, SensorFault])[] = [
    ["approachLoop", "stuck-on"],
    ["approachLoop", "stuck-off"],
    ["boomLoop", "stuck-on"],
    ["boomLoop", "stuck-off"],
    ["exitLoop", "stuck-on"],
    ["exitLoop", "stuck-off"],
    ["photocell", "stuck-on"],
    ["photocell", "stuck-off"],
];
const ARM_FAULTS: readonly ArmFault[] = [
    { kind: "stuck" },
    { kind: "silent" },
    { kind: "bounce", perMille: 50 },
    { kind: "bounce", perMille: 400 },
];
const DISK_FAULTS: readonly StoreFaultCode[] = ["DISK_FULL", "DISK_READ_ONLY", "DISK_FAILED", "DATABASE_BUSY"];
const CLOCK_STEPS_MS = [3_600_000, -3_600_000, 315_576_000_000, -315_576_000_000, 5_000, -1_500] as const;

/** In order of time. No two incidents of a kind overlap at one lane; at most one sensor of a lane lies at a time. */
export function drawIncidents(plan: ChaosPlan, random: Random): readonly Incident[] {
    const drawn: Incident[] = [];
    for (const [kind, rate] of Object.entries(plan.rates) as [Mishap["kind"], number][]) {
        const count = Math.floor(rate) + (random.chance(rate % 1) ? 1 : 0);
        for (let n = 0; n < count; n++) {
            const mishap = drawMishap(kind, plan, random);
            drawn.push({ atMs: random.between(plan.fromMs, plan.toMs), forMs: drawLength(kind, random), mishap });
        }
    }
    const busyUntilMs = new Map<string, number>();
    return drawn
        .toSorted((one, other) => one.atMs - other.atMs)
        .filter(({ atMs, forMs, mishap }) => {
            const place = `${mishap.kind} ${"lane" in mishap ? mishap.lane : ""}`;
            if ((busyUntilMs.get(place) ?? 0) > atMs) return false;
            busyUntilMs.set(place, atMs + forMs);
            return true;
        });
}

/** In order of time; one waits until the one before has struck. */
export function drawAmbushes({ fromMs, toMs, ambushes }: ChaosPlan, random: Random): readonly Ambush[] {
    return Array.from({ length: ambushes }, (): Ambush => {
        return {
            fromMs: random.between(fromMs, toMs),
            mode: random.pick(MODES),
            moment: random.pick(["between-ticks", "before-commit", "after-commit"]),
            afterTicks: random.int(40),
            awayMs: random.between(2_000, 12_000),
        };
    }).toSorted((one, other) => one.fromMs - other.fromMs);
}

function drawLength(kind: Mishap["kind"], random: Random): number {
    switch (kind) {
        case "stall":
            return random.between(100, 3_000);
        case "emergency":
        case "key":
            return random.between(500, 40_000);
        case "death":
            return random.between(2_000, 12_000);
        case "broker":
        case "central-away":
            return random.between(2_000, 240_000);
        case "clock":
            return random.between(5_000, 300_000);
        default:
            return random.between(200, 90_000);
    }
}

/** What people try on a platform; an offset within the scale's zero is none. */
export function drawScaleTrick(random: Random): ScaleTrick {
    switch (random.int(3)) {
        case 0:
            return { kind: "offset", kg: random.pick([-6_000, -2_000, -500, 500, 4_000]) };
        case 1:
            return { kind: "rocking", kg: random.between(200, 3_000) };
        default:
            return { kind: "second-vehicle", kg: random.between(1_000, 20_000) };
    }
}

function drawMishap(kind: Mishap["kind"], plan: ChaosPlan, random: Random): Mishap {
    const lane = random.int(plan.lanes.length);
    switch (kind) {
        case "wire":
            return { kind, lane, module: random.chance(0.75) ? "boom" : "panel", fault: wireFault(random) };
        case "relay":
            return { kind, lane, relay: random.pick(["open", "close"]), fault: random.pick(["dead", "welded"]) };
        case "sensor": {
            const [sensor, fault] = random.pick(SENSOR_FAULTS);
            return { kind, lane, sensor, fault };
        }
        case "arm":
            return { kind, lane, fault: random.pick(ARM_FAULTS) };
        case "arm-break":
        case "camera":
        case "emergency":
            return { kind, lane };
        case "scale":
            return { kind, lane, trick: drawScaleTrick(random) };
        case "disk":
            return { kind, file: random.chance(0.7) ? "journal" : "bookings", code: random.pick(DISK_FAULTS) };
        case "broker":
            return { kind, how: random.pick(["cut", "down", "forgets", "mute"]) };
        case "lost-acks":
            return { kind, count: 1 + random.int(5) };
        case "key":
            return { kind, lane, to: random.pick(["up", "down"]) };
        case "clock":
            return { kind, stepMs: random.pick(CLOCK_STEPS_MS), isKept: false };
        case "command":
            return drawCommand(plan.lanes[lane] ?? "", random);
        case "central-away":
        case "stall":
        case "death":
            return { kind };
    }
}

function drawCommand(lane: string, random: Random): Mishap {
    const fields = random.pick([
        { order: "open", lane },
        { order: "open", lane },
        { order: "close", lane },
        { order: "mode", lane, mode: "out-of-service" },
        { order: "mode", lane, mode: "in-service" },
        { order: "message", lane, text: "wait", showS: 10 },
        { order: "sync" },
    ]);
    const flaw = random.chance(0.4) ? random.pick(COMMAND_FLAWS) : undefined;
    return { kind: "command", fields, ...(flaw === undefined ? {} : { flaw }) };
}

function wireFault(random: Random): WireFault {
    return random.pick<WireFault>([
        { kind: "delay", ms: random.between(60, 240) },
        { kind: "silence" },
        { kind: "silence" },
        { kind: "lost-reply" },
        { kind: "garbage" },
        { kind: "disconnect" },
        { kind: "exception", code: 4 },
    ]);
}
