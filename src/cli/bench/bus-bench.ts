/** The work of `kordon bench bus`: real buses of the transport against simulated modules in other processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { ModbusUnit } from "../../ports/modbus-unit.ts";
import { ModbusBus } from "../../transport/modbus-bus.ts";
import { modbusRtu, modbusRtuGapMs, modbusTcp } from "../../transport/modbus-wire.ts";
import { CommandFailure, EXIT } from "../outcome.ts";
import { inBenchFolder } from "./bench-folder.ts";
import { BenchProcess } from "./bench-process.ts";
import { FromDevices } from "./lane-bench-messages.ts";
import { hundredths, type Spread, spreadOf } from "./spread.ts";

export interface BusBenchPlan {
    readonly units: number;
    readonly dead: number;
    readonly baud: number;
    readonly tcp: number;
    readonly seconds: number;
}

interface LinePart {
    /** From one answer of a live unit to its next. */
    readonly periodMs: Spread;
    readonly meanMs: number;
    readonly readsPerS: number;
    readonly timeoutsPerS: number;
}

interface TcpPart {
    readonly readsPerS: number;
    /** Of one core, by this process alone. */
    readonly cpuShare: number;
}

export interface BusBenchResult {
    readonly line: {
        readonly units: number;
        readonly dead: number;
        readonly baudRate: number;
        readonly timeoutMs: number;
        readonly noneDead: LinePart;
        /** The first seconds after some of them fell silent, in which that is found out. */
        readonly findingOut: LinePart;
        readonly someDead: LinePart;
        /** Mean period of the live units with dead ones among them, by that without. */
        readonly ratio: number;
    };
    readonly tcp: { readonly modules: number; readonly steady: TcpPart; readonly flatOut: TcpPart };
    readonly machine: { readonly cores: number; readonly load: number; readonly node: string };
}

const FromLine = z.strictObject({ is: z.enum(["ready", "dead"]) });
/** A site's usual time limit and pause, see the site file's reference. */
const TIMEOUT_MS = 250;
const POLL_MS = 50;
const INPUTS = 6;
/** By then a unit that fell silent is left alone for as long as there is: 250 ms, doubled five times, with the time-outs between. */
const FINDING_OUT_S_MAX = 10;
const PULSE_MS = 700;
const US_PER_MS = 1_000;

/** Rejects with `CommandFailure`. */
export async function runBusBench(plan: BusBenchPlan, clock: Clock, signal: AbortSignal): Promise<BusBenchResult> {
    if (plan.dead >= plan.units) throw new CommandFailure(EXIT.usage, "--dead must leave units that live");
    return await inBenchFolder(signal, async (folder) => ({
        line: await benchLine(plan, folder, clock, signal),
        tcp: await benchTcp(plan, folder, clock, signal),
        machine: { cores: availableParallelism(), load: hundredths(loadavg()[0] ?? 0), node: process.version },
    }));
}

async function benchLine(
    plan: BusBenchPlan,
    folder: string,
    clock: Clock,
    signal: AbortSignal,
): Promise<BusBenchResult["line"]> {
    const { units, dead, baud, seconds } = plan;
    const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
    const pair = await openPair(ours, theirs, clock);
    const devices = new BenchProcess({
        name: "line",
        module: new URL("../../../simulators/bench/line/main.ts", import.meta.url),
        args: ["--path", theirs, "--baud", String(baud), "--units", String(units)],
        messages: FromLine,
        folder,
        clock,
    });
    const wire = { path: ours, baudRate: baud, parity: "none", stopBits: 1 } as const;
    const open = modbusRtu(wire);
    const bus = new ModbusBus({ id: "line", open, clock, timeoutMs: TIMEOUT_MS, gapMs: modbusRtuGapMs(baud) });
    try {
        await devices.said.next(({ is }) => (is === "ready" ? true : undefined), "the units");
        const all = Array.from({ length: units }, (_, index) => index + 1);
        const noneDead = await pollLine(bus, all, all, { seconds, clock, signal });
        const done = devices.said.next(({ is }) => (is === "dead" ? true : undefined), "the units' death");
        devices.tell({ do: "dead", units: all.slice(-dead) });
        await done;
        const live = all.slice(0, -dead);
        const findingOut = await pollLine(bus, all, live, {
            seconds: Math.min(seconds, FINDING_OUT_S_MAX),
            clock,
            signal,
        });
        const someDead = await pollLine(bus, all, live, { seconds, clock, signal });
        const ratio = hundredths(someDead.meanMs / noneDead.meanMs);
        return { units, dead, baudRate: baud, timeoutMs: TIMEOUT_MS, noneDead, findingOut, someDead, ratio };
    } finally {
        await bus.close();
        await devices.end();
        pair.kill();
        if (pair.exitCode === null) await once(pair, "exit");
    }
}

interface Span {
    readonly seconds: number;
    readonly clock: Clock;
    readonly signal: AbortSignal;
}

async function pollLine(
    bus: ModbusBus,
    all: readonly number[],
    live: readonly number[],
    span: Span,
): Promise<LinePart> {
    const timeouts = (): number => bus.statistics().reduce((sum, unit) => sum + unit.timeouts, 0);
    const before = timeouts();
    const answers = await pollFor(
        span,
        POLL_MS,
        all.map((unit) => bus.unit(unit)),
    );
    const periods = answers
        .filter((_, index) => live.includes(all[index] ?? 0))
        .flatMap((atMs) => atMs.slice(1).map((each, index) => each - (atMs[index] ?? each)));
    const meanMs = periods.reduce((sum, each) => sum + each, 0) / Math.max(1, periods.length);
    return {
        periodMs: spreadOf(periods),
        meanMs: Math.round(meanMs),
        readsPerS: Math.round(answers.flat().length / span.seconds),
        timeoutsPerS: hundredths((timeouts() - before) / span.seconds),
    };
}

async function benchTcp(
    plan: BusBenchPlan,
    folder: string,
    clock: Clock,
    signal: AbortSignal,
): Promise<BusBenchResult["tcp"]> {
    const { tcp, seconds } = plan;
    const devices = new BenchProcess({
        name: "modules",
        module: new URL("../../../simulators/bench/main.ts", import.meta.url),
        args: ["--modules", String(tcp), "--pulse", String(PULSE_MS)],
        messages: FromDevices,
        folder,
        clock,
    });
    const buses: ModbusBus[] = [];
    try {
        const ports = await devices.said.next((said) => (said.is === "ready" ? said.ports : undefined), "the modules");
        for (const port of ports) {
            const open = modbusTcp({ host: "127.0.0.1", port }, clock);
            buses.push(new ModbusBus({ id: `tcp ${port}`, open, clock, timeoutMs: TIMEOUT_MS }));
        }
        const units = buses.map((bus) => bus.unit(1));
        const measured = async (pollMs: number): Promise<TcpPart> => {
            const before = process.cpuUsage();
            const answers = await pollFor({ seconds, clock, signal }, pollMs, units);
            const { user, system } = process.cpuUsage(before);
            const cpuShare = hundredths((user + system) / US_PER_MS / (seconds * 1_000));
            return { readsPerS: Math.round(answers.flat().length / seconds), cpuShare };
        };
        return { modules: tcp, steady: await measured(POLL_MS), flatOut: await measured(0) };
    } finally {
        await Promise.all(buses.map((bus) => bus.close()));
        await devices.end();
    }
}

/** Reads every unit's inputs again and again; when each of the answers came. Failures are left to the bus to count. */
async function pollFor(
    { seconds, clock, signal }: Span,
    pollMs: number,
    units: readonly ModbusUnit[],
): Promise<readonly number[][]> {
    const endMs = clock.monotonicMs() + seconds * 1_000;
    const answers = units.map((): number[] => []);
    await Promise.all(
        units.map(async (unit, index) => {
            while (clock.monotonicMs() < endMs && !signal.aborted) {
                const startedMs = clock.monotonicMs();
                const isAnswered = await unit.readInputs(0, INPUTS).then(
                    () => true,
                    () => false,
                );
                const nowMs = clock.monotonicMs();
                if (isAnswered) answers[index]?.push(nowMs);
                const restMs = startedMs + (isAnswered ? pollMs : POLL_MS) - nowMs;
                if (restMs > 0) await clock.sleep(restMs, signal).catch(() => undefined);
            }
        }),
    );
    signal.throwIfAborted();
    return answers;
}

/** Two pseudo terminals joined by a null modem. */
async function openPair(ours: string, theirs: string, clock: Clock): Promise<ChildProcess> {
    const pair = spawn("socat", [`pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`], { stdio: "ignore" });
    let failure: string | undefined;
    pair.once("error", () => {
        failure = "socat is missing, it makes the serial line: apt-get install socat";
    });
    pair.once("exit", () => {
        failure ??= "socat has ended";
    });
    while (failure === undefined && !(existsSync(ours) && existsSync(theirs))) await clock.sleep(20);
    if (failure !== undefined) throw new CommandFailure(EXIT.failed, failure);
    return pair;
}
