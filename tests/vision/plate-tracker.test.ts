import { describe, expect, test } from "vitest";
import type { PlateReading } from "../../src/vision/plate-reader.ts";
import { PlateTracker } from "../../src/vision/plate-tracker.ts";

interface Seen {
    readonly x?: number;
    readonly y?: number;
    readonly width?: number;
    readonly confidence?: number;
    readonly hasForm?: boolean;
}

function reading(text: string, seen: Seen = {}): PlateReading {
    const { x = 600, y = 400, width = 150, confidence = 0.9, hasForm = true } = seen;
    const corners = [
        [x, y],
        [x + width, y],
        [x + width, y + 30],
        [x, y + 30],
    ] as const;
    return { text, confidence, hasForm, characters: [], corners };
}

const FRAME_MS = 125;

/** Feeds one list of readings a frame; gives what was seen in the last. */
function follow(tracker: PlateTracker, frames: readonly (readonly PlateReading[])[], startMs = 1_000) {
    const changes = frames.map((readings, index) => tracker.update(readings, startMs + index * FRAME_MS));
    return { seen: changes.at(-1)?.seen ?? [], gone: changes.flatMap(({ gone }) => gone) };
}

describe("PlateTracker", () => {
    test("reports a plate when two frames agree, not before", () => {
        const tracker = new PlateTracker("t");
        expect(tracker.update([reading("123ABC02")], 1_000).seen).toEqual([]);
        const [plate] = tracker.update([reading("123ABC02")], 1_125).seen;
        expect(plate).toMatchObject({ firstSeenMs: 1_000, lastSeenMs: 1_125, vote: { text: "123ABC02", agreeing: 2 } });
    });

    test("keeps the track while the lorry drives up, and one wrong frame changes nothing", () => {
        const tracker = new PlateTracker("t");
        const drive = ["123ABC02", "123ABC02", "I23A8C02", "123ABC02", "123ABC02"].map((text, index) => [
            reading(text, { x: 500 + index * 60, y: 300 + index * 40, width: 100 + index * 12 }),
        ]);
        const { seen } = follow(tracker, drive);
        expect(seen.length).toBe(1);
        expect(seen[0]).toMatchObject({ firstSeenMs: 1_000, vote: { text: "123ABC02", agreeing: 4, frames: 5 } });
    });

    test("does not report what reads differently every time", () => {
        const tracker = new PlateTracker("t");
        const texts = ["123ABC02", "928XQZ13", "445DDF07", "781KLM19"];
        const { seen } = follow(
            tracker,
            texts.map((text) => [reading(text)]),
        );
        expect(seen).toEqual([]);
    });

    test("wants more agreement for a text of no known form", () => {
        const tracker = new PlateTracker("t");
        const slogan = [reading("LOAD12345", { hasForm: false, confidence: 0.5 })];
        expect(follow(tracker, [slogan, slogan, slogan]).seen).toEqual([]);
        expect(follow(tracker, [slogan], 1_375).seen.length).toBe(1);
    });

    test("does not report what is hardly believed, however often", () => {
        const tracker = new PlateTracker("t");
        const doubtful = Array.from({ length: 20 }, () => [reading("123ABC02", { confidence: 0.2 })]);
        expect(follow(tracker, doubtful).seen).toEqual([]);
    });

    test("follows two plates side by side", () => {
        const tracker = new PlateTracker("t");
        const both = [reading("123ABC02"), reading("77KBA13", { x: 1_000 })];
        const { seen } = follow(tracker, [both, both, both]);
        expect(seen.map(({ vote }) => vote.text).sort()).toEqual(["123ABC02", "77KBA13"]);
        expect(new Set(seen.map(({ track }) => track)).size).toBe(2);
    });

    test("says when a plate is gone, once", () => {
        const tracker = new PlateTracker("t");
        const { seen } = follow(tracker, [[reading("123ABC02")], [reading("123ABC02")]]);
        expect(tracker.update([], 4_000).gone).toEqual([]);
        expect(tracker.update([], 4_200).gone).toEqual([seen[0]?.track]);
        expect(tracker.update([], 4_300).gone).toEqual([]);
    });

    test("gives the next lorry in the same place a track of its own", () => {
        const tracker = new PlateTracker("t");
        const first = follow(tracker, [[reading("123ABC02")], [reading("123ABC02")]]).seen[0];
        const next = follow(tracker, [[reading("909ZZX17")], [reading("909ZZX17")]], 3_000).seen[0];
        expect(next?.vote.text).toBe("909ZZX17");
        expect(next?.track).not.toBe(first?.track);
    });

    test("takes two clear reads that differ in two characters for two plates, and doubtful ones for one", () => {
        for (const [confidence, tracks] of [
            [0.95, 2],
            [0.6, 1],
        ] as const) {
            const tracker = new PlateTracker("t");
            const first = follow(tracker, Array(2).fill([reading("28RXT9", { confidence })])).seen[0];
            const next = follow(tracker, Array(2).fill([reading("28RBN9", { confidence, x: 700 })]), 2_500).seen[0];
            expect(new Set([first?.track, next?.track]).size, `${confidence}`).toBe(tracks);
        }
    });

    test("keeps a misread of the same moment and place in the track", () => {
        const tracker = new PlateTracker("t");
        const frames = ["123ABC02", "123ABC02", "XQ9AKKO2", "123ABC02"].map((text) => [reading(text)]);
        expect(follow(tracker, frames).seen[0]?.vote).toMatchObject({ text: "123ABC02", frames: 4, agreeing: 3 });
    });

    test("asks for a picture at the first report, and then only for a clearly better view", () => {
        const tracker = new PlateTracker("t");
        const near = (width: number) => [reading("123ABC02", { width })];
        const shown = [100, 102, 103, 180].map(
            (width, index) => tracker.update(near(width), 1_000 + index * 125).seen[0]?.isShown,
        );
        // The first frame alone is not reported; its view was the best so far, so the first report has to show one.
        expect(shown).toEqual([undefined, true, false, true]);
    });

    test("forgets all, and names what it had reported", () => {
        const tracker = new PlateTracker("t");
        const { seen } = follow(tracker, [[reading("123ABC02")], [reading("123ABC02")]]);
        expect(tracker.clear()).toEqual([seen[0]?.track]);
        expect(tracker.clear()).toEqual([]);
    });
});
