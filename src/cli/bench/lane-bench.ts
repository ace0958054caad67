/**
 * Measures how soon a site of several lanes answers, and whether a dead and a slow device make the others slower. Both
 * conditions alternate in short stretches, so that whatever else the machine does falls on both alike.
 */
import type { Clock } from "../../ports/clock.ts";
import { ModbusBus } from "../../transport/modbus-bus.ts";
import { modbusTcp } from "../../transport/modbus-wire.ts";
import { inBenchFolder } from "./bench-folder.ts";
import type { Emergency, LaneDrill } from "./lane-drill.ts";
import { LaneRig, TROUBLED_LANES } from "./lane-rig.ts";

export interface LaneBenchPlan {
    /** More than `TROUBLED_LANES`. */
    readonly lanes: number;
    /** Of each condition. */
    readonly seconds: number;
    readonly clock: Clock;
}

/** What was seen in all stretches of one condition. */
export interface Measured {
    /** Of the lanes whose devices are well all the time. */
    readonly others: Emergency[];
    /** Of the lanes whose devices are troubled at other times. */
    readonly sometimesTroubled: Emergency[];
    readonly tickJitterMs: number[];
    readonly rssMb: number[];
    wallMs: number;
    cpuMs: number;
}

export interface LaneBenchFindings {
    readonly well: Measured;
    readonly troubled: Measured;
    readonly bareRoundTripMs: readonly number[];
}

const STRETCH_MS_MAX = 5_000;
/** Unmeasured presses: after a start every barrier waits as if it had been pulsed just before, and code is compiled. */
const WARM_UP_MS = 2_000;
/** Of the moments at which the buttons are pressed. */
const SEED = 7;
const BARE_PAUSE_MS = 50;
const BARE_INPUTS = 6;

/** Leaves no process behind. Rejects with `CommandFailure`, or with the signal's reason. */
export async function runLaneBench(plan: LaneBenchPlan, signal: AbortSignal): Promise<LaneBenchFindings> {
    return await inBenchFolder(signal, async (folder) => {
        const rig = new LaneRig(plan.lanes, folder, plan.clock);
        // All that is waited for fails as soon as the processes are gone.
        const end = (): void => void rig.close();
        signal.addEventListener("abort", end, { once: true });
        try {
            await rig.start();
            return await measure(plan, rig);
        } finally {
            signal.removeEventListener("abort", end);
            await rig.close();
        }
    });
}

async function measure({ lanes, seconds, clock }: LaneBenchPlan, rig: LaneRig): Promise<LaneBenchFindings> {
    const drills = Array.from({ length: lanes }, (_, index) => rig.drill(index, seededRandom(SEED + index)));
    const others = drills.slice(0, -TROUBLED_LANES);
    const sometimesTroubled = drills.slice(-TROUBLED_LANES);
    const stretches = Math.ceil((seconds * 1_000) / STRETCH_MS_MAX);
    const stretchMs = (seconds * 1_000) / stretches;
    const [well, troubled] = [nothingYet(), nothingYet()];
    const bareRoundTripMs: number[] = [];
    await runAll(drills, clock.monotonicMs() + WARM_UP_MS);
    for (let stretch = 0; stretch < stretches; stretch++) {
        await rig.report();
        const endMs = clock.monotonicMs() + stretchMs;
        const [atOthers, atTroubled, bareMs] = await Promise.all([
            runAll(others, endMs),
            runAll(sometimesTroubled, endMs),
            bareRoundTrips(rig.barePort, endMs, clock),
        ]);
        well.others.push(...atOthers);
        well.sometimesTroubled.push(...atTroubled);
        bareRoundTripMs.push(...bareMs);
        await noteReport(well, rig);

        rig.trouble(true);
        troubled.others.push(...(await runAll(others, clock.monotonicMs() + stretchMs)));
        await noteReport(troubled, rig);
        rig.trouble(false);
        await rig.atRest();
    }
    return { well, troubled, bareRoundTripMs };
}

function nothingYet(): Measured {
    return { others: [], sometimesTroubled: [], tickJitterMs: [], rssMb: [], wallMs: 0, cpuMs: 0 };
}

async function runAll(drills: readonly LaneDrill[], untilMs: number): Promise<readonly Emergency[]> {
    return (await Promise.all(drills.map((drill) => drill.run(untilMs)))).flat();
}

async function noteReport(measured: Measured, rig: LaneRig): Promise<void> {
    const { tickJitterMs, rssMb, wallMs, cpuMs } = await rig.report();
    measured.tickJitterMs.push(...tickJitterMs);
    measured.rssMb.push(rssMb);
    measured.wallMs += wallMs;
    measured.cpuMs += cpuMs;
}

/** What one question to a module takes when only this machine is in the way: our bus, in a process that waits for it alone. */
async function bareRoundTrips(port: number, untilMs: number, clock: Clock): Promise<readonly number[]> {
    const bus = new ModbusBus({ id: "bare", open: modbusTcp({ host: "127.0.0.1", port }, clock), clock });
    const unit = bus.unit(1);
    const tookMs: number[] = [];
    try {
        await unit.readInputs(0, BARE_INPUTS); // opens the connection
        while (clock.monotonicMs() < untilMs) {
            const askedMs = clock.monotonicMs();
            await unit.readInputs(0, BARE_INPUTS);
            tookMs.push(clock.monotonicMs() - askedMs);
            await clock.sleep(BARE_PAUSE_MS);
        }
    } finally {
        await bus.close();
    }
    return tookMs;
}

/** Mulberry32: the same seed presses at the same moments of a stretch. */
function seededRandom(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
    };
}
