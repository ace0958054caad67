/** From the facts of a passage to the body of a camera event: which plate, which point, which time, which words. */
import { describe, expect, test } from "vitest";
import { type CamReport, cameraEventOf, camReportOf, concerns } from "../../../src/central/cgr/cam-event.ts";
import type { Fact, FactKind, Json } from "../../../src/core/fact/fact.ts";

const UTC_MS = Date.UTC(2026, 10, 22, 20, 30, 7, 900);

function fact(sequence: number, kind: FactKind, data: { readonly [key: string]: Json }, isClockTrusted = true): Fact {
    const place = { id: `j-${sequence}`, sequence, utcMs: UTC_MS, isClockTrusted, hash: "", previousHash: "" };
    return { kind, lane: "lane-1", passage: "p-1", data, ...place };
}

function completed(data: { readonly [key: string]: Json }, isClockTrusted = true): Fact {
    return fact(9, "passage.completed", { means: "entered", plate: null, bookingId: null, ...data }, isClockTrusted);
}

function read(sequence: number, key: string, confidence: number, isSure: boolean): Fact {
    return fact(sequence, "vehicle.recognised", { key, confidence, isSure, evidence: [`hash-of-${key}`] });
}

const nothingBooked = (): undefined => undefined;

describe("which point hears of it", () => {
    test.each([
        ["arrived", "waiting-area", "in"],
        ["left-waiting-area", "waiting-area", "out"],
        ["entered", "checkpoint", "in"],
        ["crossed", "checkpoint", "out"],
    ] as const)("%s: the %s, way %s", (means, point, way) => {
        const end = completed({ means, plate: "123ABC02" });
        expect(concerns(point, end)).toBe(true);
        expect(concerns(point === "checkpoint" ? "waiting-area" : "checkpoint", end)).toBe(false);
        expect(camReportOf(end, [], nothingBooked)).toMatchObject({ way, plate: "123ABC02" });
    });

    test.each<[FactKind, { readonly [key: string]: Json }]>([
        ["passage.begun", { means: "entered" }],
        ["passage.completed", {}],
        ["passage.completed", { means: "teleported" }],
        ["vehicle.recognised", { key: "123ABC02", means: "entered" }],
    ])("%s %j: nobody", (kind, data) => {
        const other = fact(1, kind, data);
        expect([concerns("checkpoint", other), concerns("waiting-area", other)]).toEqual([false, false]);
    });
});

describe("which plate", () => {
    test("that of the decision, with the confidence of its best read and other sure plates beside it", () => {
        const facts = [
            read(1, "123ABC02", 0.7, false),
            read(2, "123ABC02", 0.987, true),
            read(3, "45TRA02", 0.95, true),
            read(4, "8ADGE", 0.99, false),
        ];
        expect(camReportOf(completed({ plate: "123ABC02" }), facts, nothingBooked)).toEqual({
            sequence: 9,
            passage: "p-1",
            way: "in",
            plate: "123ABC02",
            confidencePercent: 98.7,
            related: ["45TRA02"],
            utcMs: UTC_MS,
            pictures: ["hash-of-123ABC02"],
        });
    });

    test("that of the booking which an officer named, and the camera's own reading beside it", () => {
        const report = camReportOf(
            completed({ plate: "128ABC02", bookingId: "B-7" }),
            [read(1, "128ABC02", 0.6, false)],
            (id) => (id === "B-7" ? "123ABC02" : undefined),
        );
        expect(report).toMatchObject({
            plate: "123ABC02",
            confidencePercent: 0,
            related: ["128ABC02"],
            pictures: ["hash-of-128ABC02"],
        });
    });

    test("the best read where nothing was decided on one", () => {
        const facts = [read(1, "1AAA02", 0.4, false), read(2, "2AAA02", 0.5, false)];
        expect(camReportOf(completed({}), facts, nothingBooked)).toMatchObject({
            plate: "2AAA02",
            confidencePercent: 50,
        });
    });

    test("none: it cannot be told", () => {
        expect(camReportOf(completed({}), [], nothingBooked)).toBe("NO_PLATE");
        expect(camReportOf(completed({ plate: "" }), [], nothingBooked)).toBe("NO_PLATE");
    });

    test("reads after the passage, and reads of another form, do not count", () => {
        const facts = [read(10, "999ZZZ02", 1, true), fact(2, "vehicle.recognised", { text: "old version" })];
        expect(camReportOf(completed({ plate: "1AAA02" }), facts, nothingBooked)).toMatchObject({ related: [] });
    });
});

test("a time that may be wrong is not told as if it were right", () => {
    expect(camReportOf(completed({ plate: "1AAA02" }, false), [], nothingBooked)).toBe("CLOCK_UNTRUSTED");
});

describe("the body", () => {
    const report: CamReport = {
        sequence: 9,
        passage: "p-1",
        way: "out",
        plate: "1AAA02",
        confidencePercent: 98.7,
        related: [],
        utcMs: UTC_MS,
        pictures: [],
    };

    test.each([
        ["utc", 300, "2026-11-22T20:30:07Z"],
        ["local", 300, "2026-11-23T01:30:07"],
        ["offset", 300, "2026-11-23T01:30:07+05:00"],
        ["offset", -210, "2026-11-22T17:00:07-03:30"],
        ["offset", 0, "2026-11-22T20:30:07+00:00"],
    ] as const)("time as %s, %i minutes east: %s", (dateTimeAs, utcOffsetMinutes, dateTime) => {
        const directions = { in: "въезд", out: "выезд" };
        expect(cameraEventOf(report, { dateTimeAs, utcOffsetMinutes, directions }, {})).toEqual({
            plateNumber: "1AAA02",
            dateTime,
            recognitionConfidence: 98.7,
            relatedPlateNumbers: [],
            direction: "выезд",
        });
    });

    test("pictures are base64, also those that are a window of a larger buffer", () => {
        const whole = new Uint8Array([0, 255, 216, 255, 0]);
        const form = { dateTimeAs: "utc", utcOffsetMinutes: 0, directions: { in: "1", out: "2" } } as const;
        const event = cameraEventOf(report, form, { full: whole.subarray(1, 4), plate: new Uint8Array([1]) });
        expect([event.fullImage, event.plateImage]).toEqual(["/9j/", "AQ=="]);
    });
});
