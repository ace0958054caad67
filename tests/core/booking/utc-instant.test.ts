/** RFC 3339 instants, with the platform's own parser as the oracle where the two must agree. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseUtcInstant } from "../../../src/core/booking/utc-instant.ts";

describe("parseUtcInstant", () => {
    test.each<[string, number]>([
        ["1970-01-01T00:00:00Z", 0],
        ["2026-11-22T08:30:00Z", 1_795_336_200_000],
        ["2026-11-22T08:30:00.5Z", 1_795_336_200_500],
        ["2026-11-22T08:30:00.050Z", 1_795_336_200_050],
        ["2024-02-29T23:59:59.999Z", 1_709_251_199_999],
        ["2000-02-29T00:00:00Z", 951_782_400_000],
    ])("%s", (text, utcMs) => {
        expect(parseUtcInstant(text)).toBe(utcMs);
    });

    test.each([
        "",
        "2026-11-22",
        "2026-11-22 08:30:00Z",
        "2026-11-22T08:30Z",
        "2026-11-22T08:30:00",
        "2026-11-22T08:30:00+05:00",
        "2026-11-22T08:30:00+00:00",
        "2026-11-22t08:30:00z",
        "2026-11-22T08:30:00.Z",
        "2026-11-22T08:30:00.1234Z",
        "2026-00-22T08:30:00Z",
        "2026-13-22T08:30:00Z",
        "2026-11-00T08:30:00Z",
        "2026-11-31T08:30:00Z",
        "2026-02-29T08:30:00Z",
        "2100-02-29T08:30:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T08:60:00Z",
        "2026-11-22T08:30:60Z",
        "0026-11-22T08:30:00Z",
        " 2026-11-22T08:30:00Z",
    ])("refuses %j", (text) => {
        expect(parseUtcInstant(text)).toBeUndefined();
    });

    test("every instant that the platform writes is read as that instant", () => {
        fc.assert(
            fc.property(
                fc.date({
                    min: new Date("1000-01-01T00:00:00Z"),
                    max: new Date("2999-12-31T23:59:59.999Z"),
                    noInvalidDate: true,
                }),
                (date) => {
                    expect(parseUtcInstant(date.toISOString())).toBe(date.getTime());
                },
            ),
            { seed: 20261122, numRuns: 2_000 },
        );
    });
});
