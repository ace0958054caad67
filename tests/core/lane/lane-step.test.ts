/** The lane's stories, one by one: what happens at the boom, what is ordered, and what is written down. */
import { describe, expect, test } from "vitest";
import { startingState } from "../../../src/core/lane/lane-state.ts";
import { booking, LaneBench, openLane, PLAN, read } from "./lane-harness.ts";

describe("a booked lorry", () => {
    test("is let in, passes, and the boom comes down once everything is clear", () => {
        const bench = openLane();
        expect(bench.state.mode.at).toBe("open-waiting");
        expect(bench.last?.light).toBe("green");
        bench.set({ boomLoop: true, photocell1: true }).pass(500);
        bench.set({ approachLoop: false, exitLoop: true }).pass(500);
        bench.set({ boomLoop: false, photocell1: false }).pass(500).set({ exitLoop: false }).pass(1_900);
        expect(bench.orders).toEqual(["raise"]);
        bench.pass(200);
        expect(bench.orders).toEqual(["raise", "lower"]);
        bench.armDown();
        expect(bench.state.mode.at).toBe("idle");
        expect(bench.kinds()).toEqual([
            "lane.started",
            "vehicle.arrived",
            "vehicle.recognised",
            "decision.made",
            "boom.commanded",
            "boom.opened",
            "passage.begun",
            "passage.completed",
            "boom.commanded",
            "boom.closed",
        ]);
        expect(bench.fact("passage.completed")?.data).toMatchObject({
            means: "entered",
            bookingId: "b-123ABC02",
            isProven: true,
        });
        expect(bench.fact("passage.completed")?.passage).toBe(bench.fact("vehicle.arrived")?.passage);
    });

    test("with a high bed that drops out of every sensor for a moment keeps the boom up", () => {
        const bench = openLane().set({ boomLoop: true, photocell1: true }).pass(500);
        bench.set({ approachLoop: false, exitLoop: true, boomLoop: false, photocell1: false }).pass(3_000);
        bench.set({ exitLoop: false }).pass(500).set({ boomLoop: true, photocell1: true }).pass(1_000);
        bench.set({ boomLoop: false, photocell1: false, exitLoop: true }).pass(1_000);
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.kinds()).not.toContain("passage.tailgated");
    });

    test("that does not come is a no-show; the boom comes down on a clear lane", () => {
        const bench = openLane().pass(20_000);
        expect(bench.orders).toEqual(["raise", "lower"]);
        expect(bench.kinds()).toContain("passage.no-show");
    });

    test("that backs out before the boom has left", () => {
        const bench = openLane().set({ approachLoop: false }).pass(2_200);
        expect(bench.orders).toEqual(["raise", "lower"]);
        expect(bench.kinds()).toContain("vehicle.left");
    });

    test("that backs out leaves no opening behind for the next one", () => {
        const bench = openLane().set({ approachLoop: false }).pass(300);
        expect(bench.last?.light).toBe("red");
        expect(bench.kinds()).toContain("vehicle.left");
        bench.set({ approachLoop: true }).pass(100).set({ boomLoop: true }).pass(100);
        expect(bench.fact("passage.tailgated")?.data).toEqual({ under: "withdrawn opening" });
        expect(bench.fact("passage.begun")?.passage).not.toBe(bench.fact("vehicle.arrived")?.passage);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("that backs out from under the boom has not entered", () => {
        const bench = openLane().set({ boomLoop: true, photocell1: true }).pass(500);
        bench.set({ boomLoop: false, photocell1: false }).pass(500).set({ approachLoop: false }).pass(2_200);
        expect(bench.kinds()).toContain("passage.backed-out");
        expect(bench.kinds()).not.toContain("passage.completed");
        expect(bench.orders).toEqual(["raise", "lower"]);
    });

    test("that stays under the boom for an hour keeps it up for an hour", () => {
        const bench = openLane().set({ boomLoop: true }).pass(3_600_000);
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.state.mode.at).toBe("passing");
    });

    test("followed closely by another is tailgated, and the boom is not dropped on the second", () => {
        const bench = openLane().set({ boomLoop: true, photocell1: true }).pass(500);
        bench.set({ exitLoop: true }).pass(300).set({ boomLoop: false, photocell1: false }).pass(300);
        bench.set({ exitLoop: false }).pass(1_500).set({ boomLoop: true, photocell1: true }).pass(3_000);
        expect(bench.kinds()).toContain("passage.tailgated");
        expect(bench.orders).toEqual(["raise"]);
    });
});

describe("a lorry that is not let in", () => {
    test("unbooked and plainly read: refused after a full look, until it has left", () => {
        const bench = new LaneBench().pass(100);
        bench.reads = [read("777ZZZ01", [])];
        bench.set({ approachLoop: true }).pass(4_000);
        expect(bench.state.mode.at).toBe("arriving");
        bench.pass(2_000);
        expect(bench.state.mode.at).toBe("refused");
        expect(bench.fact("vehicle.refused")?.data).toMatchObject({ reason: "NOT_LISTED" });
        bench.set({ approachLoop: false }).pass(400);
        expect(bench.state.mode.at).toBe("idle");
        expect(bench.orders).toEqual([]);
    });

    test("a near match is put before the officer with its candidates, and never opens by itself", () => {
        const bench = new LaneBench().pass(100);
        bench.reads = [read("123ABC03", [], { near: [booking("123ABC02")] })];
        bench.set({ approachLoop: true }).pass(60_000);
        expect(bench.state.mode.at).toBe("referred");
        expect(bench.fact("decision.made")?.data).toMatchObject({
            outcome: "refer",
            reason: "NEAR_MATCH",
            candidates: ["b-123ABC02"],
        });
        expect(bench.orders).toEqual([]);
        bench.ask("accept", { bookingId: "b-123ABC02" }).pass(100);
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.fact("officer.ordered")?.data).toMatchObject({
            by: "A. Officer",
            why: "seen by eye",
            bookingId: "b-123ABC02",
        });
    });

    test("without a read goes to the officer; a silent loop does not mean it left", () => {
        const bench = new LaneBench().pass(100).set({ approachLoop: true }).pass(6_000);
        expect(bench.state.mode.at).toBe("referred");
        bench.set({ approachLoop: "stale" }).pass(60_000);
        expect(bench.state.mode.at).toBe("referred");
        expect(bench.kinds()).toContain("alarm.raised");
    });

    test("a plate last seen before the vehicle came is somebody else's", () => {
        const bench = new LaneBench().pass(100);
        bench.reads = [read("123ABC02", [booking("123ABC02")], { lastSeenMs: bench.nowMs })];
        bench.set({ approachLoop: true }).pass(6_000);
        expect(bench.state.mode.at).toBe("referred");
        expect(bench.fact("decision.made")?.data).toMatchObject({ reason: "NO_READ" });
    });
});

describe("devices that fail", () => {
    test.each(["stale", "missing"] as const)("a %s photocell keeps the boom up", (level) => {
        const bench = openLane()
            .set({ boomLoop: true })
            .pass(500)
            .set({ approachLoop: false, exitLoop: true })
            .pass(500);
        bench.set({ boomLoop: false, exitLoop: false, photocell1: level }).pass(120_000);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("something under a closing boom raises it again; silence orders nothing", () => {
        const bench = openLane().pass(20_000).set({ limitOpen: false, boomLoop: "stale" }).pass(1_000);
        expect(bench.orders).toEqual(["raise", "lower"]);
        bench.set({ boomLoop: true }).pass(50);
        expect(bench.orders).toEqual(["raise", "lower", "raise"]);
    });

    test("an order accepted but not applied is given three times, then it is a fault until a named officer resets it", () => {
        const bench = new LaneBench().pass(100);
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        bench.set({ approachLoop: true }).pass(800);
        for (let number = 1; number <= 3; number++) {
            bench.change = { echo: { order: "raise", number, status: "failed" } };
            bench.pass(1_100);
        }
        expect(bench.orders).toEqual(["raise", "raise", "raise"]);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "ORDER_NOT_APPLIED" });
        bench.ask("reset", { reason: "  " }).pass(50);
        expect(bench.state.mode.at).toBe("fault");
        bench.ask("reset").pass(50);
        expect(bench.state.mode.at).not.toBe("fault");
        expect(bench.fact("lane.reset")?.data).toMatchObject({ by: "A. Officer" });
    });

    test("a boom that never reaches its upper switch is a fault", () => {
        const bench = new LaneBench().pass(100);
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        bench.set({ approachLoop: true }).pass(800).set({ limitClosed: false }).pass(6_100);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "BOOM_NOT_OPEN" });
    });

    test("both limit switches at once are a fault, a short bounce is not", () => {
        const bench = new LaneBench().pass(100).set({ limitOpen: true }).pass(200).set({ limitOpen: false }).pass(200);
        expect(bench.state.mode.at).toBe("idle");
        bench.set({ limitOpen: true }).pass(400);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "LIMITS_CONTRADICT" });
    });

    test("a boom moved by somebody else is recorded as not ours", () => {
        const bench = new LaneBench().pass(100).set({ limitClosed: false }).pass(1_000);
        expect(bench.kinds()).toContain("boom.moved-unasked");
        expect(bench.orders).toEqual([]);
        bench.set({ limitClosed: true }).pass(100);
        expect(bench.state.mode.at).toBe("idle");
    });
});

describe("emergency", () => {
    test("raises in one tick from anywhere, even with the other boom of the lock up, and needs a named reset", () => {
        const bench = new LaneBench().pass(100);
        bench.change = { isInterlockFree: false };
        bench.set({ emergency: true }).tick();
        expect(bench.orders).toEqual(["raise"]);
        bench.armUp().set({ emergency: false }).pass(600_000);
        expect(bench.state.mode.at).toBe("emergency-open");
        bench.ask("reset").pass(50);
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "found-open" });
        expect(bench.kinds()).toEqual(expect.arrayContaining(["emergency.raised", "emergency.reset"]));
    });

    test("cannot be reset while it is pressed", () => {
        const bench = new LaneBench().pass(100).set({ emergency: true }).pass(100).ask("reset").pass(50);
        expect(bench.state.mode.at).toBe("emergency-open");
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "STILL_PRESSED" });
    });
});

describe("starting", () => {
    test("moves nothing, whatever it finds", () => {
        for (const limits of [{ limitClosed: true }, { limitClosed: false, limitOpen: true }, { limitClosed: false }]) {
            const bench = new LaneBench().set(limits).pass(120_000);
            expect(bench.orders).toEqual([]);
        }
    });

    test("waits for its sensors, and says which one it waits for", () => {
        const bench = new LaneBench().set({ limitClosed: "missing" }).pass(5_000);
        expect(bench.state.mode.at).toBe("starting");
        expect(bench.facts).toEqual([
            { kind: "alarm.raised", lane: "lane-1", data: { code: "SENSOR_SILENT:limitClosed" } },
        ]);
        bench.set({ limitClosed: true }).pass(50);
        expect(bench.state.mode.at).toBe("idle");
    });

    test("a passage left open by the last run goes on under its own id when the boom is still up", () => {
        const bench = new LaneBench(PLAN, startingState("p-old"))
            .set({ limitClosed: false, limitOpen: true, boomLoop: true })
            .pass(500);
        bench.set({ exitLoop: true }).pass(200).set({ boomLoop: false }).pass(200).set({ exitLoop: false }).pass(2_100);
        expect(bench.fact("passage.completed")?.passage).toBe("p-old");
        expect(bench.orders).toEqual(["lower"]);
    });

    test("a passage left open by the last run ends with unknown outcome when the boom is down", () => {
        const bench = new LaneBench(PLAN, startingState("p-old")).pass(100);
        expect(bench.fact("passage.interrupted")).toMatchObject({ passage: "p-old", data: { why: "restart" } });
    });
});

describe("requests", () => {
    const waiting = (): LaneBench => new LaneBench().pass(100).set({ approachLoop: true }).pass(6_000);

    test.each([
        ["STALE", { expiresMs: 0 }],
        ["UNNAMED", { by: { kind: "officer", name: " " } }],
        ["UNNAMED", { reason: "" }],
        ["OTHER_VEHICLE", { passage: "p-other" }],
    ] as const)("refused as %s", (code, change) => {
        const bench = waiting().ask("accept", change).pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code });
        expect(bench.orders).toEqual([]);
    });

    test("a repeated one is refused, even when it would be harmless", () => {
        const bench = waiting().ask("refuse", { id: "same" }).pass(50).ask("accept", { id: "same" }).pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "REPEATED" });
        expect(bench.orders).toEqual([]);
    });

    test("close is refused while anything may be under the boom", () => {
        const bench = openLane().set({ boomLoop: true }).pass(200).ask("close").pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "NOT_CLEAR" });
        expect(bench.orders).toEqual(["raise"]);
    });

    test("hold-open keeps the boom up and the vehicles recorded until an officer closes", () => {
        const bench = new LaneBench().pass(100).ask("hold-open").pass(50).armUp();
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "held-open" });
        bench
            .set({ boomLoop: true })
            .pass(500)
            .set({ exitLoop: true, boomLoop: false })
            .pass(500)
            .set({ exitLoop: false })
            .pass(60_000);
        expect(bench.kinds()).toContain("passage.completed");
        expect(bench.orders).toEqual(["raise"]);
        bench.ask("close").pass(50).armDown();
        expect(bench.orders).toEqual(["raise", "lower"]);
        expect(bench.state.mode.at).toBe("idle");
    });

    test("out of service decides nothing until an officer brings it back", () => {
        const bench = new LaneBench().pass(100).ask("out-of-service").pass(50);
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        bench.set({ approachLoop: true }).pass(60_000);
        expect(bench.orders).toEqual([]);
        bench.ask("in-service").pass(2_000);
        expect(bench.orders).toEqual(["raise"]);
    });
});

test("the two booms of a lock: waits for the other, then asks an officer", () => {
    const bench = new LaneBench().pass(100);
    bench.change = { isInterlockFree: false };
    bench.reads = [read("123ABC02", [booking("123ABC02")])];
    bench.set({ approachLoop: true }).pass(2_000);
    expect(bench.orders).toEqual([]);
    expect(bench.state.mode.at).toBe("opening");
    bench.change = {};
    bench.pass(100);
    expect(bench.orders).toEqual(["raise"]);
});
