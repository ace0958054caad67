/** Everything that can happen between the loops: which way vehicles go, who follows them, and who only walks through. */
import { describe, expect, test } from "vitest";
import { LaneBench, openLane, PLAN } from "./lane-harness.ts";

const ENDINGS = [
    "passage.completed",
    "passage.backed-out",
    "passage.no-show",
    "passage.interrupted",
    "vehicle.left",
] as const;
const endingsOf = (bench: LaneBench): readonly string[] =>
    bench.kinds().filter((kind) => ENDINGS.some((ending) => ending === kind));

/** Rolls from the approach through to the exit and away. */
function driveThrough(bench: LaneBench): LaneBench {
    bench.set({ boomLoop: true, photocell1: true }).pass(500).set({ approachLoop: false }).pass(500);
    bench.set({ exitLoop: true }).pass(500).set({ boomLoop: false, photocell1: false }).pass(500);
    return bench.set({ exitLoop: false });
}

describe("a vehicle that goes back", () => {
    test("before it was under the boom has left", () => {
        const bench = openLane().set({ approachLoop: false }).pass(2_200);
        expect(endingsOf(bench)).toEqual(["vehicle.left"]);
        expect(bench.orders).toEqual(["raise", "lower"]);
    });

    test("while the boom still waits for the other one of the lock never opens it", () => {
        const bench = new LaneBench({ ...PLAN, interlockedWith: "lane-2" }).pass(100);
        bench.change = { isInterlockFree: false };
        bench.reads = openLane().reads;
        bench.set({ approachLoop: true }).pass(1_000);
        expect(bench.state.mode.at).toBe("opening");
        bench.set({ approachLoop: false }).pass(300);
        bench.change = {};
        bench.set({ approachLoop: true }).reads = [];
        bench.pass(2_000);
        expect(endingsOf(bench)).toEqual(["vehicle.left"]);
        expect(bench.orders).toEqual([]);
    });

    test("while the boom rises does not leave its opening to the next one", () => {
        const bench = new LaneBench().pass(100);
        bench.reads = openLane().reads;
        bench.set({ approachLoop: true }).pass(800);
        expect(bench.orders).toEqual(["raise"]);
        bench.set({ approachLoop: false, limitClosed: false }).pass(400).set({ approachLoop: true }).pass(400);
        bench.set({ limitOpen: true }).pass(100);
        expect(bench.last?.light).toBe("red");
        bench.set({ boomLoop: true }).pass(100);
        expect(endingsOf(bench)).toEqual(["vehicle.left"]);
        expect(bench.fact("passage.begun")?.data).toEqual({ by: "nobody" });
        expect(bench.fact("passage.tailgated")?.data).toEqual({ under: "withdrawn opening" });
        expect(bench.alarms).toContain("TAILGATED");
    });

    test("from half-way under the boom, touching the exit loop, has not entered", () => {
        const bench = openLane().set({ boomLoop: true, photocell1: true }).pass(500);
        bench.set({ exitLoop: true, approachLoop: false }).pass(500).set({ exitLoop: false }).pass(500);
        bench.set({ approachLoop: true }).pass(500).set({ boomLoop: false, photocell1: false }).pass(500);
        bench.set({ approachLoop: false }).pass(2_100);
        expect(endingsOf(bench)).toEqual(["passage.backed-out"]);
    });

    test("and then drives on after all is one vehicle, not two", () => {
        const bench = openLane().set({ boomLoop: true }).pass(500).set({ boomLoop: false }).pass(1_500);
        driveThrough(bench).pass(2_200);
        expect(endingsOf(bench)).toEqual(["passage.completed"]);
        expect(bench.kinds()).not.toContain("passage.tailgated");
    });

    test("from behind the boom, all the way out again, has not entered", () => {
        const bench = driveThrough(openLane()).pass(500);
        bench.set({ exitLoop: true }).pass(500).set({ boomLoop: true }).pass(500).set({ exitLoop: false }).pass(500);
        bench.set({ approachLoop: true }).pass(500).set({ boomLoop: false }).pass(500);
        bench.set({ approachLoop: false }).pass(2_200);
        expect(endingsOf(bench)).toEqual(["passage.backed-out"]);
        expect(bench.orders).toEqual(["raise", "lower"]);
    });
});

describe("a vehicle that the exit loop never noticed", () => {
    test("may be a container chassis that stands under the boom: an officer closes, not the central system", () => {
        const bench = openLane().set({ boomLoop: true }).pass(500).set({ approachLoop: false }).pass(500);
        bench.set({ boomLoop: false }).pass(60_000);
        expect(bench.fact("passage.completed")?.data).toMatchObject({ isProven: false });
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "officer-closes" });
        bench.ask("close", { by: { kind: "central", name: "duty" } }).pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "OFFICER_ONLY" });
        expect(bench.orders).toEqual(["raise"]);
        bench.ask("close").pass(50);
        expect(bench.orders).toEqual(["raise", "lower"]);
    });

    test("behind one that it did notice is doubted as well", () => {
        const bench = openLane().set({ boomLoop: true, photocell1: true }).pass(500);
        bench.set({ exitLoop: true }).pass(300).set({ boomLoop: false, photocell1: false }).pass(300);
        bench.set({ exitLoop: false }).pass(1_500).set({ boomLoop: true }).pass(500);
        bench.set({ boomLoop: false }).pass(60_000);
        expect(bench.kinds()).toContain("passage.tailgated");
        expect(bench.orders).toEqual(["raise"]);
    });

    test("and that was under the rising boom is doubted when it seems to have gone back", () => {
        const bench = new LaneBench().pass(100);
        bench.reads = openLane().reads;
        bench.set({ approachLoop: true }).pass(800).set({ boomLoop: true }).pass(200).set({ boomLoop: false });
        bench.armUp().pass(500).set({ approachLoop: false }).pass(60_000);
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.alarms).toEqual(["CLOSE_WANTED"]);
    });

    test("is one where the loop under the boom is silent and the beam is broken", () => {
        const bench = openLane().set({ boomLoop: "missing", photocell1: true }).pass(500);
        bench.set({ boomLoop: false, photocell1: false, approachLoop: false }).pass(60_000);
        expect(bench.orders).toEqual(["raise"]);
    });
});

describe("a vehicle that follows", () => {
    test("right behind the first is told, alarmed, and the boom is not dropped on it", () => {
        const bench = openLane().set({ boomLoop: true, photocell1: true }).pass(500);
        bench.set({ exitLoop: true }).pass(300).set({ boomLoop: false, photocell1: false }).pass(300);
        bench.set({ exitLoop: false }).pass(1_500).set({ boomLoop: true }).pass(50);
        expect(bench.alarms).toContain("TAILGATED");
        expect(bench.last?.light).toBe("red");
        bench.set({ photocell1: true }).pass(3_000);
        expect(bench.fact("passage.tailgated")?.data).toEqual({ under: "open boom" });
        expect(bench.orders).toEqual(["raise"]);
        bench.set({ approachLoop: false, exitLoop: true }).pass(500);
        bench.set({ boomLoop: false, photocell1: false }).pass(500).set({ exitLoop: false }).pass(2_200);
        expect(bench.fact("passage.completed")?.data).toMatchObject({ isTailgated: true });
        expect(bench.orders).toEqual(["raise", "lower"]);
        expect(bench.alarms).not.toContain("TAILGATED");
    });

    test("and waits at the approach while the first passes gets a visit and a decision of its own", () => {
        const bench = openLane().set({ boomLoop: true, photocell1: true }).pass(500).set({ approachLoop: false });
        bench.pass(500).set({ exitLoop: true, approachLoop: true }).pass(500);
        bench.set({ boomLoop: false, photocell1: false }).pass(500).set({ exitLoop: false }).pass(2_100).armDown();
        bench.pass(1_000);
        const arrivals = bench.facts.filter((fact) => fact.kind === "vehicle.arrived");
        expect(new Set(arrivals.map((fact) => fact.passage)).size).toBe(2);
        expect(bench.kinds().filter((kind) => kind === "decision.made")).toHaveLength(2);
        expect(endingsOf(bench)).toEqual(["passage.completed"]);
    });

    test("where there is no exit loop does not make the first one's passage a retreat", () => {
        const contacts = PLAN.contacts.filter((name) => name !== "exitLoop");
        const bench = openLane({ ...PLAN, contacts, isClosingAutomatic: false });
        bench.set({ boomLoop: true, photocell1: true }).pass(500).set({ approachLoop: false }).pass(500);
        bench.set({ boomLoop: false, photocell1: false }).pass(500).set({ approachLoop: true }).pass(2_000);
        expect(bench.fact("passage.completed")?.data).toMatchObject({ isProven: false, bookingId: "b-123ABC02" });
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "officer-closes" });
        expect(bench.alarms).toContain("CLOSE_WANTED");
        expect(bench.alarms).not.toContain("BOOM_LEFT_OPEN");
    });

    test("where there is no exit loop, one that goes back is still told from one that goes on", () => {
        const contacts = PLAN.contacts.filter((name) => name !== "exitLoop");
        const bench = openLane({ ...PLAN, contacts, isClosingAutomatic: false });
        bench.set({ boomLoop: true, photocell1: true }).pass(500).set({ boomLoop: false, photocell1: false }).pass(500);
        bench.set({ approachLoop: false }).pass(2_000);
        expect(endingsOf(bench)).toEqual(["passage.backed-out"]);
    });
});

describe("a vehicle from the wrong side", () => {
    test("before the closed boom is an alarm, and nobody is sent against it", () => {
        const bench = new LaneBench().pass(100).set({ exitLoop: true }).pass(500);
        expect(bench.alarms).toContain("BEHIND_BOOM");
        bench.reads = openLane().reads;
        bench.set({ approachLoop: true }).pass(1_000);
        expect(bench.state.mode.at).toBe("opening");
        bench.pass(3_000);
        expect(bench.fact("vehicle.referred")?.data).toEqual({ reason: "EXIT_OCCUPIED" });
        expect(bench.orders).toEqual([]);
        bench.set({ exitLoop: false }).pass(200);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("does not keep an officer from opening", () => {
        const bench = new LaneBench().pass(100).set({ exitLoop: true, approachLoop: true }).pass(6_000);
        bench.ask("accept").pass(50);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("under a boom that is up for somebody else has not entered for him", () => {
        const bench = openLane().pass(500).set({ exitLoop: true }).pass(300);
        expect(bench.kinds()).toContain("passage.wrong-way");
        expect(bench.alarms).toContain("WRONG_WAY");
        expect(bench.last?.light).toBe("red");
        bench.set({ boomLoop: true, photocell1: true }).pass(500).set({ exitLoop: false }).pass(500);
        bench.set({ boomLoop: false, photocell1: false }).pass(2_200);
        expect(bench.fact("passage.backed-out")?.data).toMatchObject({ isWrongWay: true });
        expect(bench.kinds()).not.toContain("passage.completed");
        expect(bench.kinds().filter((kind) => kind === "passage.wrong-way")).toHaveLength(1);
    });

    test("that comes in, meets the lorry and goes back where it came from leaves an unknown outcome", () => {
        const bench = openLane().pass(500).set({ exitLoop: true }).pass(300).set({ boomLoop: true }).pass(500);
        bench.set({ boomLoop: false }).pass(300).set({ exitLoop: false }).pass(2_200);
        expect(bench.fact("passage.interrupted")?.data).toEqual({ why: "wrong way" });
        expect(bench.kinds()).not.toContain("passage.completed");
    });

    test("under a boom that is held open is seen to come from there", () => {
        const bench = new LaneBench().pass(100).ask("hold-open").pass(50).armUp();
        bench.set({ exitLoop: true }).pass(300).set({ boomLoop: true }).pass(300).set({ exitLoop: false }).pass(300);
        bench.set({ approachLoop: true }).pass(300).set({ boomLoop: false }).pass(300);
        bench.set({ approachLoop: false }).pass(2_200);
        expect(bench.fact("passage.wrong-way")?.data).toEqual({ seen: "under the boom" });
        expect(bench.fact("passage.backed-out")?.data).toMatchObject({ isWrongWay: true });
    });
});

describe("somebody on foot", () => {
    test("in the beam of an idle lane is an alarm and opens nothing", () => {
        const bench = new LaneBench().pass(100).set({ photocell1: true }).pass(5_000);
        expect(bench.alarms).toEqual(["UNDER_BOOM"]);
        expect(bench.orders).toEqual([]);
        bench.set({ photocell1: false }).pass(100);
        expect(bench.alarms).toEqual([]);
    });

    test("who walks through the beam before his lorry is no passage", () => {
        const bench = openLane().set({ photocell1: true }).pass(1_000).set({ photocell1: false }).pass(5_000);
        expect(bench.kinds()).not.toContain("passage.begun");
        expect(bench.state.mode.at).toBe("open-waiting");
        expect(bench.last?.light).toBe("green");
        driveThrough(bench).pass(2_200);
        expect(endingsOf(bench)).toEqual(["passage.completed"]);
    });

    test("under a closing boom makes it rise again, and nobody is said to have entered", () => {
        const bench = openLane().pass(20_000).set({ approachLoop: false, limitOpen: false }).pass(300);
        expect(bench.orders).toEqual(["raise", "lower"]);
        bench.set({ photocell1: true }).pass(50);
        expect(bench.orders).toEqual(["raise", "lower", "raise"]);
        bench.set({ photocell1: false, limitOpen: true }).pass(100);
        expect(bench.last?.light).toBe("red");
        bench.pass(2_200);
        expect(bench.orders).toEqual(["raise", "lower", "raise", "lower"]);
        expect(endingsOf(bench)).toEqual(["passage.no-show"]);
    });

    test("who stands in the beam of a boom that an officer opened for nobody has an unknown outcome", () => {
        const bench = new LaneBench().pass(100).ask("open").pass(50).armUp();
        bench.set({ photocell1: true }).pass(1_000).set({ photocell1: false }).pass(2_200);
        expect(bench.fact("passage.interrupted")?.data).toEqual({ why: "nothing but the beam" });
        expect(bench.orders).toEqual(["raise", "lower"]);
    });
});

describe("a vehicle that is slow or fast", () => {
    test("under the boom for an hour keeps it up for an hour, and somebody is told", () => {
        const bench = openLane().set({ boomLoop: true }).pass(3_600_000);
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.state.mode.at).toBe("passing");
        expect(bench.alarms).toContain("OCCUPIED_LONG:boomLoop");
    });

    test("that drives in while the boom still rises has passed", () => {
        const bench = new LaneBench().pass(100);
        bench.reads = openLane().reads;
        bench.set({ approachLoop: true }).pass(800).set({ limitClosed: false, boomLoop: true }).pass(500);
        bench.set({ approachLoop: false, exitLoop: true }).pass(300).set({ boomLoop: false }).pass(300);
        bench.set({ exitLoop: false }).pass(100).set({ limitOpen: true }).pass(2_200);
        expect(bench.fact("passage.completed")?.data).toMatchObject({ bookingId: "b-123ABC02" });
        expect(endingsOf(bench)).toEqual(["passage.completed"]);
    });

    test("whose nose is in the beam before the boom rises passes as any other", () => {
        const bench = new LaneBench().pass(100).set({ photocell1: true });
        bench.reads = openLane().reads;
        bench.set({ approachLoop: true }).pass(800).armUp();
        expect(bench.orders).toEqual(["raise"]);
        driveThrough(bench).pass(2_200);
        expect(endingsOf(bench)).toEqual(["passage.completed"]);
    });

    test("that goes while nothing can tell what is under the boom has an unknown outcome, and red behind it", () => {
        const bench = openLane().set({ boomLoop: "stale", photocell1: "stale" }).pass(500);
        bench.set({ approachLoop: false }).pass(500);
        expect(bench.fact("passage.interrupted")?.data).toEqual({ why: "out of sight" });
        expect(bench.last?.light).toBe("red");
        bench.pass(60_000);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("a queue beyond the exit keeps the boom up and is an alarm", () => {
        const bench = openLane()
            .set({ boomLoop: true })
            .pass(500)
            .set({ exitLoop: true, approachLoop: false })
            .pass(500);
        bench.set({ boomLoop: false }).pass(700_000);
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.alarms).toEqual(["OCCUPIED_LONG:exitLoop"]);
    });

    test("one after the other, nobody comes: the boom is down again in time", () => {
        const bench = openLane().set({ approachLoop: true }).pass(20_000).armDown();
        expect(endingsOf(bench)).toEqual(["passage.no-show"]);
        expect(bench.state.mode.at).not.toBe("fault");
    });
});
