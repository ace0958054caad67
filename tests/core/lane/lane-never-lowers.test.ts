/**
 * Not sampled: every mode in many of its states, met by every combination of sensor levels, arm positions and elapsed times.
 * The oracle looks at raw readings and orders only; it calls no lane code.
 */
import { expect, test } from "vitest";
import type { LaneState } from "../../../src/core/lane/lane-state.ts";
import { step } from "../../../src/core/lane/lane-step.ts";
import { LaneBench, openLane } from "./lane-harness.ts";

const SENSORS = ["approachLoop", "boomLoop", "photocell1", "exitLoop"] as const;
const LEVELS = [false, true, "stale", "missing"] as const;
const ARMS = [
    { limitOpen: false, limitClosed: true },
    { limitOpen: true, limitClosed: false },
    { limitOpen: false, limitClosed: false },
    { limitOpen: true, limitClosed: true },
    { limitOpen: "stale", limitClosed: "stale" },
] as const;
/** Nothing, just short of and just beyond the holds, and beyond every limit. */
const ELAPSED_MS = [50, 1_950, 2_050, 70_000];
const STATES_PER_MODE = 6;

/** Benches in the middle of their stories; each tick of each gives a state. */
function stories(): readonly (() => LaneBench)[] {
    const under = (): LaneBench => openLane().set({ boomLoop: true, photocell1: true });
    return [
        () => new LaneBench(),
        () => new LaneBench().set({ limitOpen: true, limitClosed: false }),
        () => openLane(),
        () => openLane().pass(20_000),
        () => under(),
        () => under().pass(500).set({ approachLoop: false, exitLoop: true, boomLoop: false, photocell1: false }),
        () =>
            under()
                .pass(500)
                .set({ boomLoop: false, photocell1: false, exitLoop: true })
                .pass(200)
                .set({ exitLoop: false })
                .pass(2_000),
        () => new LaneBench().pass(100).set({ approachLoop: true }).pass(5_200),
        () => new LaneBench().pass(100).set({ approachLoop: true }).pass(5_200).ask("refuse"),
        () => new LaneBench().pass(100).ask("hold-open").pass(50).armUp(),
        () => new LaneBench().pass(100).ask("open"),
        () => new LaneBench().pass(100).ask("out-of-service"),
        () => new LaneBench().pass(100).set({ emergency: true }).pass(50).armUp(),
        () => new LaneBench().pass(100).set({ limitOpen: true }).pass(400),
        () => new LaneBench().pass(100).set({ limitClosed: false }).pass(400),
    ];
}

function reachedStates(): ReadonlyMap<string, readonly { readonly state: LaneState; readonly nowMs: number }[]> {
    const byMode = new Map<string, { state: LaneState; nowMs: number }[]>();
    for (const story of stories()) {
        const bench = story();
        for (let tick = 0; tick < 60; tick++) {
            const { state, nowMs } = bench;
            const known = byMode.get(state.mode.at) ?? [];
            if (known.length < STATES_PER_MODE) byMode.set(state.mode.at, [...known, { state, nowMs }]);
            bench.tick();
        }
    }
    return byMode;
}

test("the boom is lowered only when every clear-sensor is fresh and clear, and never against an emergency", {
    timeout: 120_000,
}, () => {
    const states = reachedStates();
    let steps = 0;
    let lowered = 0;
    const broken: string[] = [];
    for (const [mode, reached] of states) {
        for (const { state, nowMs } of reached) {
            forEveryImage((levels, elapsedMs) => {
                const bench = new LaneBench(undefined, state).set(levels);
                bench.nowMs = nowMs + elapsedMs;
                const orders = step(state, bench.image(), bench.plan).orders.map(({ order }) => order);
                steps += 1;
                const isClear = levels.boomLoop === false && levels.photocell1 === false && levels.exitLoop === false;
                const what = `${mode} ${JSON.stringify(levels)} after ${elapsedMs} ms: ${orders.join()}`;
                if (orders.includes("lower")) lowered += 1;
                if (orders.includes("lower") && (!isClear || levels.emergency)) broken.push(what);
                if (levels.emergency && mode !== "emergency-open" && !orders.includes("raise")) broken.push(what);
                if (orders.length > 1 || (mode === "starting" && orders.length > 0 && !levels.emergency))
                    broken.push(what);
            });
        }
    }
    console.log(`${states.size} modes, ${steps} steps, ${lowered} with LOWER`);
    expect(broken.slice(0, 5)).toEqual([]);
    expect(lowered).toBeGreaterThan(0); // Guards against an oracle that never fires.
    expect([...states.keys()]).toEqual(
        expect.arrayContaining([
            "closing",
            "emergency-open",
            "fault",
            "idle",
            "manual",
            "open-waiting",
            "opening",
            "passing",
            "referred",
            "refused",
            "starting",
        ]),
    );
});

type Levels = Parameters<LaneBench["set"]>[0];

function forEveryImage(visit: (levels: Levels, elapsedMs: number) => void): void {
    for (let index = 0; index < LEVELS.length ** SENSORS.length; index++) {
        const sensors = Object.fromEntries(
            SENSORS.map((name, place) => [name, LEVELS[Math.floor(index / LEVELS.length ** place) % LEVELS.length]]),
        );
        for (const arm of ARMS) {
            for (const emergency of [false, true]) {
                for (const elapsedMs of ELAPSED_MS) visit({ ...sensors, ...arm, emergency }, elapsedMs);
            }
        }
    }
}
