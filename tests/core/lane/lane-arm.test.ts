/** The arm and its relays, good and bad: limit switches, orders that come to nothing, hands, keys and the emergency input. */
import { describe, expect, test } from "vitest";
import type { ContactName } from "../../../src/core/lane/contacts.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import { startingState } from "../../../src/core/lane/lane-state.ts";
import { booking, LaneBench, openLane, PLAN, read } from "./lane-harness.ts";

const FULL: LanePlan = { ...PLAN, contacts: [...PLAN.contacts, "armBreak", "keySwitch"] };
const without = (...names: readonly ContactName[]): LanePlan => ({
    ...PLAN,
    contacts: PLAN.contacts.filter((name) => !names.includes(name)),
});

/** A booked lorry stands there and RAISE has just been ordered. */
function risingLane(plan: LanePlan = PLAN): LaneBench {
    const bench = new LaneBench(plan).pass(100);
    bench.reads = [read("123ABC02", [booking("123ABC02")])];
    bench.set({ approachLoop: true }).pass(800);
    expect(bench.orders).toEqual(["raise"]);
    return bench;
}

describe("limit switches", () => {
    test("both at once are a fault, a short bounce is not", () => {
        const bench = new LaneBench().pass(100).set({ limitOpen: true }).pass(200).set({ limitOpen: false }).pass(200);
        expect(bench.state.mode.at).toBe("idle");
        bench.set({ limitOpen: true }).pass(400);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "LIMITS_CONTRADICT" });
        bench.ask("reset").pass(50);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "LIMITS_CONTRADICT" });
        bench.ask("out-of-service", { by: { kind: "central", name: "C" } }).pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "OFFICER_ONLY" });
        expect(bench.ask("out-of-service").pass(50).state.mode.at).toBe("out-of-service");
    });

    test("the upper one never reached is a fault", () => {
        const bench = risingLane().set({ limitClosed: false }).pass(6_100);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "BOOM_NOT_OPEN" });
        expect(bench.fact("passage.interrupted")?.data).toEqual({ why: "BOOM_NOT_OPEN" });
    });

    test("the lower one never reached is a fault, and nothing is ordered any more", () => {
        const bench = openLane().pass(20_000).set({ limitOpen: false }).pass(6_200);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "BOOM_NOT_CLOSED" });
        bench.set({ boomLoop: true }).pass(1_000).set({ boomLoop: false }).pass(60_000);
        expect(bench.orders).toEqual(["raise", "lower"]);
    });

    test("silent for the whole movement are waited for, with an alarm, and believed when they speak again", () => {
        const bench = risingLane().set({ limitOpen: "stale", limitClosed: "stale" }).pass(60_000);
        expect(bench.state.mode.at).toBe("opening");
        expect(bench.alarms).toEqual(["SENSOR_SILENT:limitClosed", "SENSOR_SILENT:limitOpen"]);
        bench.set({ limitOpen: true, limitClosed: false }).pass(50);
        expect(bench.state.mode.at).toBe("open-waiting");
    });

    test("a flapping one is an alarm while it flaps", () => {
        const bench = new LaneBench().pass(100);
        for (let change = 0; change < 40; change++) bench.set({ limitOpen: change % 2 === 0 }).pass(100);
        expect(bench.alarms).toContain("FLAPPING:limitOpen");
        expect(bench.state.mode.at).toBe("idle");
        bench.pass(130_000);
        expect(bench.alarms).toEqual([]);
    });

    test("only a lower one: open is believed after the travel time, and only of an order that was applied", () => {
        const plan = without("limitOpen");
        const good = risingLane(plan).set({ limitClosed: false });
        good.change = { echo: { order: "raise", number: 1, status: "applied" } };
        good.pass(5_500);
        expect(good.last?.light).toBe("red");
        good.pass(500);
        expect(good.state.mode.at).toBe("open-waiting");
        expect(good.last?.light).toBe("green");

        const unknown = risingLane(plan).set({ limitClosed: false }).pass(6_100);
        expect(unknown.state.mode).toMatchObject({ at: "fault", code: "ORDER_NOT_APPLIED" });
        const stuck = risingLane(plan);
        stuck.change = { echo: { order: "raise", number: 1, status: "applied" } };
        expect(stuck.pass(6_100).state.mode).toMatchObject({ at: "fault", code: "BOOM_NOT_OPEN" });
    });

    test("only a lower one: a boom lifted by hand is noticed, and so is one that does not come down", () => {
        const lifted = new LaneBench(without("limitOpen")).pass(100).set({ limitClosed: false }).pass(500);
        expect(lifted.state.mode).toMatchObject({ at: "manual", why: "moved-unasked" });
        const found = new LaneBench(without("limitOpen")).set({ limitClosed: false }).pass(2_200).ask("close").pass(50);
        expect(found.orders).toEqual(["lower"]);
        expect(found.pass(6_100).state.mode).toMatchObject({ at: "fault", code: "BOOM_NOT_CLOSED" });
    });

    test("only an upper one: down is believed after the travel time", () => {
        const plan = { ...without("limitClosed"), isClosingAutomatic: false };
        const bench = new LaneBench(plan).set({ limitOpen: true }).pass(2_200).ask("close").pass(50);
        bench.change = { echo: { order: "lower", number: 1, status: "applied" } };
        bench.set({ limitOpen: false }).pass(6_100);
        expect(bench.state.mode.at).toBe("idle");
        const stuck = new LaneBench(plan).set({ limitOpen: true }).pass(2_200).ask("close").pass(6_200);
        expect(stuck.state.mode).toMatchObject({ at: "fault", code: "BOOM_NOT_CLOSED" });
    });

    test("none: an order that was not seen applied is a fault after the travel time, either way", () => {
        const plan = { ...without("limitOpen", "limitClosed"), isClosingAutomatic: false };
        const up = risingLane(plan).pass(6_100);
        expect(up.state.mode).toMatchObject({ at: "fault", code: "ORDER_NOT_APPLIED" });
        const down = risingLane(plan);
        down.change = { echo: { order: "raise", number: 1, status: "applied" } };
        down.pass(26_100);
        expect(down.state.mode).toMatchObject({ at: "manual", why: "officer-closes" });
        down.ask("close").pass(6_200);
        expect(down.orders).toEqual(["raise", "lower"]);
        expect(down.state.mode).toMatchObject({ at: "fault", code: "ORDER_NOT_APPLIED" });
    });
});

describe("orders", () => {
    test("accepted but not applied are given three times, then it is a fault until a named officer resets it", () => {
        const bench = risingLane();
        for (let number = 1; number <= 3; number++) {
            bench.change = { echo: { order: "raise", number, status: "failed" } };
            bench.pass(1_100);
        }
        expect(bench.orders).toEqual(["raise", "raise", "raise"]);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "ORDER_NOT_APPLIED" });
        bench.ask("reset", { reason: "  " }).pass(50);
        expect(bench.state.mode.at).toBe("fault");
        bench.ask("reset").pass(50);
        expect(bench.state.mode.at).not.toBe("fault");
        expect(bench.fact("lane.reset")?.data).toMatchObject({ by: "A. Officer" });
    });

    test("the failure of an older one says nothing about this one", () => {
        const bench = risingLane();
        bench.change = { echo: { order: "lower", number: 0, status: "failed" } };
        bench.pass(3_000);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("to close, not applied, are given again only on the same proof", () => {
        const bench = openLane().pass(20_000);
        expect(bench.orders).toEqual(["raise", "lower"]);
        bench.change = { echo: { order: "lower", number: 2, status: "failed" } };
        bench.set({ exitLoop: true }).pass(5_000);
        expect(bench.orders).toEqual(["raise", "lower"]);
        bench.set({ exitLoop: false }).pass(1_900);
        expect(bench.orders).toEqual(["raise", "lower"]);
        bench.pass(200);
        expect(bench.orders).toEqual(["raise", "lower", "lower"]);
    });

    test("that nobody waits for any more are not given again to a boom that is still down", () => {
        const bench = risingLane();
        bench.change = { echo: { order: "raise", number: 1, status: "failed" } };
        bench.set({ approachLoop: false }).pass(3_000);
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.state.mode.at).toBe("idle");
    });

    test("a relay for up that sticks: the boom does not come down, and that is a fault", () => {
        const bench = openLane().pass(20_000).pass(6_200);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "BOOM_NOT_CLOSED" });
    });

    test("a relay for down that sticks: the boom comes down unasked, which is told, and red is shown", () => {
        const bench = openLane().set({ limitOpen: false }).pass(50);
        expect(bench.last?.light).toBe("red");
        bench.pass(500).set({ limitClosed: true }).pass(500);
        expect(bench.kinds()).toContain("boom.moved-unasked");
        expect(bench.fact("passage.interrupted")?.data).toEqual({ why: "boom down without a passage" });
        bench.pass(1_000);
        expect(bench.orders).toEqual(["raise", "raise"]);
        expect(bench.fact("decision.made")?.data).toMatchObject({ outcome: "admit" });
    });

    test("the boom falls on a passage by itself: told once, and the vehicle is followed to the end", () => {
        const bench = openLane().set({ boomLoop: true }).pass(500).set({ limitOpen: false }).pass(5_000);
        bench.set({ approachLoop: false, exitLoop: true }).pass(500).set({ boomLoop: false }).pass(500);
        bench.set({ exitLoop: false }).pass(2_200);
        expect(bench.kinds().filter((kind) => kind === "boom.moved-unasked")).toHaveLength(1);
        expect(bench.fact("passage.completed")?.data).toMatchObject({ bookingId: "b-123ABC02", isProven: true });
        expect(bench.orders).toEqual(["raise"]);
        expect(bench.alarms).toContain("BOOM_LEFT_OPEN");
    });
});

describe("other hands", () => {
    test("that move the boom are told, and whoever drives under it meanwhile as well", () => {
        const bench = new LaneBench().pass(100).set({ limitClosed: false }).pass(1_000);
        expect(bench.kinds()).toContain("boom.moved-unasked");
        expect(bench.alarms).toEqual(["BOOM_LEFT_OPEN"]);
        bench.set({ limitOpen: true, boomLoop: true }).pass(500).set({ exitLoop: true, boomLoop: false }).pass(500);
        expect(bench.last?.light).toBe("red");
        bench.set({ exitLoop: false }).pass(10_000);
        expect(bench.fact("passage.begun")?.data).toEqual({ by: "found-open" });
        expect(bench.fact("passage.completed")?.data).toMatchObject({ bookingId: null });
        expect(bench.orders).toEqual([]);
        bench.set({ limitOpen: false, limitClosed: true }).pass(100);
        expect(bench.state.mode.at).toBe("idle");
    });

    test("turn the key: nothing is ordered and no order to close is taken until it is turned back", () => {
        const bench = new LaneBench(FULL).pass(100).set({ keySwitch: true }).pass(100);
        expect(bench.fact("lane.mode")?.data).toEqual({ mode: "manual", why: "key" });
        bench.set({ limitClosed: false, limitOpen: true }).pass(3_000).ask("close").pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "NOT_NOW" });
        bench.set({ keySwitch: false }).pass(50);
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "found-open" });
        bench.ask("close").pass(50);
        expect(bench.orders).toEqual([]);
        bench.pass(2_000).ask("close").pass(50);
        expect(bench.orders).toEqual(["lower"]);
    });

    test("turn the key during a passage: its outcome is unknown", () => {
        const bench = openLane(FULL).set({ boomLoop: true }).pass(200).set({ keySwitch: true }).pass(100);
        expect(bench.fact("passage.interrupted")?.data).toEqual({ why: "key" });
        bench.set({ keySwitch: false, limitOpen: false, limitClosed: true, boomLoop: false }).pass(100);
        expect(bench.orders).toEqual(["raise"]);
    });

    test("knock the arm off: a fault at once, and again until it is put back", () => {
        const bench = new LaneBench(FULL).pass(100).set({ armBreak: true }).pass(50);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "ARM_BROKEN" });
        bench.ask("reset").pass(100);
        expect(bench.state.mode).toMatchObject({ at: "fault", code: "ARM_BROKEN" });
        bench.set({ armBreak: false }).ask("reset").pass(100);
        expect(bench.state.mode.at).toBe("idle");
    });
});

describe("emergency", () => {
    test("raises in one tick, even with the other boom of the lock up, and needs a named reset", () => {
        const bench = new LaneBench().pass(100);
        bench.change = { isInterlockFree: false };
        bench.set({ emergency: true }).tick();
        expect(bench.orders).toEqual(["raise"]);
        bench.armUp().set({ emergency: false }).pass(600_000);
        expect(bench.state.mode.at).toBe("emergency-open");
        bench.ask("reset", { by: { kind: "central", name: "C" } }).pass(50);
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "OFFICER_ONLY" });
        bench.ask("reset").pass(50);
        expect(bench.state.mode).toMatchObject({ at: "manual", why: "found-open" });
        expect(bench.kinds()).toEqual(expect.arrayContaining(["emergency.raised", "emergency.reset"]));
        expect(bench.orders).toEqual(["raise"]);
    });

    test("asks again for as long as the boom is not seen up, whatever an older order's echo says", () => {
        const bench = new LaneBench().pass(100).set({ emergency: true, limitClosed: false }).pass(3_100);
        expect(bench.orders).toEqual(["raise", "raise", "raise", "raise"]);
        bench.set({ limitOpen: true }).pass(3_000);
        expect(bench.orders).toHaveLength(4);
        bench.set({ limitOpen: false }).pass(100);
        expect(bench.orders).toHaveLength(5);
    });

    test("without an upper switch, a relay that has closed is enough, but not an older one", () => {
        const bench = new LaneBench(without("limitOpen")).pass(100);
        bench.change = { echo: { order: "lower", number: 0, status: "applied" } };
        bench.set({ emergency: true, limitClosed: false }).pass(1_100);
        expect(bench.orders).toHaveLength(2);
        bench.change = { echo: { order: "raise", number: 2, status: "applied" } };
        bench.pass(5_000);
        expect(bench.orders).toHaveLength(2);
    });

    test("cannot be reset while it is pressed", () => {
        const bench = new LaneBench().pass(100).set({ emergency: true }).pass(100).ask("reset").pass(50);
        expect(bench.state.mode.at).toBe("emergency-open");
        expect(bench.fact("order.refused")?.data).toMatchObject({ code: "STILL_PRESSED" });
    });

    test("on a lane that has not even started raises as well", () => {
        const bench = new LaneBench(PLAN, startingState()).set({ limitClosed: "missing", emergency: true });
        bench.tick();
        expect(bench.orders).toEqual(["raise"]);
    });
});
