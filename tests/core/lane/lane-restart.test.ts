/** What a loss of all readings, and a restart of the daemon, do to a lane in every mode: they move nothing. */
import { describe, expect, test } from "vitest";
import type { ContactName } from "../../../src/core/lane/contacts.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import { type LaneMode, startingState } from "../../../src/core/lane/lane-state.ts";
import { booking, LaneBench, openLane, PLAN, read } from "./lane-harness.ts";

const SCALE: LanePlan = { ...PLAN, hasScale: true };
const GOOD = [read("123ABC02", [booking("123ABC02")])];

const standing = (plan: LanePlan = PLAN): LaneBench => new LaneBench(plan).pass(100).set({ approachLoop: true });
const admitted = (plan?: LanePlan): LaneBench => {
    const bench = standing(plan);
    bench.reads = GOOD;
    return bench;
};
const locked = (): LaneBench => {
    const bench = admitted({ ...PLAN, interlockedWith: "lane-2" });
    bench.change = { isInterlockFree: false };
    return bench.pass(1_000);
};

/** A lane in each mode that lasts longer than a tick. */
const LANES: readonly (readonly [string, LaneMode["at"], () => LaneBench])[] = [
    ["idle", "idle", () => new LaneBench().pass(100)],
    ["arriving", "arriving", () => standing().pass(1_000)],
    ["weighing", "weighing", () => admitted(SCALE).pass(1_000)],
    ["referred", "referred", () => standing().pass(6_000)],
    ["refused", "refused", () => standing().pass(6_000).ask("refuse").pass(50)],
    ["opening, waiting for the other boom", "opening", locked],
    ["opening", "opening", () => admitted().pass(800).set({ limitClosed: false })],
    ["open-waiting", "open-waiting", () => openLane()],
    ["passing", "passing", () => openLane().set({ boomLoop: true }).pass(500)],
    ["closing", "closing", () => openLane().pass(20_000).set({ limitOpen: false })],
    ["fault", "fault", () => new LaneBench().pass(100).set({ limitOpen: true }).pass(500)],
    ["emergency-open", "emergency-open", () => new LaneBench().pass(100).set({ emergency: true }).pass(50).armUp()],
    ["manual", "manual", () => new LaneBench().set({ limitClosed: false, limitOpen: true }).pass(100)],
    ["out-of-service", "out-of-service", () => new LaneBench().pass(100).ask("out-of-service").pass(50)],
];

describe.each(LANES)("a lane that is %s", (_name, at, make) => {
    const STALE = Object.fromEntries(PLAN.contacts.map((name) => [name, "stale"])) as {
        [name in ContactName]: "stale";
    };

    test("and loses its bus lowers nothing, raises nobody, and says what is silent", () => {
        const bench = make();
        expect(bench.state.mode.at).toBe(at);
        bench.change = { ...bench.change, isCameraWell: false, reads: [] };
        const before = bench.orders.length;
        bench.set(STALE).pass(600_000);
        const isEmergency = at === "emergency-open";
        expect(bench.orders.slice(before)).not.toContain("lower");
        if (!isEmergency) expect(bench.orders.slice(before)).toEqual([]);
        expect(bench.alarms).toEqual(expect.arrayContaining(["CAMERA_FAILED", "SENSOR_SILENT:boomLoop"]));
        expect(["idle", "referred", "deciding", at]).toContain(bench.state.mode.at);
    });

    test.each(["p-old", undefined])(
        "and restarts (open passage: %s) is taken up from what is seen, and moves nothing",
        (old) => {
            const before = make();
            const bench = new LaneBench(before.plan, startingState(old)).set(before.levels);
            bench.nowMs = before.nowMs;
            const isPressed = before.levels.emergency === true;
            bench.pass(1_000);
            expect(bench.orders).toEqual(isPressed ? ["raise"] : []);
            if (isPressed) return;
            const isDown = before.levels.limitClosed === true && before.levels.limitOpen !== true;
            const expected: readonly LaneMode["at"][] = isDown ? ["idle", "arriving"] : ["manual", "passing", "fault"];
            expect(expected).toContain(bench.state.mode.at);
            if (old !== undefined && isDown)
                expect(bench.fact("passage.interrupted")).toMatchObject({ passage: old, data: { why: "restart" } });
        },
    );
});

test("starting moves nothing, whatever it finds", () => {
    for (const limits of [{ limitClosed: true }, { limitClosed: false, limitOpen: true }, { limitClosed: false }]) {
        expect(new LaneBench().set(limits).pass(120_000).orders).toEqual([]);
    }
});

test("starting waits for its switches, and says which one it waits for", () => {
    const bench = new LaneBench().set({ limitClosed: "missing" }).pass(5_000);
    expect(bench.state.mode.at).toBe("starting");
    expect(bench.facts).toEqual([
        { kind: "alarm.raised", lane: "lane-1", data: { code: "SENSOR_SILENT:limitClosed" } },
    ]);
    bench.set({ limitClosed: true }).pass(50);
    expect(bench.state.mode.at).toBe("idle");
});

test("a dead photocell does not keep a lane from starting: vehicles are let in, the boom stays up", () => {
    const bench = new LaneBench().set({ photocell1: "missing" }).pass(100);
    bench.reads = GOOD;
    bench.set({ approachLoop: true }).pass(800).armUp();
    bench.set({ boomLoop: true }).pass(500).set({ approachLoop: false, exitLoop: true }).pass(500);
    bench.set({ boomLoop: false }).pass(500).set({ exitLoop: false }).pass(60_000);
    expect(bench.orders).toEqual(["raise"]);
    expect(bench.alarms).toContain("SENSOR_SILENT:photocell1");
});

test("a passage left open by the last run goes on under its own id when the boom is still up", () => {
    const bench = new LaneBench(PLAN, startingState("p-old"))
        .set({ limitClosed: false, limitOpen: true, boomLoop: true })
        .pass(500);
    bench.set({ exitLoop: true }).pass(200).set({ boomLoop: false }).pass(200).set({ exitLoop: false }).pass(2_100);
    expect(bench.fact("passage.completed")?.passage).toBe("p-old");
    expect(bench.orders).toEqual(["lower"]);
});
