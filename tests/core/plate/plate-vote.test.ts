/** The vote chooses between keys that were read; it must not depend on order, on one frame, or on a grammar. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import { type FrameRead, voteReads } from "../../../src/core/plate/plate-vote.ts";

let clockMs = 0;
const read = (text: string, confidence: number, atMs = ++clockMs): FrameRead => ({ text, confidence, atMs });

describe("the winner", () => {
    test.each([
        ["the only one", [read("123ABC02", 0.9)], "123ABC02"],
        [
            "not the first but the heaviest",
            [read("123A8C02", 0.9), read("123ABC02", 0.6), read("123ABC02", 0.6)],
            "123ABC02",
        ],
        ["one confident against two doubtful", [read("A", 0.9), read("B", 0.3), read("B", 0.3)], "A"],
        [
            "spellings of one key together",
            [read("123-авс-02", 0.5), read("123 ABC 02", 0.5), read("X1", 0.9)],
            "123ABC02",
        ],
        ["a heavier read without form", [read("123ABC02", 0.7), read("1@@B0Z", 0.8)], "1B0Z"],
        ["of equal ones, that with a form", [read("123A8C02", 0.7), read("123ABC02", 0.7)], "123ABC02"],
        ["of equal ones without form, the plausible", [read("AAAAAA", 0.7), read("9BBBBB9", 0.7)], "9BBBBB9"],
        [
            "of equal ones, a plate before a word that has a form",
            [read("SCANIA", 0.7), read("99999X99", 0.7)],
            "99999X99",
        ],
        ["of equal ones, that in more frames", [read("AAAA", 0.8), read("BBBB", 0.4), read("BBBB", 0.4)], "BBBB"],
        ["of equal ones, the first in the alphabet", [read("BBBB", 0.7), read("AAAA", 0.7)], "AAAA"],
        ["with no confidence at all", [read("AAAA", 0)], "AAAA"],
    ])("%s", (_name, reads, winner) => {
        expect(voteReads(reads)?.key).toBe(winner);
        expect(voteReads(reads.toReversed())?.key).toBe(winner);
    });

    test("does not exist without a read", () => {
        expect(voteReads([])).toBeUndefined();
        expect(voteReads([read("", 0.9), read(" - ", 0.9)])).toBeUndefined();
    });

    test("obeys the forms of the site", () => {
        const reads = [read("123A8C02", 0.7), read("123ABC02", 0.7)];
        expect(voteReads(reads, { formats: [] })?.key).toBe("123A8C02");
    });

    test("keeps the raw text of its best read, apart from the key", () => {
        const reads = [read("123 abc 02", 0.4), read("123-ABC-02", 0.9), read("123ABC02", 0.5)];
        expect(voteReads(reads)).toMatchObject({ text: "123-ABC-02", key: "123ABC02" });
    });

    test("takes the earlier of two equally good texts, then the first in the alphabet", () => {
        expect(voteReads([read("1-23", 0.5, 20), read("12-3", 0.5, 10)])?.text).toBe("12-3");
        expect(voteReads([read("12-3", 0.5, 10), read("1-23", 0.5, 10)])?.text).toBe("1-23");
        expect(voteReads([read("1-23", 0.5, 10), read("12-3", 0.5, 10)])?.text).toBe("1-23");
    });
});

describe("confidence", () => {
    const times = (count: number, confidence: number): FrameRead[] =>
        Array.from({ length: count }, () => read("123ABC02", confidence));

    test.each([
        ["one perfect frame", times(1, 1), 0.6, 1, 1],
        ["one poor frame", times(1, 0.3), 0.3, 1, 1],
        ["two perfect frames", times(2, 1), 0.8, 2, 2],
        ["four perfect frames", times(4, 1), 0.9, 4, 4],
        ["twenty perfect frames", times(20, 1), 0.98, 20, 20],
        ["many poor frames", times(20, 0.5), 0.5, 20, 20],
        ["half against", [...times(2, 0.8), read("123A8C02", 0.8), read("123A8C0Z", 0.8)], 0.4, 4, 2],
        ["no confidence", times(3, 0), 0, 3, 3],
        ["above one", times(1, 95), 0.6, 1, 1],
        ["below zero", times(2, -1), 0, 2, 2],
        ["not a number", times(2, Number.NaN), 0, 2, 2],
        ["empty reads do not count", [...times(2, 1), read("", 1)], 0.8, 2, 2],
    ])("%s", (_name, reads, confidence, frames, agreeing) => {
        const voted = voteReads(reads);
        expect(voted?.confidence).toBeCloseTo(confidence, 9);
        expect(voted).toMatchObject({ frames, agreeing });
    });

    test("one frame read many times is one frame, at its best", () => {
        const reads = [read("123ABC02", 0.2, 7), read("123ABC02", 0.9, 7), read("123 ABC 02", 0.8, 7)];
        expect(voteReads(reads)).toMatchObject({ text: "123ABC02", confidence: 0.6, frames: 1, agreeing: 1 });
    });

    test("two readings of one frame share it", () => {
        const reads = [read("12302ABC", 0.8, 7), read("123ABC02", 0.8, 7)];
        expect(voteReads(reads)).toMatchObject({ frames: 1, agreeing: 1 });
        expect(voteReads(reads)?.confidence).toBeCloseTo(0.4, 9);
    });
});

describe("laws", () => {
    const frame: fc.Arbitrary<FrameRead> = fc.record({
        text: fc.constantFrom("123ABC02", "123-ABC-02", "123A8C02", "12ABC02", "", "VOLVO"),
        confidence: fc.double({ min: -0.5, max: 1.5 }),
        atMs: fc.nat(12),
    });
    const reads = fc.array(frame, { maxLength: 12 });

    test("the order of the reads does not matter", () => {
        const shuffled = reads.chain((some) =>
            fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
        );
        fc.assert(
            fc.property(shuffled, ([some, others]) => {
                expect(voteReads(others)).toEqual(voteReads(some));
            }),
            { numRuns: 2_000 },
        );
    });

    test("the text was read, its key is the key, and the figures stay in range", () => {
        fc.assert(
            fc.property(reads, (some) => {
                const voted = voteReads(some);
                expect(voted === undefined).toBe(some.every(({ text }) => text === ""));
                if (voted === undefined) return;
                expect(some.map(({ text }) => text)).toContain(voted.text);
                expect(toPlateKey(voted.text)).toBe(voted.key);
                expect(voted.confidence).toBeGreaterThanOrEqual(0);
                expect(voted.confidence).toBeLessThanOrEqual(1 - 0.4 / voted.agreeing);
                expect(voted.agreeing).toBeLessThanOrEqual(voted.frames);
                expect(voted.frames).toBe(new Set(some.filter(({ text }) => text !== "").map(({ atMs }) => atMs)).size);
            }),
            { numRuns: 2_000 },
        );
    });

    test("a further perfect frame that agrees never lowers the confidence", () => {
        fc.assert(
            fc.property(reads, (some) => {
                const voted = voteReads(some);
                if (voted === undefined) return;
                const more = voteReads([...some, { text: voted.text, confidence: 1, atMs: 99 }]);
                expect(more?.key).toBe(voted.key);
                expect(more?.confidence).toBeGreaterThanOrEqual(voted.confidence - 1e-9);
            }),
            { numRuns: 2_000 },
        );
    });
});
