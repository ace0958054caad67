import { describe, expect, test } from "vitest";
import { likeliestPath, type StepProbabilities, spellings } from "../../src/vision/ctc-decoder.ts";

/** Oracle: every path of classes is walked, collapsed by the rule of the paper, and its probability added to its text. */
function allSpellings(rows: readonly (readonly number[])[]): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    const classes = rows[0]?.length ?? 0;
    const walk = (step: number, path: readonly number[], probability: number): void => {
        if (step === rows.length) {
            const text = path.filter((sign, index) => sign !== 0 && sign !== path[index - 1]).join("");
            found.set(text, (found.get(text) ?? 0) + probability);
            return;
        }
        for (let sign = 0; sign < classes; sign++)
            walk(step + 1, [...path, sign], probability * (rows[step]?.[sign] ?? 0));
    };
    walk(0, [], 1);
    return found;
}

function stepsOf(rows: readonly (readonly number[])[]): StepProbabilities {
    return { values: Float32Array.from(rows.flat()), steps: rows.length, classes: rows[0]?.length ?? 0 };
}

/** Numbers that look random and are the same every time. */
function drawnRows(seed: number, steps: number, classes: number): number[][] {
    let state = seed;
    const next = (): number => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return state / 2_147_483_648 + 0.02;
    };
    return Array.from({ length: steps }, () => {
        const row = Array.from({ length: classes }, next);
        const sum = row.reduce((a, b) => a + b, 0);
        return row.map((value) => value / sum);
    });
}

describe("spellings", () => {
    test("gives every text the probability of all its paths", () => {
        for (let seed = 1; seed <= 20; seed++) {
            const rows = drawnRows(seed, 5, 3);
            const truth = allSpellings(rows);
            const found = spellings(stepsOf(rows), 1_000);
            expect(found.length).toBe(truth.size);
            for (const { signs, probability } of found)
                expect(probability).toBeCloseTo(truth.get(signs.join("")) ?? -1, 5);
        }
    });

    test("puts the likeliest text first, which the likeliest path alone may miss", () => {
        // Path "blank blank" is the likeliest (0.36), text "1" has three paths (0.64).
        const found = spellings(
            stepsOf([
                [0.6, 0.4],
                [0.6, 0.4],
            ]),
            4,
        );
        expect(found[0]?.signs).toEqual([1]);
        expect(found[0]?.probability).toBeCloseTo(0.64, 5);
    });

    test("keeps a doubled sign apart from a long one", () => {
        const [first] = spellings(
            stepsOf([
                [0.01, 0.99],
                [0.98, 0.02],
                [0.01, 0.99],
            ]),
            4,
        );
        expect(first?.signs).toEqual([1, 1]);
    });
});

test("likeliestPath tells each place once, where it is clearest, with what else it may be", () => {
    const path = likeliestPath(
        stepsOf([
            [0.1, 0.6, 0.3],
            [0.05, 0.9, 0.05],
            [0.9, 0.05, 0.05],
            [0.2, 0.1, 0.7],
        ]),
    );
    expect(path.map(({ step }) => step)).toEqual([1, 3]);
    expect(path[0]?.choices.map(({ sign }) => sign)).toEqual([1, 2]);
    expect(path[1]?.choices[0]?.probability).toBeCloseTo(0.7, 5);
});
