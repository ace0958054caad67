/** Two-row plates: every possible order comes back, with the region checked, and no split is guessed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { inRowOrder, twoRowReadings } from "../../../src/core/plate/two-row.ts";

const readings = (...rows: string[]): readonly string[] =>
    twoRowReadings(rows).map(({ key, order }) => `${key} ${order}`);

test.each([
    ["KZ 2012 private also Uzbek as read", ["123 02", "ABC"], ["12302ABC as-read", "123ABC02 region-last"]],
    ["row break elsewhere", ["123", "02 ABC"], ["12302ABC as-read", "123ABC02 region-last"]],
    ["joined by the reader", ["123-02-abc"], ["12302ABC as-read", "123ABC02 region-last"]],
    ["three rows", ["123", "02", "ABC"], ["12302ABC as-read", "123ABC02 region-last"]],
    ["also Kyrgyz as read", ["012 02", "ABC"], ["01202ABC as-read", "012ABC02 region-last"]],
    ["KZ 2012 organisation, one order only", ["123 02", "AB"], ["12302AB as-read", "123AB02 region-last"]],
    ["KZ 2012 organisation, also Kyrgyz as read", ["012 02", "AB"], ["01202AB as-read", "012AB02 region-last"]],
    ["KZ short, also KZ 1993 trailer as read", ["12 01", "AA"], ["1201AA as-read", "12AA01 region-last"]],
    ["KZ short with three letters, not 120 1A BC", ["12 01", "ABC"], ["1201ABC as-read", "12ABC01 region-last"]],
    ["Cyrillic", ["123 02", "авс"], ["12302ABC as-read", "123ABC02 region-last"]],
    ["already canonical", ["123", "ABC 02"], ["123ABC02 as-read"]],
    ["KZ 1993 private", ["A 123", "BCD"], ["A123BCD as-read"]],
    ["KZ 1993 organisation", ["A 123", "BC"], ["A123BC as-read"]],
    ["RU", ["A 123", "BC 77"], ["A123BC77 as-read"]],
    ["MN", ["1234", "УБӨ"], ["1234YБӨ as-read"]],
    ["UA, both pairs above, also German as read", ["AP ET", "7007"], ["APET7007 as-read", "AP7007ET letters-around"]],
    ["letters that are not Ukrainian", ["AP ES", "7007"], ["APES7007 as-read"]],
    ["joined, so nobody knows the rows", ["APET7007"], ["APET7007 as-read"]],
    ["CN trailer", ["新A", "1234挂"], ["新A1234挂 as-read"]],
    ["no such region", ["123 21", "ABC"], ["12321ABC as-read"]],
    ["no form in any order", ["123 99", "AB"], ["12399AB as-read"]],
    ["garbage", ["VOLVO", "FH"], ["VOLVOFH as-read"]],
    ["empty rows", [" ", "-"], []],
    ["no rows", [], []],
])("%s", (_name, rows, expected) => {
    expect(readings(...rows)).toEqual(expected);
});

test("a region of the site's own list counts", () => {
    const regions = [{ code: "99", name: "New Region", oldLetters: "" }];
    const [asRead, moved, ...others] = twoRowReadings(["123 99", "QZ"], { regions });
    expect(others).toEqual([]);
    expect(asRead).toMatchObject({ key: "12399QZ", order: "as-read", matches: [] });
    expect(moved).toMatchObject({ key: "123QZ99", order: "region-last", matches: [{ regions }] });
});

test("only Kazakh forms explain a moved region, all forms a read as it stands", () => {
    const [asRead, moved] = twoRowReadings(["12 01", "ABC"]);
    expect(asRead?.matches.map(({ format }) => format.id)).toEqual(["kg-old-digits-first", "mn-standard"]);
    expect(moved?.matches.map(({ format }) => format.id)).toEqual(["kz-2012-short"]);
});

test("every Kazakh plate of 2012 is found again from its rows, whatever its shape", () => {
    const digits = fc.stringMatching(/^\d{2,3}$/u);
    const letters = fc.stringMatching(/^[A-Z]{2,3}$/u);
    const region = fc.integer({ min: 1, max: 20 }).map((code) => String(code).padStart(2, "0"));
    fc.assert(
        fc.property(digits, letters, region, (number, series, code) => {
            const keys = twoRowReadings([`${number} ${code}`, series]).map(({ key }) => key);
            expect(keys).toContain(`${number}${series}${code}`);
            expect(keys.length).toBeLessThanOrEqual(2);
        }),
    );
});

/** Share of the order with the region last, for signs whose middles lie there. */
const regionShare = (upper: string, lower: string, upperMiddles: readonly number[] = []): number =>
    twoRowReadings([upper, lower], { upperMiddles }).find(({ order }) => order === "region-last")?.share ?? 0;

test.each([
    ["nothing known of the spacing", [], 0.8, 0.85],
    ["evenly spaced", [10, 20, 30, 40, 50], 0, 0.5],
    ["evenly spaced, in other units", [0.1, 0.2, 0.3, 0.4, 0.5], 0, 0.5],
    ["a line between number and region", [7, 14, 21, 30.5, 35.5], 0.95, 1],
    ["hardly a gap", [7, 14, 21, 28.5, 34.2], 0.5, 0.9],
    ["places of other signs", [10, 20, 30, 40], 0.8, 0.85],
    ["places one over the other", [10, 20, 30, 40, 40], 0.8, 0.85],
])("the spacing of five digits decides about the region: %s", (_name, middles, least, most) => {
    const share = regionShare("30217", "BI", middles);
    expect(share).toBeGreaterThan(least);
    expect(share).toBeLessThan(most);
});

test("four digits that end in a region are judged alike", () => {
    expect(regionShare("6808", "XO", [8, 16, 24, 32])).toBeLessThan(0.5);
    expect(regionShare("6808", "XO", [10, 18, 30, 35])).toBeGreaterThan(0.95);
});

test("the wider the gap before the region, the likelier it is one; shares are 1 together, and none is certain", () => {
    const step = fc.double({ min: 0.5, max: 20, noNaN: true });
    fc.assert(
        fc.property(step, step, step, fc.double({ min: 0, max: 20, noNaN: true }), (digit, gap, last, more) => {
            const before = 3 * digit;
            const middles = (between: number) => [
                ...[digit, 2 * digit, before],
                ...[before + between, before + between + last],
            ];
            const readings = twoRowReadings(["12302", "ABC"], { upperMiddles: middles(gap) });
            expect(readings.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
            const share = regionShare("12302", "ABC", middles(gap));
            expect(share).toBeGreaterThan(0.05);
            expect(share).toBeLessThan(0.999);
            expect(regionShare("12302", "ABC", middles(gap + more))).toBeGreaterThanOrEqual(share - 1e-9);
        }),
    );
});

test("both orders of one plate are the same signs in the order of the rows", () => {
    for (const rows of [
        ["12302", "ABC"],
        ["1201", "AA"],
        ["APET", "7007"],
    ]) {
        const orders = twoRowReadings(rows).map(({ key }) => inRowOrder(key));
        expect(orders).toEqual([rows.join(""), rows.join("")]);
    }
    expect(inRowOrder("A123BC77")).toBe("A123BC77");
});
