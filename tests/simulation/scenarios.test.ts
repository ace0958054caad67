// Every scenario on a few seeds: no promise is broken, equal seeds give equal runs, and leaping over quiet time changes nothing.
import { describe, expect, test, vi } from "vitest";
import { runSeed } from "../../simulation/run-seed.ts";
import type { Run, Scenario } from "../../simulation/scenarios/scenario.ts";
import { SCENARIOS, type ScenarioName } from "../../simulation/scenarios/scenarios.ts";
import { withoutTrace } from "./scripted-run.ts";

const HOUR_MS = 3_600_000;

// Hours of a site take seconds; on a machine busy with other tests, more of them.
vi.setConfig({ testTimeout: 180_000 });

/** The first hours of a scenario: as many lorries to the minute, fewer minutes. */
function firstHours(scenario: Scenario, hours: number): Scenario {
    return (wishes): Run => {
        const run = scenario(wishes);
        const isEarly = ({ arrivesAtMs }: { readonly arrivesAtMs: number }): boolean => arrivesAtMs < hours * HOUR_MS;
        return {
            ...run,
            day: { ...run.day, lorries: run.day.lorries.filter(isEarly) },
            passersBy: run.passersBy.filter(isEarly),
            incidents: run.incidents.filter(({ atMs }) => atMs < hours * HOUR_MS),
            lengthMs: hours * HOUR_MS,
        };
    };
}

describe.each<[ScenarioName, number, readonly number[]]>([
    ["normal-day", 4, [1, 2]],
    ["peak", 0.6, [1]],
    ["storm", 1, [1, 2]],
    ["fraud-day", 1.2, [1, 2]],
    ["night-offline", 10, [3]],
    ["clock-chaos", 1, [1, 2]],
])("%s, the first %d h", (name, hours, seeds) => {
    test.each(seeds)("seed %i breaks no promise and loses no fact", async (seed) => {
        const outcome = await runSeed(firstHours(SCENARIOS[name], hours), { seed });
        expect(outcome).toMatchObject({ violations: [], wrongOpens: 0, facts: { lost: 0, duplicated: 0 } });
        expect(outcome.passages).toBeGreaterThan(0);
        expect(outcome.facts.recorded).toBeGreaterThan(outcome.passages * 5);
    });
});

describe.each<[ScenarioName, number, number]>([
    ["storm", 1, 4],
    ["storm", 0.45, 7], // a stall after which a boom held open counts as not yet clear
    ["storm", 0.5, 24], // the health of a device that the disk refuses, in quiet time
    ["normal-day", 1.5, 2],
    ["clock-chaos", 0.7, 3],
    ["fraud-day", 0.7, 3],
])("%s, %d h, seed %i", (name, hours, seed) => {
    test("gives the same run whether quiet time is leapt over or not", async () => {
        const scenario = firstHours(SCENARIOS[name], hours);
        const leapt = await runSeed(scenario, { seed, keepsTrace: true });
        const walked = await runSeed(scenario, { seed, keepsTrace: true, isLeaping: false });
        expect(leapt.trace).toEqual(walked.trace);
        expect({ ...withoutTrace(leapt), simulatedMs: 0 }).toEqual({ ...withoutTrace(walked), simulatedMs: 0 });
    });
});

test("the same seed gives the same run, fact by fact, order by order; another seed another", async () => {
    const scenario = firstHours(SCENARIOS.storm, 0.5);
    const first = await runSeed(scenario, { seed: 7 });
    expect(await runSeed(scenario, { seed: 7 })).toEqual(first);
    expect((await runSeed(scenario, { seed: 8 })).traceHash).not.toBe(first.traceHash);
});

test("fraud deceives cameras and opens nothing without authority", async () => {
    const { deceived, wrongOpens, violations } = await runSeed(firstHours(SCENARIOS["fraud-day"], 2), { seed: 3 });
    expect({ wrongOpens, violations }).toEqual({ wrongOpens: 0, violations: [] });
    expect(deceived).toBeGreaterThan(0);
});
