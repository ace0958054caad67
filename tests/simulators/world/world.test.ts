// A whole day in simulated time: the same seed gives the same day, careful closing harms nobody, careless closing shows.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { makeDay } from "../../../simulators/scenarios/day.ts";
import type { DayOptionsInput } from "../../../simulators/scenarios/day-options.ts";
import { LaneGeometry } from "../../../simulators/world/lane-geometry.ts";
import { World } from "../../../simulators/world/world.ts";
import type { WorldEvent } from "../../../simulators/world/world-event.ts";
import { type Closing, Keeper } from "./keeper.ts";

const MINUTE_MS = 60_000;

/** `isNudged`: no lane ever counts as still, so none spares itself a step. */
function runDay(day: Partial<DayOptionsInput>, closing: Closing = "careful", isNudged = false) {
    const options = { seed: 1, passages: 40, checkpoint: "nur-zholy", startUtcMs: Date.UTC(2026, 10, 22), ...day };
    const { lorries } = makeDay(options);
    const events: WorldEvent[] = [];
    const world: World = new World({
        seed: options.seed,
        lanes: [{ id: "entry-1", geometry: LaneGeometry.parse({}), armTravelMs: 2_500, pulseMs: 700 }],
        lorries,
        sky: { light: { kind: "day", exposure: 1 }, weather: "clear" },
        tell: (event) => {
            events.push(event);
            keeper.hear(event);
        },
    });
    const keeper: Keeper = new Keeper(world, closing);
    world.start();
    const limitMs = (lorries.at(-1)?.arrivesAtMs ?? 0) + lorries.length * 5 * MINUTE_MS;
    while (!world.isOver && world.nowMs < limitMs) {
        if (isNudged) for (const lane of world.lanes) lane.sensorFault("exitLoop", "none");
        world.advance(10);
        keeper.advance(10);
    }
    return { world, events, lorries, truth: world.truth() };
}

const hashOf = (events: readonly WorldEvent[]) => createHash("sha256").update(JSON.stringify(events)).digest("hex");

test("the same seed gives the same day, event by event; another seed another day", () => {
    const first = hashOf(runDay({ seed: 7, passages: 12 }).events);
    expect(hashOf(runDay({ seed: 7, passages: 12 }).events)).toBe(first);
    expect(hashOf(runDay({ seed: 8, passages: 12 }).events)).not.toBe(first);
});

test("a lane that stands still and spares itself the steps has the same day as one that does not", () => {
    for (const seed of [1, 2, 3]) {
        expect(runDay({ seed, passages: 20 }).events).toEqual(runDay({ seed, passages: 20 }, "careful", true).events);
    }
    expect(runDay({ seed: 4 }, "loop-clear").events).toEqual(runDay({ seed: 4 }, "loop-clear", true).events);
});

test("a careful keeper lets a day through without touching anyone", () => {
    const { world, events, lorries, truth } = runDay({ seed: 3, passages: 60 });
    expect(world.isOver).toBe(true);
    const valid = lorries.filter((lorry) => lorry.booked === "valid");
    const wavers = valid.filter((lorry) => lorry.driver === "backs-out");
    expect(truth).toMatchObject({ strikes: 0, safetyReversals: 0, lowersOnVehicle: 0, closesRefused: 0, arrived: 60 });
    expect(truth.passages).toBe(valid.length - wavers.length);
    expect(truth.opened.map((opening) => opening.lorry)).toEqual(valid.map((lorry) => lorry.number));
    expect(truth.opened.every((opening) => opening.by === "open-relay" && opening.booked === "valid")).toBe(true);
    expect(truth.passedUnopened).toEqual([]);
    expect(truth.turnedOut).toHaveLength(60 - truth.passages);
    // Travel of the arm and nothing else lies between stop and open when the keeper answers at once.
    const waits = truth.opened.map((opening) => opening.stopToOpenMs);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_450);
    expect(Math.min(...waits)).toBeLessThanOrEqual(2_550);
    const passed = events.filter((event) => event.is === "passed").map((event) => event.lorry);
    expect(passed).toEqual(valid.filter((lorry) => lorry.driver !== "backs-out").map((lorry) => lorry.number));
});

test("events of one lorry come in the only possible order", () => {
    const { events, lorries } = runDay({ seed: 5, passages: 25 });
    const orders = new Set(
        lorries.map(({ number }) =>
            events
                .filter((event) => event.lorry === number)
                .map((event) => (event.is === "left" ? event.how : event.is))
                .join(" "),
        ),
    );
    const possible = [
        "arrived stopped opened entered passed through",
        "arrived stopped opened turned-out",
        "arrived stopped turned-out",
    ];
    expect(possible).toEqual(expect.arrayContaining([...orders]));
    expect(orders).toContain(possible[0]);
});

test("closing when the loop under the boom is free lowers the boom on high-bed trailers", () => {
    const { truth } = runDay(
        { seed: 3, passages: 20, bookedShare: 1, shapes: { "high-semitrailer": 1 } },
        "loop-clear",
    );
    expect(truth.lowersOnVehicle).toBeGreaterThanOrEqual(10);
    expect(truth.safetyReversals).toBeGreaterThanOrEqual(10);
});

test("lorries queue: nobody leaves the queue line before the one ahead has passed the boom", () => {
    const { events } = runDay({ seed: 11, passages: 15, gapMsMin: 1_000, gapMsMean: 2_000, bookedShare: 1 });
    const at = (is: WorldEvent["is"]) => new Map(events.filter((e) => e.is === is).map((e) => [e.lorry, e.atMs]));
    const [stopped, passed, left] = [at("stopped"), at("passed"), at("left")];
    for (let lorry = 2; lorry <= 15; lorry++) {
        const aheadGoneMs = passed.get(lorry - 1) ?? left.get(lorry - 1) ?? Number.NaN;
        // 29 m from queue line to stop line at 2.8 m/s at most.
        expect((stopped.get(lorry) ?? 0) - aheadGoneMs).toBeGreaterThan(10_000);
    }
});

test("a driver half under the boom for a long time is seen by the exit loop alone, and the careful keeper waits", () => {
    const options = { seed: 2, passages: 6, bookedShare: 1, drivers: { "stays-under-boom": 1 } };
    const { truth } = runDay({ ...options, shapes: { "high-semitrailer": 1 } });
    expect(truth).toMatchObject({ passages: 6, strikes: 0, lowersOnVehicle: 0, safetyReversals: 0 });
});
