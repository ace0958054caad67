/** The rear of a vehicle: read before the boom, or only while it goes in; bound to its passage and held against its booking. */
import { describe, expect, test } from "vitest";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import { booking, LaneBench, openLane, PLAN, read } from "./lane-harness.ts";

const REAR = { ...PLAN, rearCameras: ["cam-rear"], policy: { ...PLAN.policy, missingTrailer: "admit" as const } };
const trailers = [{ text: "55AAA02", key: toPlateKey("55AAA02") }];
const booked = booking("123ABC02", { trailers });
const front = read("123ABC02", [booked], { travel: "towards", doubts: [] });
const behind = (plate: string, change = {}) => read(plate, [], { camera: "cam-rear", track: "r1", ...change });
const own = behind("55AAA02", { asTrailer: [booked], travel: "away" });

/** The lorry is let in by its front plate and drives under the boom; there the rear cameras see `reads`. */
function drivenIn(reads: LaneBench["reads"]): LaneBench {
    const bench = openLane(REAR);
    bench.reads = [front, ...reads];
    return bench.set({ boomLoop: true }).pass(1_000);
}

const recognised = (bench: LaneBench) =>
    bench.facts.filter(({ kind }) => kind === "vehicle.recognised").map(({ data }) => data["key"]);
const differs = (bench: LaneBench) => bench.facts.filter(({ kind }) => kind === "passage.rear-differs");

describe("a rear that is read before the boom", () => {
    test("is told with the decision, once, with its side, direction and doubts", () => {
        const bench = new LaneBench(REAR).pass(100);
        bench.reads = [front, own];
        bench.set({ approachLoop: true }).pass(800).armUp().set({ boomLoop: true }).pass(1_000);
        expect(recognised(bench)).toEqual(["123ABC02", "55AAA02"]);
        const [ofFront, ofRear] = bench.facts.filter(({ kind }) => kind === "vehicle.recognised");
        expect(ofFront?.data).toMatchObject({ travel: "towards", doubts: [] });
        expect(ofFront?.data).not.toHaveProperty("isRear");
        expect(ofRear?.data).toMatchObject({ travel: "away", isRear: true });
        expect(ofRear?.data).not.toHaveProperty("doubts");
        expect(differs(bench)).toEqual([]);
    });

    test("that is not of the vehicle keeps the boom down", () => {
        const bench = new LaneBench(REAR).pass(100);
        bench.reads = [front, behind("777KKK05", { asTractor: [booking("777KKK05")] })];
        bench.set({ approachLoop: true }).pass(6_000);
        expect(bench.fact("decision.made")?.data).toMatchObject({ outcome: "refer", reason: "REAR_DIFFERS" });
        expect(bench.orders).toEqual([]);
    });
});

describe("a rear that is read only while the vehicle goes in", () => {
    test.each([
        ["a booked trailer", [own]],
        ["the tractor's own plate", [behind("123ABC02", { asTractor: [booked] })]],
        ["an unsure plate", [behind("66BBB02", { confidence: 0.6 })]],
        ["a strange plate in front", [read("66BBB02", [], { track: "t9" })]],
        ["what was there before the vehicle came", [behind("66BBB02", { lastSeenMs: 0 })]],
    ])("%s is no difference", (_what, reads) => {
        const bench = drivenIn(reads);
        expect(differs(bench)).toEqual([]);
        expect(bench.alarms).not.toContain("REAR_DIFFERS");
    });

    test("and is another one is a fact of the passage and an alarm until it ends, and the boom stays up", () => {
        const bench = drivenIn([behind("66BBB02")]);
        const passage = bench.fact("vehicle.arrived")?.passage;
        expect(recognised(bench)).toEqual(["123ABC02", "66BBB02"]);
        expect(differs(bench)).toEqual([
            {
                ...{ kind: "passage.rear-differs", lane: "lane-1", passage },
                data: { camera: "cam-rear", key: "66BBB02", plate: "123ABC02", bookingId: booked.id },
            },
        ]);
        expect(bench.alarms).toContain("REAR_DIFFERS");
        expect(bench.orders).toEqual(["raise"]);
        bench
            .set({ exitLoop: true, boomLoop: false, approachLoop: false })
            .pass(500)
            .set({ exitLoop: false })
            .pass(3_000);
        expect(bench.kinds()).toContain("passage.completed");
        expect(bench.alarms).not.toContain("REAR_DIFFERS");
        expect(differs(bench)).toHaveLength(1);
    });

    test("of a vehicle that an officer let in without a booking is written down and held against nothing", () => {
        const bench = new LaneBench(REAR).pass(100).set({ approachLoop: true }).pass(400);
        bench.ask("open").pass(100).armUp();
        bench.reads = [behind("66BBB02")];
        bench.set({ boomLoop: true }).pass(1_000);
        expect(recognised(bench)).toContain("66BBB02");
        expect(differs(bench)).toEqual([]);
    });

    test("of a vehicle that an officer accepted with a booking is held against that booking", () => {
        const bench = new LaneBench(REAR).pass(100).set({ approachLoop: true }).pass(6_000);
        bench.ask("accept", { bookingId: booked.id }).pass(100).armUp();
        bench.reads = [own];
        bench.set({ boomLoop: true }).pass(500);
        expect(differs(bench)).toEqual([]);
        bench.reads = [behind("66BBB02")];
        bench.pass(500);
        expect(differs(bench)[0]?.data).toMatchObject({ key: "66BBB02", plate: null, bookingId: booked.id });
    });
});
