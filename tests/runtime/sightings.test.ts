/** The same plate at two lanes: when that is two lorries, and when it is one on its way. */
import { describe, expect, test } from "vitest";
import type { LaneRole } from "../../src/core/decision/lane-role.ts";
import type { Fact } from "../../src/core/fact/fact.ts";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import { Sightings } from "../../src/runtime/sightings.ts";

const KEY = toPlateKey("123ABC02");
const TIMES = { twiceMsMax: 300_000, onwardMsMin: 5_000 };
const lane = (id: string, role: LaneRole = "checkpoint-entry") => ({ id, role });
const ended = (kind: Fact["kind"], passage: string): Fact[] => [
    { kind, passage, data: {}, id: "", sequence: 1, utcMs: 0, isClockTrusted: true, hash: "", previousHash: "" },
];

describe("a plate that stands at lane 1", () => {
    const sightings = (): Sightings => {
        const all = new Sightings(TIMES);
        all.note(lane("lane-1"), "p-1", KEY, 1_000);
        return all;
    };

    test("is odd at lane 2, and not at lane 1 itself", () => {
        expect(sightings().elsewhere(lane("lane-2"), KEY, 2_000)).toBe("lane-1");
        expect(sightings().elsewhere(lane("lane-1"), KEY, 2_000)).toBeUndefined();
        expect(sightings().elsewhere(lane("lane-2"), toPlateKey("777KKK05"), 2_000)).toBeUndefined();
    });

    test("is odd for minutes after it was last seen, and no longer", () => {
        expect(sightings().elsewhere(lane("lane-2"), KEY, 301_000)).toBe("lane-1");
        expect(sightings().elsewhere(lane("lane-2"), KEY, 301_001)).toBeUndefined();
        const all = sightings();
        all.note(lane("lane-1"), "p-1", KEY, 100_000);
        expect(all.elsewhere(lane("lane-2"), KEY, 301_001)).toBe("lane-1");
    });

    test("is odd at both once it stands at both", () => {
        const all = sightings();
        all.note(lane("lane-2"), "p-2", KEY, 3_000);
        expect(all.elsewhere(lane("lane-1"), KEY, 3_000)).toBe("lane-2");
    });

    test("may go elsewhere after it drove away", () => {
        for (const kind of ["vehicle.left", "passage.backed-out"] as const) {
            const all = sightings();
            all.hear(ended(kind, "p-1"));
            expect(all.elsewhere(lane("lane-2"), KEY, 2_000)).toBeUndefined();
        }
    });

    test("cannot stand at another entry a minute after it went in", () => {
        const all = sightings();
        all.hear(ended("passage.completed", "p-1"));
        expect(all.elsewhere(lane("lane-2"), KEY, 60_000)).toBe("lane-1");
        all.note(lane("lane-1"), "p-1", KEY, 200_000);
        expect(all.elsewhere(lane("lane-2"), KEY, 301_001), "what is read after it went in is not it").toBeUndefined();
    });
});

describe("a plate that left the waiting area", () => {
    const exit = lane("wa-out", "waiting-area-exit");
    const gone = (): Sightings => {
        const all = new Sightings(TIMES);
        all.note(exit, "p-1", KEY, 1_000);
        all.hear(ended("passage.completed", "p-1"));
        return all;
    };

    test("is expected at the checkpoint, but not faster than it can drive", () => {
        expect(gone().elsewhere(lane("lane-1"), KEY, 5_999)).toBe("wa-out");
        expect(gone().elsewhere(lane("lane-1"), KEY, 6_000)).toBeUndefined();
    });

    test("is not expected back at the entry of the waiting area", () => {
        expect(gone().elsewhere(lane("wa-in", "waiting-area-entry"), KEY, 60_000)).toBe("wa-out");
    });

    test("is odd at the checkpoint while it still stands in the waiting area's exit", () => {
        const all = new Sightings(TIMES);
        all.note(exit, "p-1", KEY, 1_000);
        expect(all.elsewhere(lane("lane-1"), KEY, 20_000)).toBe("wa-out");
    });
});

describe("after a restart", () => {
    const WATCHERS = new Map([
        ["lane-1", lane("lane-1")],
        ["lane-2", lane("lane-2")],
        ["wa-out", lane("wa-out", "waiting-area-exit")],
    ]);
    const UTC_MS = 1_900_000_000_000;
    const fact = (kind: Fact["kind"], secondsAgo: number, at = "lane-1", data: Fact["data"] = {}): Fact => ({
        ...{
            kind,
            lane: at,
            passage: `p-${at}`,
            data,
            id: "",
            sequence: 1,
            isClockTrusted: true,
            hash: "",
            previousHash: "",
        },
        utcMs: UTC_MS - secondsAgo * 1_000,
    });
    const read = (secondsAgo: number, at = "lane-1", isSure = true): Fact =>
        fact("vehicle.recognised", secondsAgo, at, { key: "123ABC02", isSure });
    const recalled = (...facts: Fact[]): Sightings => {
        const all = new Sightings(TIMES);
        all.recall(facts, WATCHERS, { nowMs: 5_000, utcMs: UTC_MS });
        return all;
    };
    const NEXT_MS = 6_000;

    test("what stood or went in minutes ago is known at the other lanes", () => {
        expect(recalled(read(60)).elsewhere(lane("lane-2"), KEY, NEXT_MS)).toBe("lane-1");
        expect(recalled(read(60), fact("passage.completed", 50)).elsewhere(lane("lane-2"), KEY, NEXT_MS)).toBe(
            "lane-1",
        );
    });

    test("who was there long ago, drove away, was not read surely or stood at a lane that is no more is not", () => {
        for (const facts of [
            [read(301)],
            [read(60), fact("vehicle.left", 50)],
            [read(60, "lane-1", false)],
            [read(60, "lane-9")],
        ]) {
            expect(recalled(...facts).elsewhere(lane("lane-2"), KEY, NEXT_MS)).toBeUndefined();
        }
    });

    test("it counts from the last that the lane told of the passage, and on its way it is expected further on", () => {
        const slow = recalled(read(400), fact("boom.opened", 200));
        expect(slow.elsewhere(lane("lane-2"), KEY, NEXT_MS)).toBe("lane-1");
        const onward = recalled(read(60, "wa-out"), fact("passage.completed", 50, "wa-out"));
        expect(onward.elsewhere(lane("lane-1"), KEY, NEXT_MS)).toBeUndefined();
        expect(onward.elsewhere(lane("lane-2", "waiting-area-exit"), KEY, NEXT_MS)).toBe("wa-out");
    });

    test("a clock that was set back makes nothing forgotten", () => {
        expect(recalled(read(-86_400)).elsewhere(lane("lane-2"), KEY, NEXT_MS)).toBe("lane-1");
    });
});
