/** What a lane makes of a pause in which it could not look, or could not write down what it saw: it starts again from what it sees. */
import { describe, expect, test } from "vitest";
import type { LaneBench } from "./lane-harness.ts";
import { LaneBench as Bench, openLane } from "./lane-harness.ts";

/** One tick after a pause. */
function blink(bench: LaneBench): LaneBench {
    bench.change = { wasBlind: true };
    bench.pass(50);
    bench.change = {};
    return bench;
}

describe("after a pause", () => {
    test("a vehicle before the closed boom arrives anew, and its old word is not used for whoever stands there now", () => {
        const bench = new Bench().pass(100).set({ approachLoop: true }).pass(6_000);
        expect(bench.state.mode.at).toBe("referred");
        const first = bench.state.visit?.passage;
        blink(bench);
        expect(bench.fact("passage.interrupted")).toMatchObject({ passage: first, data: { why: "blind" } });
        bench.pass(1_000);
        expect(bench.state.mode.at).toBe("arriving");
        bench.ask("accept", { passage: first ?? "" }).pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "OTHER_VEHICLE" });
        expect(bench.orders).toEqual([]);
    });

    test("an opening that has not been ordered yet is let go", () => {
        const bench = new Bench().pass(100);
        bench.change = { isInterlockFree: false };
        bench.reads = openLane().reads;
        bench.set({ approachLoop: true }).pass(1_000);
        expect(bench.state.mode.at).toBe("opening");
        bench.reads = [];
        blink(bench).pass(2_000);
        expect(bench.orders).toEqual([]);
    });

    test("a boom that is up is found open, and comes down by itself only after the next passage", () => {
        const bench = blink(openLane());
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "found-open" });
        bench.set({ approachLoop: false }).pass(60_000);
        expect(bench.orders).toEqual(["raise"]);
        bench.set({ boomLoop: true }).pass(500).set({ exitLoop: true }).pass(500);
        bench.set({ boomLoop: false }).pass(500).set({ exitLoop: false }).pass(2_200);
        expect(bench.orders).toEqual(["raise", "lower"]);
    });

    test("a boom held open stays held, and is clear only after it has been clear for long enough again", () => {
        const bench = new Bench().pass(100).ask("hold-open").pass(50).armUp().pass(5_000);
        blink(bench);
        bench.ask("close").pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "NOT_CLEAR" });
        bench.pass(2_000).ask("close").pass(50);
        expect(bench.orders).toEqual(["raise", "lower"]);
    });

    test("an emergency in that very tick is met like any other", () => {
        const bench = openLane().set({ emergency: true });
        blink(bench);
        expect(bench.state.mode.at).toBe("emergency-open");
        expect(bench.orders).toEqual(["raise", "raise"]);
    });

    test("an idle lane has nothing to forget", () => {
        const bench = blink(new Bench().pass(100));
        expect(bench.state.mode).toEqual({ at: "idle" });
        expect(bench.kinds()).toEqual(["lane.started"]);
    });
});
