/** A lane with a scale: one weight per vehicle, honest or none, and an officer where there is none. */
import { describe, expect, test } from "vitest";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import type { ScaleReading } from "../../../src/core/lane/scale-reading.ts";
import { booking, LaneBench, PLAN, read, SLOT_UTC_MS } from "./lane-harness.ts";

const SCALE: LanePlan = { ...PLAN, hasScale: true, contacts: [...PLAN.contacts, "scaleBeam1", "scaleBeam2"] };

const reading = (grossKg: number, change: Partial<ScaleReading> = {}): ScaleReading => ({
    grossKg,
    isStable: true,
    isInRange: true,
    raw: "0232302020",
    ageMs: 100,
    ...change,
});

/** An empty scale at zero, then a booked lorry on it that shows this. */
function onScale(weighing: ScaleReading | undefined, empty: ScaleReading | "silent" = reading(20)): LaneBench {
    const bench = new LaneBench(SCALE);
    show(bench, empty === "silent" ? undefined : empty);
    bench.pass(500);
    bench.reads = [read("123ABC02", [booking("123ABC02")])];
    show(bench, weighing);
    return bench.set({ approachLoop: true });
}

function show(bench: LaneBench, weighing: ScaleReading | undefined): LaneBench {
    bench.change = weighing === undefined ? {} : { weighing };
    return bench;
}

describe("a booked lorry", () => {
    test("is weighed once, then let in", () => {
        const bench = onScale(reading(38_400)).pass(3_000);
        expect(bench.orders).toEqual(["raise"]);
        const facts = bench.facts.filter((fact) => fact.kind === "weighing.completed");
        expect(facts.map((fact) => fact.data)).toEqual([
            {
                grossKg: 38_400,
                problem: null,
                raw: "0232302020",
                limitKg: 44_000,
                limitSource: "site",
                exceedsLimit: false,
            },
        ]);
        expect(facts[0]?.passage).toBe(bench.fact("vehicle.arrived")?.passage);
    });

    test("that is too heavy is an officer's to judge", () => {
        const bench = onScale(reading(44_001)).pass(3_000);
        expect(bench.fact("decision.made")?.data).toMatchObject({ outcome: "refer", reason: "OVERWEIGHT" });
        const told = { grossKg: 44_001, limitKg: 44_000, exceedsLimit: true, raw: "0232302020" };
        expect(bench.fact("weighing.completed")?.data).toMatchObject(told);
        bench.ask("accept").pass(50);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("is weighed when it stands still, not before", () => {
        const bench = onScale(reading(20_000)).pass(1_000);
        for (let kg = 20_000; kg < 30_000; kg += 1_000) show(bench, reading(kg)).pass(500);
        expect(bench.state.mode.at).toBe("weighing");
        show(bench, reading(30_000)).pass(800);
        show(bench, reading(30_019)).pass(400);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ grossKg: 30_019, problem: null });
    });

    test("that rolls off while it is weighed has left", () => {
        const bench = onScale(reading(20_000, { isStable: false }))
            .pass(2_000)
            .set({ approachLoop: false })
            .pass(400);
        expect(bench.state.mode.at).toBe("idle");
        expect(bench.kinds()).toContain("vehicle.left");
        expect(bench.kinds()).not.toContain("weighing.completed");
    });

    test("can be let in by an officer while it is weighed", () => {
        const bench = onScale(reading(20_000, { isStable: false }))
            .pass(2_000)
            .ask("accept")
            .pass(50);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("let in by an officer before it was weighed, and held up by the lock, is not let in by software without a weight", () => {
        const bench = onScale(undefined).pass(300);
        bench.change = { isInterlockFree: false };
        bench.ask("accept").pass(3_200);
        expect(bench.state.mode.at).toBe("referred");
        bench.change = {};
        expect(bench.pass(5_000).orders).toEqual([]);
    });
});

test("a clock that is not trusted does not choose the milder limit of another day", () => {
    const winter = { kg: 30_000, source: "winter", fromUtcMs: SLOT_UTC_MS + 1, untilUtcMs: SLOT_UTC_MS + 2 };
    const bench = new LaneBench({ ...SCALE, policy: { ...SCALE.policy, grossLimits: [winter] } });
    show(bench, reading(0)).pass(500);
    bench.change = { weighing: reading(35_000), isClockTrusted: false };
    bench.set({ approachLoop: true }).pass(7_000);
    expect(bench.fact("weighing.completed")?.data).toMatchObject({ limitKg: 30_000, exceedsLimit: true });
});

describe("drawn by one vehicle only", () => {
    test("a trailer that follows its lorry within the gap is the same vehicle", () => {
        const bench = onScale(reading(20_000, { isStable: false }))
            .set({ scaleBeam1: true })
            .pass(500)
            .set({ scaleBeam1: false })
            .pass(900)
            .set({ scaleBeam1: true })
            .pass(300)
            .set({ scaleBeam1: false });
        show(bench, reading(30_000)).pass(3_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ grossKg: 30_000, problem: null });
    });

    test("a lorry that stands on the platform before it reaches the loop has not taken the zero away", () => {
        const bench = new LaneBench(SCALE);
        show(bench, reading(0)).pass(500);
        show(bench.set({ scaleBeam1: true }), reading(8_000)).pass(2_000);
        show(bench.set({ scaleBeam1: false }), reading(30_000)).pass(2_000);
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        bench.set({ approachLoop: true }).pass(3_000);
        expect(bench.orders).toEqual(["raise"]);
    });
});

describe("a table of limits", () => {
    const DAY_MS = 86_400_000;
    const row = (kg: number, from: number, until?: number) => ({
        kg,
        source: `row ${kg}`,
        fromUtcMs: SLOT_UTC_MS + from * DAY_MS,
        ...(until === undefined ? {} : { untilUtcMs: SLOT_UTC_MS + until * DAY_MS }),
    });
    test.each([
        ["the row of the day", [row(40_000, -10)], 41_000, "OVERWEIGHT", "row 40000"],
        ["not one that has ended", [row(30_000, -10, -1), row(44_000, -1)], 41_000, "BOOKED", "site"],
        ["not one that is still to come", [row(30_000, 1), row(42_000, -1)], 41_000, "BOOKED", "row 42000"],
        [
            "a limit for the thaw beside the lasting one",
            [row(44_000, -100), row(35_000, -1, 30)],
            41_000,
            "OVERWEIGHT",
            "row 35000",
        ],
        [
            "the site's own number where no row covers the day",
            [row(30_000, -10, -1)],
            41_000,
            "BOOKED",
            "site, no row of its table covers this day",
        ],
        ["never more than the site's own number", [row(60_000, -10)], 44_001, "OVERWEIGHT", "site"],
    ])("%s", (_name, grossLimits, grossKg, reason, limitSource) => {
        const bench = new LaneBench({ ...SCALE, policy: { ...SCALE.policy, grossLimits } });
        show(bench, reading(0)).pass(500);
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        show(bench.set({ approachLoop: true }), reading(grossKg)).pass(3_000);
        expect(bench.fact("decision.made")?.data).toMatchObject({ reason });
        expect(bench.fact("weighing.completed")?.data).toMatchObject({
            limitSource,
            exceedsLimit: reason === "OVERWEIGHT",
        });
    });
});

describe("no weight", () => {
    const NONE = { outcome: "refer", reason: "WEIGHT_UNSURE" };

    test.each<[string, ScaleReading | undefined]>([
        ["NO_READING", undefined],
        ["NO_READING", reading(20_000, { ageMs: 1_001 })],
        ["NO_READING", reading(20_000, { ageMs: Number.NaN })],
        ["UNSTABLE", reading(20_000, { isStable: false })],
        ["OUT_OF_RANGE", reading(20_000, { isInRange: false })],
        ["OUT_OF_RANGE", reading(Number.NaN)],
    ])("%s (%#)", (problem, weighing) => {
        const bench = onScale(weighing).pass(11_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem });
        expect(bench.fact("decision.made")?.data).toMatchObject(NONE);
        expect(bench.orders).toEqual([]);
    });

    test("a weight that never stands still is UNSTABLE", () => {
        const bench = onScale(reading(20_000)).pass(600);
        for (let tick = 0; tick < 120; tick++) show(bench, reading(20_000 + (tick % 2) * 500)).pass(100);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem: "UNSTABLE" });
    });

    test.each(["scaleBeam1", "scaleBeam2"] as const)("with an axle off the platform (%s)", (beam) => {
        const bench = onScale(reading(20_000))
            .set({ [beam]: true })
            .pass(11_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem: "NOT_WHOLLY_ON" });
        expect(bench.fact("decision.made")?.data).toMatchObject(NONE);
    });

    test.each<[string, ScaleReading | "silent"]>([
        ["silent", "silent"],
        ["not at zero", reading(61)],
        ["below zero", reading(-61)],
        ["unstable", reading(0, { isStable: false })],
        ["old", reading(0, { ageMs: 1_001 })],
        ["out of range", reading(0, { isInRange: false })],
    ])("from a scale that was %s while it was empty", (_name, empty) => {
        const bench = onScale(reading(20_000), empty).pass(3_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ grossKg: 20_000, problem: "ZERO_NOT_SEEN" });
        expect(bench.fact("decision.made")?.data).toMatchObject(NONE);
    });

    test("from one frame that is repeated in silence", () => {
        const bench = new LaneBench({ ...SCALE, limits: { ...SCALE.limits, weightHoldMsMin: 300 } });
        show(bench, reading(0)).pass(500);
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        show(bench.set({ approachLoop: true }), reading(20_000, { isStable: false })).pass(1_000);
        expect(bench.state.mode.at).toBe("weighing");
        for (let ageMs = 0; ageMs < 12_000; ageMs += 50) show(bench, reading(20_000, { ageMs })).pass(50);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem: "NO_READING" });
        expect(bench.orders).toEqual([]);
    });

    test("from a second vehicle that drives on behind the first", () => {
        const bench = onScale(reading(20_000, { isStable: false }))
            .set({ scaleBeam1: true })
            .pass(500)
            .set({ scaleBeam1: false })
            .pass(1_100)
            .set({ scaleBeam1: true })
            .pass(300)
            .set({ scaleBeam1: false });
        show(bench, reading(21_400)).pass(3_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({
            problem: "SEVERAL_VEHICLES",
            exceedsLimit: null,
        });
        expect(bench.fact("decision.made")?.data).toMatchObject(NONE);
    });

    test("from a short lorry with a car behind it that came on before the loop saw either", () => {
        const bench = new LaneBench(SCALE);
        show(bench, reading(0)).pass(500);
        show(bench, reading(9_000, { isStable: false }));
        bench.set({ scaleBeam1: true }).pass(800).set({ scaleBeam1: false }).pass(1_100);
        bench.set({ scaleBeam1: true }).pass(800).set({ scaleBeam1: false });
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        show(bench.set({ approachLoop: true }), reading(10_500)).pass(3_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem: "SEVERAL_VEHICLES" });
    });

    test("after the entry beam was silent: somebody may have come on meanwhile", () => {
        const bench = onScale(reading(20_000, { isStable: false }))
            .set({ scaleBeam1: "missing" })
            .pass(100)
            .set({ scaleBeam1: false });
        show(bench, reading(20_000)).pass(3_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem: "ZERO_NOT_SEEN" });
    });

    test("from an indicator that was set to zero with something across the end of the platform", () => {
        const bench = new LaneBench(SCALE).set({ scaleBeam1: true });
        show(bench, reading(0)).pass(500);
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        show(bench.set({ scaleBeam1: false, approachLoop: true }), reading(20_000)).pass(3_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem: "ZERO_NOT_SEEN" });
    });

    test("from a platform on which something as heavy as a lorry has stood since, without coming over the beam", () => {
        const bench = onScale(reading(20)).set({ approachLoop: false }).pass(500);
        show(bench, reading(4_000)).pass(500);
        show(bench, reading(24_000)).set({ scaleBeam1: true }).pass(300).set({ scaleBeam1: false }).pass(1_500);
        bench.set({ approachLoop: true }).pass(12_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem: "ZERO_NOT_SEEN" });
        expect(bench.orders).toEqual([]);
    });

    test("from a zero that was seen before the last vehicle", () => {
        const bench = onScale(reading(20_000)).pass(1_000).set({ approachLoop: false });
        show(bench, undefined).pass(500);
        show(bench, reading(20_000)).set({ approachLoop: true }).pass(3_000);
        expect(bench.fact("weighing.completed")?.data).toMatchObject({ problem: "ZERO_NOT_SEEN" });
    });

    test("that a lorry could have", () => {
        const bench = onScale(reading(2_999)).pass(3_000);
        expect(bench.fact("decision.made")?.data).toMatchObject(NONE);
    });
});

test("a silent scale is an alarm, of a lane that has one", () => {
    expect(new LaneBench(SCALE).pass(100).alarms).toEqual(["SCALE_SILENT"]);
    expect(show(new LaneBench(SCALE), reading(0, { ageMs: 3_000 })).pass(100).alarms).toEqual([]);
    expect(show(new LaneBench(SCALE), reading(0, { ageMs: 3_001 })).pass(100).alarms).toEqual(["SCALE_SILENT"]);
    expect(new LaneBench().pass(100).alarms).toEqual([]);
});
