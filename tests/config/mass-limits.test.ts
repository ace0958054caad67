/** The table of limits that is shipped, and how a site's lane comes by its rows. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadSite } from "../../src/config/load-site.ts";
import { grossLimitsOf, loadMassLimits, MassLimitsError } from "../../src/config/mass-limits.ts";
import { planOf } from "../../src/config/site-rules.ts";

const CONFIG = join(import.meta.dirname, "../../config");
const TABLE = join(CONFIG, "mass-limits.json");
const folder = mkdtempSync(join(tmpdir(), "kordon-limits-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Tonnes, as public sources give them for order 342. */
const PUBLISHED = {
    "single-3": 25,
    "single-4": 32,
    "single-5": 38,
    "single-6-or-more": 44,
    "lorry-3-trailer-3": 49,
    "tractor-3-semitrailer-3": 40,
    "tractor-3-semitrailer-4": 44,
};

test.each(Object.entries(PUBLISHED))("the shipped table has %s at %d t", (combination, tonnes) => {
    const rows = grossLimitsOf(loadMassLimits(TABLE), combination);
    expect(rows.map(({ kg }) => kg)).toEqual([tonnes * 1_000]);
    expect(rows[0]?.source).toMatch(/^Order 342/);
    // Midnight of 3 October 2024 in the one zone of Kazakhstan, UTC+5.
    expect(rows[0]?.fromUtcMs).toBe(Date.UTC(2024, 9, 2, 19));
});

test("what nobody verified says so, wherever it is shown", () => {
    const table = loadMassLimits(TABLE);
    expect(grossLimitsOf(table, "single-2")[0]?.source).toMatch(/\[U\]$/);
    expect(table.rows.every(({ source }) => source.length > 10)).toBe(true);
    expect(grossLimitsOf(table, "no-such")).toEqual([]);
});

function write(name: string, content: unknown): string {
    const file = join(folder, name);
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
}

describe("a table is refused with the place", () => {
    const good = JSON.parse(readFileSync(TABLE, "utf8"));
    test.each<[string, unknown, RegExp]>([
        ["no JSON", "{", /cannot be read/],
        ["an unknown key", { ...good, zone: "+05:00" }, /zone/],
        ["a day that is none", { ...good, rows: [{ ...good.rows[0], from: "2024-13-01" }] }, /rows\.0\.from/],
        ["a row without its source", { ...good, rows: [{ ...good.rows[0], source: "" }] }, /rows\.0\.source/],
    ])("%s", (_name, content, place) => {
        expect(() => loadMassLimits(write("table.json", content))).toThrow(MassLimitsError);
        expect(() => loadMassLimits(write("table.json", content))).toThrow(place);
    });
});

describe("a lane of a site", () => {
    const example = readFileSync(join(CONFIG, "example-site.yaml"), "utf8");
    const site = (combination: string, table?: string) =>
        write(
            "site.yaml",
            `${example}\n    policy: { combination: ${combination} }\n${table === undefined ? "" : `massLimits: ${table}\n`}`,
        );

    test("gets the rows of the combination that it names, and its plan carries them", () => {
        const loaded = loadSite(site("tractor-3-semitrailer-3", TABLE));
        const lane = loaded.lanes["lane-1"];
        if (lane === undefined) return expect.unreachable("no lane");
        expect(planOf("lane-1", lane, loaded).policy.grossLimits).toMatchObject([{ kg: 40_000 }]);
    });

    test("must name one that the table has, and a table that is there", () => {
        expect(() => loadSite(site("tractor-9", TABLE))).toThrow(
            /lanes\.lane-1\.policy\.combination: .*no grossKg row of "tractor-9"/,
        );
        expect(() => loadSite(site("single-3", "nowhere.json"))).toThrow(/massLimits: .*nowhere\.json cannot be read/);
        expect(() => loadSite(site("single-3"))).toThrow(/name one in massLimits/);
    });
});
