/** Whom the site calls while the central system is away: order, slots, capacity and quotas, each by hand. */
import { describe, expect, test } from "vitest";
import type { Booking } from "../../../src/core/booking/booking.ts";
import { type CallInput, nextCalls } from "../../../src/core/queue/continuity.ts";
import { booking, PLAN, SLOT_UTC_MS } from "../lane/lane-harness.ts";

const HOUR_MS = 3_600_000;

const waits = (id: string, queueNumber: number, change: Partial<Booking> = {}): Booking =>
    booking("123ABC02", { id, queueNumber, status: "in-queue", ...change });
const called = (waiting: readonly Booking[], change: Partial<CallInput> = {}): readonly string[] =>
    nextCalls({
        waiting,
        utcMs: SLOT_UTC_MS,
        policy: PLAN.policy,
        calledInHour: 0,
        capacityPerHour: 10,
        quotaLeft: {},
        ...change,
    }).map(({ id }) => id);

test("by queue number, whatever the order of the list", () => {
    expect(called([waits("c", 30), waits("a", 10), waits("b", 20)])).toEqual(["a", "b", "c"]);
});

test("where there is no number, by slot", () => {
    const late = booking("1", { id: "late", status: "in-queue", slotStartUtcMs: SLOT_UTC_MS + HOUR_MS });
    const early = booking("1", { id: "early", status: "in-queue" });
    expect(called([late, early, waits("numbered", 99)])).toEqual(["numbered", "early", "late"]);
});

describe("within the slot", () => {
    // Winter: called 120 minutes before the slot; an hour of lateness is allowed.
    test.each([
        ["a moment too early", SLOT_UTC_MS - 2 * HOUR_MS - 1, []],
        ["two hours before", SLOT_UTC_MS - 2 * HOUR_MS, ["a"]],
        ["at the last moment that the lane would let it in", SLOT_UTC_MS + 2 * HOUR_MS, ["a"]],
        ["too late", SLOT_UTC_MS + 2 * HOUR_MS + 1, []],
    ])("%s", (_name, utcMs, expected) => expect(called([waits("a", 1)], { utcMs })).toEqual(expected));
});

describe("within the capacity of an hour", () => {
    const five = [1, 2, 3, 4, 5].map((number) => waits(`n${number}`, number));
    test.each([
        [3, 0, ["n1", "n2", "n3"]],
        [3, 2, ["n1"]],
        [3, 3, []],
        [3, 9, []],
    ])("%i an hour, %i called already", (capacityPerHour, calledInHour, expected) => {
        expect(called(five, { capacityPerHour, calledInHour })).toEqual(expected);
    });
});

describe("those who go before the others", () => {
    const fast = (id: string, queueNumber: number): Booking => waits(id, queueNumber, { priority: "accelerated" });
    const post = waits("post", 50, { priority: "out-of-turn", category: "postal" });

    test("come first, as far as their quota reaches", () => {
        const waiting = [waits("a", 1), fast("f1", 7), fast("f2", 8)];
        expect(called(waiting, { quotaLeft: { accelerated: 1 } })).toEqual(["f1", "a"]);
        expect(called(waiting, { quotaLeft: { accelerated: 0 } })).toEqual(["a"]);
        expect(called(waiting)).toEqual(["f1", "f2", "a"]);
    });

    test("have quotas of their own kind", () => {
        expect(called([fast("f1", 7), post], { quotaLeft: { accelerated: 0, postal: 1 } })).toEqual(["post"]);
    });

    test("take places of the hour like everybody", () => {
        expect(called([waits("a", 1), fast("f1", 7)], { capacityPerHour: 1 })).toEqual(["f1"]);
    });
});

test("who is held is not called, but for what a blocked booker has booked", () => {
    const waiting = [waits("held", 1, { holds: ["customs-debt"] }), waits("blocked", 2, { holds: ["booker-blocked"] })];
    expect(called(waiting)).toEqual(["blocked"]);
});
