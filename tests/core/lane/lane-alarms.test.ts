/** Alarms: each is raised when its condition begins, cleared when it ends, and never before it is one. */
import { describe, expect, test } from "vitest";
import { booking, LaneBench, openLane, PLAN, read } from "./lane-harness.ts";

describe("a contact", () => {
    test.each(["stale", "missing"] as const)("that is %s is silent, and well again when it speaks", (level) => {
        const bench = new LaneBench().pass(2_000).set({ exitLoop: level }).pass(50);
        expect(bench.alarms).toEqual(["SENSOR_SILENT:exitLoop"]);
        bench.set({ exitLoop: false }).pass(50);
        expect(bench.alarms).toEqual([]);
        expect(bench.kinds().slice(-2)).toEqual(["alarm.raised", "alarm.cleared"]);
    });

    test("is not called silent in the first moments of a run", () => {
        const bench = new LaneBench().set({ exitLoop: "missing" }).pass(1_500);
        expect(bench.alarms).toEqual([]);
        expect(bench.pass(100).alarms).toEqual(["SENSOR_SILENT:exitLoop"]);
    });

    test("with single late polls is not silent", () => {
        const bench = new LaneBench().pass(100);
        const late = { isActive: false, ageMs: 3 * PLAN.limits.readingAgeMsMax };
        const contacts = { ...bench.image().contacts, exitLoop: late };
        bench.change = { contacts };
        expect(bench.pass(2_000).alarms).toEqual([]);
    });

    test("stuck on at the approach: an officer is asked, and told that it is long", () => {
        const bench = new LaneBench().pass(100).set({ approachLoop: true }).pass(599_000);
        expect(bench.state.mode.at).toBe("referred");
        expect(bench.alarms).toEqual([]);
        expect(bench.pass(2_000).alarms).toEqual(["OCCUPIED_LONG:approachLoop"]);
    });

    test("that may stand for ever is never long", () => {
        expect(new LaneBench().pass(700_000).alarms).toEqual([]);
    });

    test("that changes as often as traffic does is not flapping", () => {
        const bench = new LaneBench().pass(100);
        for (let change = 0; change < 30; change++) bench.set({ photocell1: change % 2 === 0 }).pass(200);
        expect(bench.alarms).not.toContain("FLAPPING:photocell1");
    });

    test("that is dirty flaps until a minute has passed in which it did not", () => {
        const bench = new LaneBench().pass(100);
        for (let change = 0; change < 32; change++) bench.set({ photocell1: change % 2 === 0 }).pass(200);
        expect(bench.alarms).toContain("FLAPPING:photocell1");
        expect(bench.orders).toEqual([]);
        expect(bench.pass(60_000).alarms).toEqual(["FLAPPING:photocell1"]);
        expect(bench.pass(60_000).alarms).toEqual([]);
    });
});

describe("a dead loop", () => {
    test("at the approach: a vehicle rolled over the loop under the boom that it never saw", () => {
        const bench = new LaneBench().pass(100).ask("hold-open").pass(50).armUp().pass(70_000);
        bench.set({ boomLoop: true }).pass(1_000).set({ boomLoop: false, exitLoop: true }).pass(500);
        expect(bench.alarms).toContain("APPROACH_LOOP_DEAD");
        bench.set({ exitLoop: false }).pass(60_000);
        expect(bench.alarms).toContain("APPROACH_LOOP_DEAD");
        expect(bench.set({ approachLoop: true }).pass(50).alarms).not.toContain("APPROACH_LOOP_DEAD");
    });

    test("at the approach is not suspected of what it has seen, however long the vehicle stood under the boom", () => {
        const bench = openLane().set({ boomLoop: true }).pass(500).set({ approachLoop: false }).pass(200_000);
        bench.set({ boomLoop: false, exitLoop: true }).pass(500);
        expect(bench.alarms).toEqual([]);
    });

    test("at the exit: a passage ended that it never noticed", () => {
        const bench = openLane().set({ boomLoop: true }).pass(500).set({ approachLoop: false }).pass(500);
        bench.set({ boomLoop: false }).pass(2_200);
        expect(bench.fact("passage.completed")?.data).toMatchObject({ isProven: false });
        expect(bench.alarms).toEqual(["CLOSE_WANTED", "EXIT_LOOP_DEAD"]);
        expect(bench.set({ exitLoop: true }).pass(50).alarms).not.toContain("EXIT_LOOP_DEAD");
    });
});

describe("the site", () => {
    test.each([
        ["CAMERA_FAILED", { isCameraWell: false }],
        ["CLOCK_NOT_TRUSTED", { isClockTrusted: false }],
        ["LIST_OLD", { list: { version: 7, hash: "", ageMs: PLAN.policy.listAgeMsMax + 1 } }],
        ["LIST_OLD", { list: { version: 7, hash: "", ageMs: Number.NaN } }],
    ])("%s", (code, change) => {
        const bench = new LaneBench().pass(100);
        bench.change = change;
        expect(bench.pass(50).alarms).toEqual([code]);
        bench.change = {};
        expect(bench.pass(50).alarms).toEqual([]);
    });

    test("a failed camera and a booked lorry: the officer is asked after the time for reading", () => {
        const bench = new LaneBench().pass(100);
        bench.change = { isCameraWell: false };
        bench.set({ approachLoop: true }).pass(6_000);
        expect(bench.fact("decision.made")?.data).toMatchObject({ outcome: "refer", reason: "NO_READ" });
        expect(bench.alarms).toEqual(["CAMERA_FAILED"]);
    });
});

test("an open boom that nobody holds is an alarm, one driven by its key is not", () => {
    const contacts = [...PLAN.contacts, "keySwitch" as const];
    const bench = new LaneBench({ ...PLAN, contacts }).set({ limitClosed: false, limitOpen: true }).pass(100);
    expect(bench.alarms).toEqual(["BOOM_LEFT_OPEN"]);
    expect(bench.set({ keySwitch: true }).pass(50).alarms).toEqual([]);
});

test("nothing that alarms rest on moves with time alone, so that a recording of a standing lane stays short", () => {
    const bench = new LaneBench().pass(100);
    bench.reads = [read("123ABC02", [booking("123ABC02")], { confidence: 0.1 })];
    bench.set({ approachLoop: true }).pass(10_000);
    const before = JSON.stringify(bench.state);
    expect(JSON.stringify(bench.pass(40_000).state)).toBe(before);
});
