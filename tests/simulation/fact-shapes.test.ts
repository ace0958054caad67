/** Every fact of whole simulated runs keeps to the shape that the contract gives its kind, and says nothing that the shape has not. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { SCENARIOS, type ScenarioName } from "../../simulation/scenarios/scenarios.ts";
import { SiteSimulation } from "../../simulation/site-simulation.ts";
import type { Schema } from "../../src/core/fact/data-shape.ts";
import { FACT_KINDS, FACTS } from "../../src/core/fact/fact.ts";

const HOUR_MS = 3_600_000;

// Hours of a site take seconds; on a machine busy with other tests, more of them.
vi.setConfig({ testTimeout: 180_000 });

/** Receivers leave unknown members be; what this program writes has none. */
function closed(schema: Schema): Schema {
    const entries = Object.entries(schema).map(([keyword, value]) => [keyword, closedValue(value)]);
    return { ...Object.fromEntries(entries), ...("properties" in schema ? { additionalProperties: false } : {}) };
}

function closedValue(value: Schema[string]): Schema[string] {
    if (Array.isArray(value)) return value.map((each) => closedValue(each as Schema));
    return typeof value === "object" && value !== null ? closed(value as Schema) : value;
}

const validators = new Map<string, z.ZodType>(
    FACT_KINDS.map((kind) => [
        kind,
        z.fromJSONSchema(closed(FACTS[kind].data.schema) as Parameters<typeof z.fromJSONSchema>[0]),
    ]),
);

/** Kind and data of every fact of the first hours of a scenario. */
async function factsOf(name: ScenarioName, hours: number, seed: number): Promise<readonly [string, unknown][]> {
    const folder = mkdtempSync(join(tmpdir(), "kordon-fact-shapes-"));
    try {
        const run = SCENARIOS[name]({ seed });
        const isEarly = ({ arrivesAtMs }: { readonly arrivesAtMs: number }): boolean => arrivesAtMs < hours * HOUR_MS;
        const simulation = new SiteSimulation({
            run: {
                ...run,
                day: { ...run.day, lorries: run.day.lorries.filter(isEarly) },
                passersBy: run.passersBy.filter(isEarly),
                incidents: run.incidents.filter(({ atMs }) => atMs < hours * HOUR_MS),
                lengthMs: hours * HOUR_MS,
            },
            seed,
            folder,
        });
        await simulation.run();
        simulation.close();
        const db = new Database(join(folder, "state", "journal.db"), { readonly: true });
        const rows = db.prepare<[], { kind: string; data: string }>("SELECT kind, data FROM facts").all();
        db.close();
        return rows.map(({ kind, data }) => [kind, JSON.parse(data)]);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/**
 * What the runs below may not come to: rare passages, the queue's own kinds, retention. For these the compiler holds whoever makes
 * them to the shape, and `fact-contract.test.ts` the example beside it.
 */
const MAY_BE_MISSED: ReadonlySet<string> = new Set([
    "passage.backed-out",
    "passage.tailgated",
    "passage.wrong-way",
    "passage.rear-differs",
    "message.ordered",
    "message.withdrawn",
    "out-of-turn.loaded",
    "out-of-turn.withdrawn",
    "booking.called",
    "booking.contradicted",
    "booking.confirmed",
    "continuity.started",
    "continuity.ended",
    "evidence.deleted",
    "journal.pruned",
]);

test("facts of all scenarios", async () => {
    const met = new Map<string, number>();
    const wrong: string[] = [];
    const runs: [ScenarioName, number, number][] = [
        ["normal-day", 1, 1],
        ["storm", 1, 2],
        ["fraud-day", 1.2, 1],
        ["night-offline", 4, 3],
        ["clock-chaos", 0.7, 1],
    ];
    for (const [name, hours, seed] of runs) {
        for (const [kind, data] of await factsOf(name, hours, seed)) {
            met.set(kind, (met.get(kind) ?? 0) + 1);
            const issues = validators.get(kind)?.safeParse(data).error?.issues ?? [];
            if (issues.length > 0 || !validators.has(kind)) {
                wrong.push(`${kind} ${JSON.stringify(data)}: ${JSON.stringify(issues)}`);
            }
        }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(FACT_KINDS.filter((kind) => !met.has(kind) && !MAY_BE_MISSED.has(kind))).toEqual([]);
    expect([...met.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1_000);
});
