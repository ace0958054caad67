/** Every form against patterns written down apart from the code, and against plates that have it and that have not. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KAZAKH_REGIONS } from "../../../src/core/plate/formats-kazakhstan.ts";
import { isPlausiblePlate, layoutsOf, matchFormats, PLATE_FORMATS } from "../../../src/core/plate/plate-formats.ts";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import { FORMAT_CASES } from "./format-cases.ts";

const idsOf = (text: string): readonly string[] => matchFormats(toPlateKey(text)).map(({ format }) => format.id);

/** Plates of every form, and the same with one sign replaced, dropped or added: most of these have no form or another. */
const samples: readonly string[] = FORMAT_CASES.flatMap(({ pattern }) =>
    fc.sample(fc.stringMatching(pattern), { seed: 986, numRuns: 60 }),
);
const spoiled = fc.sample(
    fc.record({
        text: fc.constantFrom(...samples),
        at: fc.nat(9),
        cut: fc.nat(1),
        put: fc.constantFrom("", ..."0AKQZ9"),
    }),
    { seed: 2012, numRuns: 6_000 },
);
const probes = [
    ...samples,
    ...spoiled.map(({ text, at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut)),
].map((text) => ({ text, key: toPlateKey(text), ids: idsOf(text) }));

describe.each(FORMAT_CASES)("$id", ({ id, pattern, except, accept, reject }) => {
    test.each(accept)("accepts %s", (text) => {
        expect(idsOf(text)).toContain(id);
    });

    test.each(reject)("rejects %s", (text) => {
        expect(idsOf(text)).not.toContain(id);
    });

    test("agrees with its pattern on every probe", () => {
        const expected = probes.filter(
            ({ text, key }) => (pattern.test(text) || pattern.test(key)) && except?.test(key) !== true,
        );
        expect(expected.length).toBeGreaterThan(20);
        expect(probes.filter(({ ids }) => ids.includes(id))).toEqual(expected);
    });

    test("has the layouts of its plates, all of them and no other", () => {
        const format = PLATE_FORMATS.find((one) => one.id === id);
        const layouts = format === undefined ? [] : layoutsOf(format);
        const plates = fc.sample(fc.stringMatching(pattern), { seed: 1993, numRuns: 1_500 }).map(toPlateKey);
        expect(plates.filter((plate) => !layouts.some((layout) => fits(plate, layout)))).toEqual([]);
        expect(layouts.filter((layout) => !plates.some((plate) => fits(plate, layout)))).toEqual([]);
    });
});

function fits(key: string, layout: string): boolean {
    const signs = [...key];
    const classes: Record<string, RegExp> = { D: /[0-9]/u, L: /[A-ZÄÖÜ]/u, N: /[A-Z0-9]/u, C: /[^0-9]/u };
    return signs.length === layout.length && signs.every((sign, index) => classes[layout.charAt(index)]?.test(sign));
}

describe("the table", () => {
    test("has a case for each form and no form twice", () => {
        const ids = PLATE_FORMATS.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(FORMAT_CASES.map(({ id }) => id).sort()).toEqual([...ids].sort());
    });

    test.each(PLATE_FORMATS)(
        "$id is named after its country and anchored",
        ({ id, country, pattern, rows, source }) => {
            expect(country).toMatch(/^[A-Z]{2}$/u);
            expect(id.startsWith(`${country.toLowerCase()}-`)).toBe(true);
            expect(pattern.source).toMatch(/^\^.*\$$/u);
            expect(pattern.flags).toBe("u");
            expect(rows.length).toBeGreaterThan(0);
            expect(source).not.toBe("");
        },
    );

    test("what rests on general knowledge alone is marked unverified", () => {
        const claimed = PLATE_FORMATS.filter(
            ({ source, verified }) => source.startsWith("general knowledge") && verified,
        );
        expect(claimed).toEqual([]);
    });
});

describe("collisions between countries stay visible", () => {
    test.each([
        ["12AB345", ["az-standard", "am-two-first", "tr-standard"]],
        ["123AB02", ["kz-2012-organisation", "am-three-first"]],
        ["12ABC02", ["kz-2012-short", "tr-standard"]],
        ["01123ABC", ["uz-organisation", "kg-2016-private"]],
        ["A1234AH", ["tm-standard", "kg-old-letter-first"]],
        ["AB1234AH", ["tm-standard", "ua-standard"]],
        ["1234ABC", ["kg-old-digits-first", "mn-standard"]],
        ["AB12345", ["by-truck", "pl-standard"]],
        ["ABC123", ["lt-standard", "pl-standard", "de-standard"]],
    ])("%s", (text, ids) => {
        expect(idsOf(text)).toEqual(expect.arrayContaining(ids));
    });

    test("the Kazakh private plate of 2012 is nobody else's", () => {
        fc.assert(
            fc.property(fc.stringMatching(/^\d{3}[A-Z]{3}(0[1-9]|1\d|20)$/u), (text) => {
                expect(idsOf(text)).toEqual(["kz-2012-private"]);
            }),
        );
    });
});

describe("Kazakh regions", () => {
    const regionsOf = (text: string, options = {}): readonly string[] =>
        matchFormats(toPlateKey(text), options)
            .filter(({ format }) => format.country === "KZ")
            .flatMap(({ regions }) => regions.map(({ name }) => name));

    test("are 01 to 20", () => {
        const codes = Array.from({ length: 20 }, (_, index) => String(index + 1).padStart(2, "0"));
        expect(KAZAKH_REGIONS.map(({ code }) => code)).toEqual(codes);
    });

    test.each([
        ["123ABC02", ["Almaty"]],
        ["123ABC18", ["Abai"]],
        ["123ABC19", ["Zhetisu"]],
        ["123ABC20", ["Ulytau"]],
        ["123AB13", ["Turkestan"]],
        ["F123407", ["West Kazakhstan"]],
        ["Z123ABC", ["Astana"]],
        ["O123AB", ["Akmola", "North Kazakhstan"]],
        ["W123AB", ["Akmola", "Kostanay"]],
        ["T123ABC", ["North Kazakhstan"]],
        ["Q123ABC", []],
        ["123ABC21", []],
        ["123ABC00", []],
    ])("of %s", (text, names) => {
        expect(regionsOf(text)).toEqual(names);
    });

    test("belong to Kazakh plates only", () => {
        const named = probes.flatMap(({ key }) => matchFormats(key)).filter(({ regions }) => regions.length > 0);
        expect(new Set(named.map(({ format }) => format.country))).toEqual(new Set(["KZ"]));
        expect(matchFormats(toPlateKey("KP123")).flatMap(({ regions }) => regions)).toEqual([]);
    });

    test("come from the site's list if it has one", () => {
        const regions = [{ code: "21", name: "New Region", oldLetters: "Q" }];
        expect(regionsOf("123ABC21", { regions })).toEqual(["New Region"]);
        expect(regionsOf("Q123ABC", { regions })).toEqual(["New Region"]);
        expect(matchFormats(toPlateKey("123ABC02"), { regions })).toEqual([]);
    });
});

test("a site may replace the forms", () => {
    const formats = PLATE_FORMATS.filter(({ country }) => country === "AM");
    expect(matchFormats(toPlateKey("123AB02"), { formats }).map(({ format }) => format.id)).toEqual(["am-three-first"]);
});

test.each([
    ["01KG123ABC", "01123ABC"],
    ["01 KG 123 KGA", "01123KGA"],
    ["01123ABC", "01123ABC"],
    ["123ABC02", "123ABC02"],
])("the canonical key of %s is %s", (text, canonical) => {
    const keys = new Set(matchFormats(toPlateKey(text)).map(({ canonicalKey }) => canonicalKey));
    expect([...keys]).toEqual([canonical]);
});

test("a key without any form has no match", () => {
    expect(idsOf("HOWISMYDRIVING")).toEqual([]);
    expect(idsOf("")).toEqual([]);
});

describe("what may be a plate at all", () => {
    test.each(["A123", "1234", "01KG123ABC", "新A12345", "1234УБӨ", "12ع34567", "AB12"])("%s", (text) => {
        expect(isPlausiblePlate(toPlateKey(text))).toBe(true);
    });

    test.each(["", "12", "A12", "ABCD1", "VOLVO", "87770001122", "01KG1234ABC", "DIESEL", "新疆1挂"])(
        "not %s",
        (text) => {
            expect(isPlausiblePlate(toPlateKey(text))).toBe(false);
        },
    );
});
