/** Near matches: distances against a plain table written here, the marks on examples. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import { diffPlates, foldConfusable } from "../../../src/core/plate/plate-similarity.ts";

const CONFUSED = [
    "0O",
    "0Q",
    "0D",
    "OQ",
    "OD",
    "QD",
    "1I",
    "1L",
    "IL",
    "2Z",
    "5S",
    "8B",
    "6G",
    "4A",
    "7T",
    "3З",
    "4Ч",
    "AЧ",
];
const isConfused = (a: string, b: string): boolean => CONFUSED.includes(a + b) || CONFUSED.includes(b + a);

/** Textbook Levenshtein with the same costs. */
function oracleDistance(a: string, b: string): number {
    const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
    const at = (i: number, j: number): number => table[i]?.[j] ?? Number.NaN;
    for (let i = 0; i <= a.length; i++) {
        for (let j = 0; j <= b.length; j++) {
            const [signA, signB] = [a.charAt(i - 1), b.charAt(j - 1)];
            const substitution = signA === signB ? 0 : isConfused(signA, signB) ? 0.25 : 1;
            const row = table[i] ?? [];
            if (i === 0 || j === 0) row[j] = i + j;
            else row[j] = Math.min(at(i - 1, j - 1) + substitution, at(i - 1, j) + 1, at(i, j - 1) + 1);
        }
    }
    return at(a.length, b.length);
}

const diff = (a: string, b: string) => diffPlates(toPlateKey(a), toPlateKey(b));
/** Few signs make many ties, many signs few. */
const key = fc
    .constantFrom("KX", "KX0O", "ABDOQILZSGT0123456789ЗЧXK")
    .chain((signs) => fc.string({ unit: fc.constantFrom(...signs), maxLength: 11 }))
    .map(toPlateKey);

describe("diffPlates", () => {
    test.each([
        ["equal", "123ABC02", "123ABC02", 0, []],
        ["both empty", "", "", 0, []],
        ["confusable", "123ABC02", "123A8C02", 0.25, ["4/4 B>8 confusable"]],
        ["two confusable", "O23ABC02", "023ABC0Z", 0.5, ["0/0 O>0 confusable", "7/7 2>Z confusable"]],
        ["Cyrillic confusable", "1234ЗЧX", "123434X", 0.5, ["4/4 З>3 confusable", "5/5 Ч>4 confusable"]],
        ["other", "123ABC02", "129ABC02", 1, ["2/2 3>9 other"]],
        ["missing", "123ABC02", "12ABC02", 1, ["2/2 3> missing"]],
        ["extra", "12ABC02", "123ABC02", 1, ["2/2 >3 extra"]],
        ["missing at the ends", "X123AB02Y", "123AB02", 2, ["0/0 X> missing", "8/7 Y> missing"]],
        ["one empty", "12", "", 2, ["0/0 1> missing", "1/0 2> missing"]],
        ["other empty", "", "12", 2, ["0/0 >1 extra", "0/1 >2 extra"]],
        ["shift", "123ABC", "23ABCX", 2, ["0/0 1> missing", "6/5 >X extra"]],
        ["substitutions go before missing and extra", "KX", "XK", 2, ["0/0 K>X other", "1/1 X>K other"]],
        ["repeated sign", "11", "111", 1, ["2/2 >1 extra"]],
        ["province left out", "新A12345", "A12345", 1, ["0/0 新> missing"]],
    ])("%s", (_name, a, b, distance, differences) => {
        const found = diff(a, b);
        expect(found.distance).toBe(distance);
        expect(found.differences.map((one) => `${one.indexA}/${one.indexB} ${one.a}>${one.b} ${one.kind}`)).toEqual(
            differences,
        );
    });

    test.each(CONFUSED.map((pair) => [pair]))("%s cost less than other pairs", (pair) => {
        expect(diff(`11${pair.charAt(0)}11`, `11${pair.charAt(1)}11`).distance).toBe(0.25);
        expect(diff(`11${pair.charAt(0)}11`, "11K11").distance).toBe(1);
    });

    test("finds the distance of the textbook", () => {
        fc.assert(
            fc.property(key, key, (a, b) => {
                expect(diffPlates(a, b).distance).toBe(oracleDistance(a, b));
            }),
            { numRuns: 2_000 },
        );
    });

    test("breaks a tie the same way from both sides", () => {
        const kinds = (a: string, b: string) => diff(a, b).differences.map(({ kind }) => kind);
        expect(kinds("KXK", "XKX")).toEqual(["extra", "missing"]);
        expect(kinds("XKX", "KXK")).toEqual(["missing", "extra"]);
    });

    test("is symmetrical, differences included", () => {
        fc.assert(
            fc.property(key, key, (a, b) => {
                const swapped = {
                    missing: "extra",
                    extra: "missing",
                    confusable: "confusable",
                    other: "other",
                } as const;
                const back = diffPlates(b, a);
                expect(diffPlates(a, b)).toEqual({
                    distance: back.distance,
                    differences: back.differences.map((one) => ({
                        indexA: one.indexB,
                        indexB: one.indexA,
                        a: one.b,
                        b: one.a,
                        kind: swapped[one.kind],
                    })),
                });
            }),
            { numRuns: 2_000 },
        );
    });

    test("its differences turn one key into the other, from left to right", () => {
        fc.assert(
            fc.property(key, key, (a, b) => {
                let built = "";
                let next = 0;
                let cost = 0;
                for (const one of diffPlates(a, b).differences) {
                    built += a.slice(next, one.indexA) + one.b;
                    expect(built.length - one.b.length).toBe(one.indexB);
                    expect(a.slice(one.indexA, one.indexA + one.a.length)).toBe(one.a);
                    next = one.indexA + one.a.length;
                    cost += one.kind === "confusable" ? 0.25 : 1;
                }
                expect(built + a.slice(next)).toBe(b);
                expect(diffPlates(a, b).distance).toBe(cost);
            }),
            { numRuns: 2_000 },
        );
    });
});

describe("foldConfusable", () => {
    test.each([
        ["KMN", "KMN"],
        ["O0QD", "0000"],
        ["LIZЗЧASGTB", "1123445678"],
        ["", ""],
    ])("%s", (text, folded) => {
        expect(foldConfusable(toPlateKey(text))).toBe(folded);
    });

    test("is the same for two keys exactly if they differ in confusable signs only", () => {
        const plate = fc.string({ unit: fc.constantFrom(..."01IOLZK"), minLength: 2, maxLength: 3 }).map(toPlateKey);
        let same = 0;
        fc.assert(
            fc.property(plate, plate, (a, b) => {
                const alike =
                    a.length === b.length &&
                    [...a].every((sign, index) => sign === b.charAt(index) || isConfused(sign, b.charAt(index)));
                expect(foldConfusable(a) === foldConfusable(b)).toBe(alike);
                if (alike) same++;
            }),
            { numRuns: 2_000 },
        );
        expect(same).toBeGreaterThan(50);
    });
});
