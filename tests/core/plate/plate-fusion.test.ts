import { describe, expect, test } from "vitest";
import { fuseReads, type WeighedRead } from "../../../src/core/plate/plate-fusion.ts";

function read(atMs: number, texts: Readonly<Record<string, number>>): WeighedRead {
    const list = Object.entries(texts).map(([text, probability]) => ({ text, probability }));
    const [first] = list.toSorted((a, b) => b.probability - a.probability);
    return { text: first?.text ?? "", confidence: first?.probability ?? 0, atMs, texts: list };
}

describe("fuseReads", () => {
    test("one clear frame outweighs two that hesitate", () => {
        const vote = fuseReads([
            read(0, { "123ABC02": 0.4, "128ABC02": 0.5 }),
            read(1, { "123ABC02": 0.4, "128ABC02": 0.5 }),
            read(2, { "123ABC02": 0.98, "128ABC02": 0.005 }),
        ]);
        expect(vote?.key).toBe("123ABC02");
        expect(vote?.frames).toBe(3);
        expect(vote?.agreeing).toBe(1);
    });

    test("the same confusion in every frame stays a doubt, however many frames there are", () => {
        const frames = Array.from({ length: 40 }, (_, atMs) => read(atMs, { "123ABC02": 0.5, "128ABC02": 0.45 }));
        const vote = fuseReads(frames);
        expect(vote?.key).toBe("123ABC02");
        expect(vote?.confidence).toBeGreaterThan(0.5);
        expect(vote?.confidence).toBeLessThan(0.65);
    });

    test("frames that agree make surer than one of them", () => {
        const [one, three] = [1, 3].map((count) =>
            fuseReads(Array.from({ length: count }, (_, atMs) => read(atMs, { "123ABC02": 0.8, "123ABO02": 0.05 }))),
        );
        expect(one?.confidence).toBeCloseTo(0.8 / (0.8 + 0.05 * 0.06 + 0.15), 1);
        expect(three?.confidence).toBeGreaterThan(one?.confidence ?? 1);
    });

    test("a known form decides between texts the picture allows alike, and never against a clear picture", () => {
        expect(fuseReads([read(0, { "12OABC02": 0.45, "120ABC02": 0.4 })])?.key).toBe("120ABC02");
        expect(fuseReads([read(0, { "12OABC02": 0.9, "120ABC02": 0.05 })])?.key).toBe("12OABC02");
    });

    test("many frames are no surer than one whether it is an O or a 0, so that the form still decides", () => {
        const frames = Array.from({ length: 30 }, (_, atMs) => read(atMs, { O1XJND: 0.8, "01XJND": 0.15 }));
        const [one, all] = [fuseReads(frames.slice(0, 1)), fuseReads(frames)];
        expect([one?.key, all?.key]).toEqual(["01XJND", "01XJND"]);
        expect(all?.confidence).toBeLessThan(0.8);
    });

    test("nor whether it is an L or a 4: a 4 that touches a line is misread in every frame alike", () => {
        const frames = Array.from({ length: 40 }, (_, atMs) => read(atMs, { C77LXK777: 0.9, C774XK777: 0.06 }));
        const vote = fuseReads(frames);
        expect(vote?.key).toBe("C774XK777");
        expect(vote?.confidence).toBeLessThan(0.6);
        const clear = frames.map(({ atMs }) => read(atMs, { C77LXK777: 0.004, C774XK777: 0.97 }));
        expect(fuseReads(clear)?.confidence).toBeGreaterThan(0.98);
    });

    test("many frames are no surer than one in which order two rows are read", () => {
        const frames = Array.from({ length: 30 }, (_, atMs) => read(atMs, { "302BI17": 0.7, "30217BI": 0.25 }));
        const [one, all] = [fuseReads(frames.slice(0, 1)), fuseReads(frames)];
        expect([one?.key, all?.key]).toEqual(["302BI17", "302BI17"]);
        expect(all?.confidence).toBeLessThan(0.8);
    });

    test("does not depend on the order of the frames", () => {
        const frames = [
            read(0, { AB123: 0.6, AB128: 0.3 }),
            read(1, { AB128: 0.5 }),
            read(2, { AB123: 0.4, AB128: 0.4 }),
        ];
        expect(fuseReads(frames.toReversed())?.confidence).toBeCloseTo(fuseReads(frames)?.confidence ?? -1, 9);
    });

    test("keeps the raw text of the surest read beside the key", () => {
        const vote = fuseReads([read(0, { "123 ABC 02": 0.9 }), read(1, { "123ABC02": 0.7 })]);
        expect([vote?.text, vote?.key]).toEqual(["123 ABC 02", "123ABC02"]);
    });

    test("nothing read, nothing said", () => {
        expect(fuseReads([])).toBeUndefined();
        expect(fuseReads([read(0, { "": 0.9 })])).toBeUndefined();
    });
});
