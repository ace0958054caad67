/** The lane's stories, one by one: what happens at the boom, what is ordered, and what is written down. */
import { describe, expect, test } from "vitest";
import type { LaneImage, LaneRequest } from "../../../src/core/lane/lane-image.ts";
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
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.alarms).toEqual(["CLOSE_WANTED"]);
        bench.ask("close").pass(50);
        expect(bench.orders).toEqual(["raise", "lower"]);
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
        expect(bench.fact("read.linked")?.data).toEqual({
            bookingId: "b-123ABC02",
            text: "123ABC03",
            plate: "123ABC03",
            booked: null,
            by: "A. Officer",
            why: "seen by eye",
        });
    });

    describe("an officer ties a read to a booking, and leaves the rest to the rules", () => {
        const typo = booking("123ABC02");
        const referred = (): LaneBench => {
            const bench = new LaneBench().pass(100);
            bench.reads = [read("123ABC03", [], { near: [typo] })];
            return bench.set({ approachLoop: true }).pass(6_000);
        };

        test("in order: it is let in, and the link is a fact of its own", () => {
            const bench = referred();
            bench.change = { named: { booking: typo, known: {} } };
            bench.ask("link", { bookingId: typo.id }).pass(100);
            expect(bench.orders).toEqual(["raise"]);
            expect(bench.fact("read.linked")?.data).toMatchObject({ plate: "123ABC03", booked: "123ABC02" });
            expect(bench.facts.findLast(({ kind }) => kind === "decision.made")?.data).toMatchObject({
                outcome: "admit",
                bookingId: typo.id,
                plate: "123ABC03",
            });
        });

        test("not called: it is told to wait", () => {
            const bench = referred();
            bench.change = { named: { booking: { ...typo, status: "in-queue" }, known: {} } };
            bench.ask("link", { bookingId: typo.id }).pass(100);
            expect(bench.state.mode.at).toBe("refused");
            expect(bench.fact("vehicle.refused")?.data).toEqual({ reason: "NOT_CALLED" });
        });

        test.each<[string, Partial<LaneImage>, Partial<LaneRequest>, string]>([
            ["a booking that the list has not", {}, { bookingId: "b-9" }, "NO_SUCH_BOOKING"],
            ["no booking", { named: { booking: typo, known: {} } }, {}, "NO_SUCH_BOOKING"],
            [
                "from afar",
                { named: { booking: typo, known: {} } },
                { bookingId: typo.id, by: { kind: "central", name: "duty" } },
                "OFFICER_ONLY",
            ],
        ])("refused: %s", (_name, change, request, code) => {
            const bench = referred();
            bench.change = change;
            bench.ask("link", request).pass(100);
            expect(bench.fact("order.refused")?.data).toMatchObject({ asks: "link", code });
            expect(bench.orders).toEqual([]);
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
});

describe("requests", () => {
    const waiting = (): LaneBench => new LaneBench().pass(100).set({ approachLoop: true }).pass(6_000);

    test.each([
        ["STALE", { expiresMs: 0 }],
        ["UNNAMED", { by: { kind: "officer", name: " " } }],
        ["UNNAMED", { reason: "" }],
        ["OTHER_VEHICLE", { passage: "p-other" }],
        ["NOT_NOW", { asks: "in-service" }],
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

describe("an officer", () => {
    const waiting = (): LaneBench => new LaneBench().pass(100).set({ approachLoop: true }).pass(6_000);

    test("who names the booking before the lane has decided finds it in the passage", () => {
        const bench = new LaneBench().pass(100).set({ approachLoop: true }).pass(500);
        expect(bench.state.mode.at).toBe("arriving");
        bench.ask("accept", { bookingId: "b-7" }).pass(50).armUp();
        bench.set({ boomLoop: true }).pass(500).set({ approachLoop: false, exitLoop: true, boomLoop: false }).pass(500);
        bench.set({ exitLoop: false }).pass(2_200);
        expect(bench.fact("passage.completed")?.data).toMatchObject({ bookingId: "b-7", plate: null });
    });

    test("who opens for nobody yet has the boom wait for somebody to come, and only for him", () => {
        const bench = new LaneBench().pass(100).ask("open").pass(50).armUp().pass(5_000);
        expect(bench.state.mode.at).toBe("open-waiting");
        bench.set({ approachLoop: true }).pass(500).set({ approachLoop: false }).pass(300);
        expect(bench.fact("vehicle.left")).toBeDefined();
        expect(bench.last?.light).toBe("red");
        bench.pass(2_000);
        expect(bench.orders).toEqual(["raise", "lower"]);
    });

    test("refuses; the vehicle cannot leave, another stands behind it: he has the lane look again", () => {
        const bench = waiting().ask("refuse").pass(50);
        expect(bench.fact("vehicle.refused")?.data).toEqual({ reason: "OFFICER" });
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        bench.pass(5_000);
        expect(bench.state.mode.at).toBe("refused");
        bench.ask("reset").pass(1_000);
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.fact("passage.interrupted")?.data).toEqual({ why: "reset" });
    });

    test("whose order cannot be carried out before the other boom of the lock is down hears of it, and nothing is left over", () => {
        const bench = new LaneBench().pass(100);
        bench.change = { isInterlockFree: false };
        bench.ask("open").pass(3_100);
        expect(bench.state.mode.at).toBe("idle");
        expect(bench.fact("passage.interrupted")?.data).toEqual({ why: "INTERLOCK" });
        bench.change = {};
        expect(bench.pass(5_000).orders).toEqual([]);
    });

    test("accepts while the other boom stays up: referred again, as often as he likes, and never raised beside it", () => {
        const bench = waiting();
        bench.change = { isInterlockFree: false };
        for (let word = 0; word < 3; word++) bench.ask("accept").pass(3_200);
        expect(bench.facts.filter((fact) => fact.kind === "vehicle.referred")).toHaveLength(4);
        expect(bench.orders).toEqual([]);
        bench.change = {};
        expect(bench.ask("accept").pass(100).orders).toEqual(["raise"]);
    });

    test("who holds the boom open for the vehicle before it has that one's passage recorded, and no other as his", () => {
        const bench = waiting().ask("hold-open", { bookingId: "b-7" }).pass(50).armUp();
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "held-open" });
        bench.set({ approachLoop: false }).pass(500);
        expect(bench.fact("vehicle.left")).toBeDefined();
        bench.set({ boomLoop: true }).pass(300).set({ exitLoop: true, boomLoop: false }).pass(300);
        bench.set({ exitLoop: false }).pass(2_200);
        const passage = bench.fact("passage.completed");
        expect(passage?.data).toMatchObject({ bookingId: null });
        expect(passage?.passage).not.toBe(bench.fact("vehicle.arrived")?.passage);
    });

    test("takes a lane with an open boom out of service: nothing moves until he closes it", () => {
        const bench = new LaneBench()
            .set({ limitClosed: false, limitOpen: true })
            .pass(100)
            .ask("out-of-service")
            .pass(60_000);
        bench.ask("in-service").pass(2_200);
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "found-open" });
        expect(bench.orders).toEqual([]);
        expect(bench.ask("close").pass(50).orders).toEqual(["lower"]);
    });

    test("closes only after everything has been clear for as long as the lane itself would wait", () => {
        const bench = new LaneBench().set({ limitClosed: false, limitOpen: true, exitLoop: true }).pass(5_000);
        bench.set({ exitLoop: false }).pass(1_900).ask("close").pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "NOT_CLEAR" });
        expect(bench.pass(200).ask("close").pass(50).orders).toEqual(["lower"]);
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

test("a plate that is read while nothing stands on the approach opens nothing", () => {
    const bench = new LaneBench().pass(100).set({ approachLoop: true }).pass(300).set({ approachLoop: "stale" });
    bench.reads = [read("123ABC02", [booking("123ABC02")])];
    bench.pass(10_000);
    expect(bench.fact("decision.made")?.data).toMatchObject({ outcome: "refer", reason: "NOT_PRESENT" });
    expect(bench.orders).toEqual([]);
    expect(bench.set({ approachLoop: true }).pass(100).orders).toEqual(["raise"]);
});

test("an approach loop that flickers under a standing lorry makes one visit of it", () => {
    const bench = new LaneBench().pass(100).set({ approachLoop: true }).pass(300);
    for (let flicker = 0; flicker < 60; flicker++) {
        bench.set({ approachLoop: false }).pass(100).set({ approachLoop: true }).pass(100);
    }
    expect(bench.kinds().filter((kind) => kind === "vehicle.arrived")).toHaveLength(1);
    expect(bench.kinds()).not.toContain("vehicle.left");
    expect(bench.state.mode.at).toBe("referred");
    expect(bench.alarms).toContain("FLAPPING:approachLoop");
});

test("two plates in view, or the plate of the lorry in the next lane: an officer decides whose turn it is", () => {
    const bench = new LaneBench().pass(100);
    const mine = read("123ABC02", [booking("123ABC02")]);
    bench.reads = [mine, read("777KKK05", [booking("777KKK05")], { track: "t2" })];
    bench.set({ approachLoop: true }).pass(6_000);
    expect(bench.fact("decision.made")?.data).toMatchObject({ outcome: "refer", reason: "SEVERAL_PLATES" });
    expect(bench.facts.filter((fact) => fact.kind === "vehicle.recognised")).toHaveLength(2);
    expect(bench.orders).toEqual([]);
});

test("a booking that has passed here already is an officer's to judge, whatever the list still says", () => {
    const bench = new LaneBench().pass(100);
    const known = { outOfTurn: [], bookings: { "b-123ABC02": { stage: "entered" } }, isInside: true } as const;
    bench.reads = [read("123ABC02", [booking("123ABC02")], { known })];
    bench.set({ approachLoop: true }).pass(6_000);
    expect(bench.fact("decision.made")?.data).toMatchObject({ outcome: "refer", reason: "ALREADY_PASSED" });
});

test("the trailer seen by the rear camera is not the booking's", () => {
    const bench = new LaneBench({ ...PLAN, rearCameras: ["cam-rear"] }).pass(100);
    bench.reads = [read("123ABC02", [booking("123ABC02")]), read("55AAA02", [], { camera: "cam-rear" })];
    bench.set({ approachLoop: true }).pass(6_000);
    expect(bench.fact("decision.made")?.data).toMatchObject({ outcome: "refer", reason: "TRAILER_DIFFERS" });
});
