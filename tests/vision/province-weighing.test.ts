/** What two opinions about a Chinese province make of the texts: the end of the plate keeps what it has, two rows are left alone. */
import { expect, test } from "vitest";
import type { NetworkText } from "../../src/vision/plate-network-reader.ts";
import { mayNameProvince, weighProvinces } from "../../src/vision/province-weighing.ts";

const PROVINCES = ["皖", "桂", "陕"];

/** The reader often sees the province of one row in the upper half and all else in the lower. */
function text(all: string, probability: number, rows = [all.slice(0, 1), all.slice(1)]): NetworkText {
    return { text: all, rows, upperMiddles: [], probability };
}

function seen(...shares: readonly [number, number, number, number]) {
    return new Map([...PROVINCES, ""].map((sign, index) => [sign, shares[index] ?? 0]));
}

function told(texts: readonly NetworkText[]): Readonly<Record<string, number>> {
    return Object.fromEntries(texts.map(({ text, probability }) => [text, Number(probability.toFixed(3))]));
}

test("a province that the second look is sure of wins over a wavering first one, and what they had together stays", () => {
    const texts = weighProvinces(
        [text("桂A28S79", 0.5), text("皖A28S79", 0.3), text("桂A28579", 0.1)],
        seen(0.9, 0.1, 0, 0),
    );
    expect(texts[0]?.text).toBe("皖A28S79");
    const { 皖A28S79: right = 0, 桂A28S79: wrong = 0, 陕A28S79: other = 0 } = told(texts);
    expect(right + wrong + other).toBeCloseTo(0.8, 2);
    expect(right).toBeGreaterThan(0.6);
    // The other end keeps its own, whichever provinces it goes to.
    const { 皖A28579: a = 0, 桂A28579: b = 0, 陕A28579: c = 0 } = told(texts);
    expect(a + b + c).toBeCloseTo(0.1, 2);
});

test("a province nobody read is told when the second look sees it, and a sure first look is not thrown over by a vague one", () => {
    expect(weighProvinces([text("桂A28S79", 0.9)], seen(0.98, 0.01, 0.01, 0))[0]?.text).toBe("皖A28S79");
    expect(weighProvinces([text("桂A28S79", 0.9)], seen(0.4, 0.3, 0.3, 0))[0]?.text).toBe("桂A28S79");
});

test("a province that was overlooked is found, and one that is none leaves its share to all that begins otherwise", () => {
    const overlooked = [text("A28S79", 0.6, ["A28S79"]), text("皖A28S79", 0.2)];
    expect(weighProvinces(overlooked, seen(0.95, 0.02, 0.02, 0.01))[0]?.text).toBe("皖A28S79");
    expect(weighProvinces(overlooked, seen(0.05, 0.02, 0.02, 0.91))[0]?.text).toBe("A28S79");
    const another = [text("AB0680EA", 0.3, ["AB0680EA"]), text("B0680EA", 0.2, ["B0680EA"]), text("桂B0680EA", 0.2)];
    const { AB0680EA: first = 0, B0680EA: second = 0 } = told(weighProvinces(another, seen(0.01, 0.01, 0.01, 0.97)));
    expect(first / second).toBeCloseTo(1.5, 1);
    expect(first + second).toBeGreaterThan(0.6);
});

test("two rows and plates of other countries stay as they are", () => {
    const others = [text("桂A28S79", 0.5, ["桂A", "28S79"]), text("123ABC02", 0.3, ["123ABC02"]), text("", 0.1, [])];
    expect(weighProvinces(others, seen(1, 0, 0, 0))).toEqual(others);
    expect(mayNameProvince(others, PROVINCES)).toBe(false);
    expect(mayNameProvince([...others, text("陕A28S79", 0.02)], PROVINCES)).toBe(true);
});
