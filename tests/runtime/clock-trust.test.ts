/** The wall clock jumps, drifts and dies; the table says when it may still be believed. */
import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/ports/clock.ts";
import { ClockTrust } from "../../src/runtime/clock-trust.ts";

const START_UTC_MS = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

class TwoClocks implements Pick<Clock, "monotonicMs" | "utcMs"> {
    monotonic = 5_000;
    utc: number;
    constructor(utc: number) {
        this.utc = utc;
    }
    monotonicMs = (): number => this.monotonic;
    utcMs = (): number => this.utc;
    pass(ms: number, wallMs = ms): void {
        this.monotonic += ms;
        this.utc += wallMs;
    }
}

function trustAt(utc: number): { clock: TwoClocks; trust: ClockTrust } {
    const clock = new TwoClocks(utc);
    return { clock, trust: new ClockTrust(clock as unknown as Clock) };
}

describe("steps", () => {
    test.each([
        ["an hour ahead", HOUR_MS],
        ["an hour back", -HOUR_MS],
        ["ten years ahead", 10 * YEAR_MS],
        ["ten years back", -10 * YEAR_MS],
        ["to 1970", -START_UTC_MS],
        ["three seconds", 3_000],
    ])("%s: not trusted until it is taken back", (_name, stepMs) => {
        const { clock, trust } = trustAt(START_UTC_MS);
        clock.pass(60_000);
        expect(trust.isTrusted()).toBe(true);
        clock.utc += stepMs;
        expect(trust.isTrusted()).toBe(false);
        clock.pass(10 * 60_000);
        expect(trust.isTrusted()).toBe(false);
        clock.utc -= stepMs;
        expect(trust.isTrusted()).toBe(true);
    });
});

test("1970 at the start is not trusted, nor any time before this program existed", () => {
    expect(trustAt(0).trust.isTrusted()).toBe(false);
    expect(trustAt(Date.UTC(2025, 11, 31)).trust.isTrusted()).toBe(false);
});

test("a clock that drifts as clocks do stays trusted for a week", () => {
    const { clock, trust } = trustAt(START_UTC_MS);
    for (let minute = 0; minute < 7 * 24 * 60; minute++) {
        clock.pass(60_000, 60_000 + 30); // 500 ppm, the most NTP slews
        expect(trust.isTrusted()).toBe(true);
    }
});
