/** The figures of the lane bench and what they ought to be: one JSON object, or a table with the goals beside. */

import { tableText } from "../outcome.ts";
import type { LaneBenchFindings, Measured } from "./lane-bench.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { hundredths, type Spread, spreadOf } from "./spread.ts";

/** An emergency reaches the module within this in 99 of 100 cases. */
const EMERGENCY_MS_GOAL = 80;
/** A dead or slow device makes the other lanes' p99 at most this much longer. */
const RATIO_GOAL = 1.1;

interface Answering {
    readonly emergencies: number;
    readonly tickJitterMs: Spread;
    readonly inputToOrderMs: Spread;
    readonly emergencyToCoilMs: Spread;
}

export interface LaneBenchResult extends Answering {
    readonly lanes: number;
    readonly seconds: number;
    readonly bareRoundTripMs: Spread;
    /** Of one core, by the daemon's process alone, all its threads. */
    readonly cpuShare: number;
    /** The most seen. */
    readonly rssMb: number;
    /** The lanes whose own devices are well, while that of another is dead and that of another slow. */
    readonly withDeadDevice: Answering & { readonly cpuShare: number };
    /** p99 of those lanes with the dead and the slow device, by their p99 without. */
    readonly ratioDead: { readonly emergencyToCoil: number; readonly tickJitter: number };
    /** Whose figures these are: cores, and the load over the last minute (1 = one core busy), this bench included. */
    readonly machine: Machine;
}

/** Throws `RangeError` when there is nothing to tell: too short a run. */
export function laneBenchResult(
    { lanes, seconds }: { readonly lanes: number; readonly seconds: number },
    { well, troubled, bareRoundTripMs }: LaneBenchFindings,
): LaneBenchResult {
    const withDeadDevice = { ...answering(troubled, troubled.others), cpuShare: cpuShareOf(troubled) };
    const othersWell = answering(well, well.others);
    return {
        lanes,
        seconds,
        ...answering(well, [...well.others, ...well.sometimesTroubled]),
        bareRoundTripMs: spreadOf(bareRoundTripMs),
        cpuShare: cpuShareOf(well),
        rssMb: Math.round(Math.max(...well.rssMb, ...troubled.rssMb)),
        withDeadDevice,
        ratioDead: {
            emergencyToCoil: ratioOf(withDeadDevice.emergencyToCoilMs, othersWell.emergencyToCoilMs),
            tickJitter: ratioOf(withDeadDevice.tickJitterMs, othersWell.tickJitterMs),
        },
        machine: thisMachine(),
    };
}

function answering({ tickJitterMs }: Measured, emergencies: Measured["others"]): Answering {
    return {
        emergencies: emergencies.length,
        tickJitterMs: spreadOf(tickJitterMs),
        inputToOrderMs: spreadOf(emergencies.map((each) => each.inputToOrderMs)),
        emergencyToCoilMs: spreadOf(emergencies.map((each) => each.emergencyToCoilMs)),
    };
}

function cpuShareOf({ cpuMs, wallMs }: Measured): number {
    return hundredths(cpuMs / wallMs);
}

function ratioOf(with_: Spread, without: Spread): number {
    return hundredths(with_.p99 / without.p99);
}

export function laneBenchText(result: LaneBenchResult): string {
    const { withDeadDevice, ratioDead, machine } = result;
    const row = (name: string, { p50, p99, max }: Spread, goal = ""): string[] => [
        name,
        ...[p50, p99, max].map((ms) => ms.toFixed(1)),
        goal,
    ];
    const emergencyGoal = `p99 at most ${EMERGENCY_MS_GOAL}`;
    const ratioGoal = `at most ${RATIO_GOAL.toFixed(2)}`;
    const head = ["ms", "p50", "p99", "max", "goal"];
    return [
        `${result.lanes} lanes, all devices well for ${result.seconds} s: ${result.emergencies} emergencies`,
        tableText([
            head,
            row("tick jitter", result.tickJitterMs),
            row("input to order", result.inputToOrderMs),
            row("emergency to coil", result.emergencyToCoilMs, emergencyGoal),
            row("bare round trip", result.bareRoundTripMs),
        ]),
        "",
        `a dead and a slow device for ${result.seconds} s, the other lanes: ${withDeadDevice.emergencies} emergencies`,
        tableText([
            [...head, "p99 by p99 without", "goal"],
            [...row("tick jitter", withDeadDevice.tickJitterMs), ratioDead.tickJitter.toFixed(2), ratioGoal],
            row("input to order", withDeadDevice.inputToOrderMs),
            [
                ...row("emergency to coil", withDeadDevice.emergencyToCoilMs, emergencyGoal),
                ratioDead.emergencyToCoil.toFixed(2),
                ratioGoal,
            ],
        ]),
        "",
        `the daemon took ${result.cpuShare} of a core (${withDeadDevice.cpuShare} with the dead and the slow device) and ${result.rssMb} MB`,
        `machine: ${machine.cores} cores, load ${machine.load}, Node.js ${machine.node}`,
    ].join("\n");
}
