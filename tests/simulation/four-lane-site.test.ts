// The site file that uses one of everything, for a simulated day: four lanes, a lock and two scales under one daemon.
import { join } from "node:path";
import { expect, test } from "vitest";
import { runSeed } from "../../simulation/run-seed.ts";
import { normalDay } from "../../simulation/scenarios/normal-day.ts";
import { storm } from "../../simulation/scenarios/storm.ts";
import { planFrom } from "../../simulation/site-plan.ts";
import { loadSite } from "../../src/config/load-site.ts";
import { LANE_ROLES } from "../../src/core/decision/lane-role.ts";

const FILE = join(import.meta.dirname, "../../config/four-lane-site.yaml");
const HOURS = 24;
/** Of `nur-zholy`, see config/checkpoints.yaml; three in four have a booking and belong inside. */
const LORRIES = 600;
/** A quarter of them comes to each lane. */
const PER_LANE_MIN = 75;

test("runs for a day: every lane lets its lorries through, none of them wrongly, and no fact is lost or doubled", {
    timeout: 300_000,
}, async () => {
    const site = planFrom(loadSite(FILE));
    expect(site.lanes.map(({ plan }) => [plan.role, plan.hasScale === true, plan.interlockedWith])).toEqual([
        [LANE_ROLES[0], false, undefined],
        [LANE_ROLES[1], false, undefined],
        [LANE_ROLES[2], true, "exit"],
        [LANE_ROLES[3], true, "entry"],
    ]);
    const outcome = await runSeed(normalDay, { seed: 1, site, keepsTrace: true });
    expect(outcome).toMatchObject({ violations: [], wrongOpens: 0, facts: { lost: 0, duplicated: 0 } });
    expect(outcome.simulatedMs).toBeGreaterThanOrEqual(HOURS * 3_600_000);
    expect(outcome.admitted + outcome.refused + outcome.referred).toBe(LORRIES);

    const facts = (outcome.trace ?? []).filter((line) => line.startsWith("fact ")).map((line) => line.split(" "));
    const count = (kind: string, lane: string): number =>
        facts.filter(([, , , kindOf, laneOf]) => kindOf === kind && laneOf === lane).length;
    for (const { plan } of site.lanes) {
        expect(count("passage.completed", plan.id), plan.id).toBeGreaterThan(PER_LANE_MIN);
        const weighed = count("weighing.completed", plan.id);
        if (plan.hasScale === true) expect(weighed, plan.id).toBeGreaterThan(PER_LANE_MIN);
        else expect(weighed, plan.id).toBe(0);
    }
});

test.each([1, 2, 3])(
    "an hour in which everything fails, scales and lock included, breaks no promise (seed %i)",
    { timeout: 120_000 },
    async (seed) => {
        const outcome = await runSeed(storm, { seed, site: planFrom(loadSite(FILE)) });
        expect(outcome).toMatchObject({ violations: [], wrongOpens: 0, facts: { lost: 0, duplicated: 0 } });
        expect(outcome.passages).toBeGreaterThan(0);
    },
);
