// Those who have no business in the lane: people in the beam, cars from the wrong side, tailgaters, and hands on the key switch.
import { describe, expect, test } from "vitest";
import type { Lorry } from "../../../simulators/scenarios/lorry.ts";
import { LaneGeometry } from "../../../simulators/world/lane-geometry.ts";
import type { PasserBy, PasserByEvent } from "../../../simulators/world/passer-by.ts";
import { World } from "../../../simulators/world/world.ts";
import type { WorldEvent } from "../../../simulators/world/world-event.ts";

const COIL = { open: 0, close: 1, green: 3, closePulse: 0x11 };
const CONTACT = { exitLoop: 2, photocell: 3, armOpen: 4, armClosed: 5 };

function lane(lorries: readonly Partial<Lorry>[], passersBy: readonly Partial<PasserBy>[] = []) {
    const events: WorldEvent[] = [];
    const seen: PasserByEvent[] = [];
    const world = new World({
        seed: 1,
        lanes: [{ id: "entry-1", geometry: LaneGeometry.parse({}), armTravelMs: 2_500, pulseMs: 700 }],
        lorries: lorries.map((lorry, i) => ({
            number: i + 1,
            lane: 0,
            arrivesAtMs: 0,
            plate: { text: `12${i}AB02`, country: "KZ", rows: 1 },
            trailerPlates: [],
            booked: "valid",
            shape: "low-semitrailer",
            driver: "normal",
            patienceMs: 1e9,
            stopErrorM: 0,
            look: { colour: "#ffffff", cab: 1, lateralM: 0, dirt: 0 },
            ...lorry,
        })),
        passersBy: passersBy.map((each) => ({
            kind: "pedestrian",
            lane: 0,
            arrivesAtMs: 1_000,
            staysMs: 5_000,
            ...each,
        })),
        sky: { light: { kind: "day", exposure: 1 }, weather: "clear" },
        tell: (event) => events.push(event),
        tellOfPasserBy: (event) => seen.push(event),
    });
    world.start();
    const [simulated] = world.lanes;
    if (simulated === undefined) throw new Error("the world has no lane");
    const run = (ms: number): void => {
        for (let passed = 0; passed < ms; passed += 10) world.advance(10);
    };
    const runUntil = (isReached: () => boolean): void => {
        for (let passed = 0; passed < 180_000 && !isReached(); passed += 10) world.advance(10);
        expect(isReached()).toBe(true);
    };
    return { world, module: simulated.module, lane: simulated, events, seen, run, runUntil };
}

describe("somebody on foot", () => {
    test("breaks the beam while he is there, and nothing else", () => {
        const { module, lane: road, seen, run } = lane([], [{}]);
        const before = [...module.inputs];
        run(2_000);
        expect(module.input(CONTACT.photocell)).toBe(false);
        expect(module.inputs.filter((level, n) => n !== CONTACT.photocell && level !== before[n])).toEqual([]);
        expect(road.isSomethingUnderBoom).toBe(true);
        run(5_000);
        expect([...module.inputs]).toEqual(before);
        expect(seen.map(({ is }) => is)).toEqual(["came", "left"]);
    });

    test("does not step in front of a lorry, and lorries wait for him", () => {
        const { module, events, seen, run, runUntil } = lane([{}], [{ arrivesAtMs: 30_000, staysMs: 20_000 }]);
        module.setCoil(COIL.open, true);
        run(25_000);
        runUntil(() => seen.some(({ is }) => is === "came"));
        module.setCoil(COIL.green, true);
        run(10_000);
        expect(events.some(({ is }) => is === "entered")).toBe(false);
        runUntil(() => events.some(({ is }) => is === "passed"));
        expect(events.some(({ is }) => is === "struck")).toBe(false);
    });

    test("is struck only by a boom that sinks although its safety chain should have stopped it", () => {
        const { module, lane: road, seen, run } = lane([], [{ arrivesAtMs: 5_000, staysMs: 60_000 }]);
        module.setCoil(COIL.open, true);
        run(4_000);
        module.setCoil(COIL.open, false);
        road.sensorFault("photocell", "stuck-on");
        module.setCoil(COIL.closePulse, true);
        run(5_000);
        expect(seen.map(({ is, boom }) => `${is} ${boom}`)).toEqual([
            "came sinking-by-relay",
            "struck sinking-by-relay",
        ]);
    });
});

test("a car from the wrong side stands on the exit loop, clear of the boom", () => {
    const { module, lane: road, run } = lane([], [{ kind: "wrong-way-car" }]);
    run(2_000);
    expect(module.input(CONTACT.exitLoop)).toBe(true);
    expect(module.input(CONTACT.photocell)).toBe(true);
    expect(road.isSomethingUnderBoom).toBe(false);
    run(5_000);
    expect(module.input(CONTACT.exitLoop)).toBe(false);
});

describe("a tailgater", () => {
    test("slips through behind the lorry that the boom rose for", () => {
        const { world, module, events, run, runUntil } = lane([{}, { driver: "tailgater", booked: "none" }]);
        runUntil(() => events.some(({ is, lorry }) => is === "stopped" && lorry === 1));
        run(10_000);
        module.setCoil(COIL.open, true);
        module.setCoil(COIL.green, true);
        runUntil(() => events.some(({ is, lorry }) => is === "passed" && lorry === 2));
        expect(world.truth().passedUnopened).toEqual([{ lane: "entry-1", lorry: 2, booked: "none" }]);
    });

    test("stops before a boom that is down, and gives up like anybody else", () => {
        const { world, events, runUntil } = lane([{ driver: "tailgater", patienceMs: 20_000 }]);
        runUntil(() => world.isOver);
        expect(events.map(({ is }) => is)).toEqual(["arrived", "stopped", "left"]);
    });

    test("minds no lamp", () => {
        const { module, events, runUntil } = lane([{ driver: "tailgater" }]);
        runUntil(() => events.some(({ is }) => is === "stopped"));
        module.setCoil(COIL.open, true);
        runUntil(() => events.some(({ is }) => is === "passed"));
        expect(module.coil(COIL.green)).toBe(false);
    });
});

describe("the key switch", () => {
    test("drives the boom up and down past the module, and the world says who did it", () => {
        const { module, lane: road, events, runUntil } = lane([{}]);
        runUntil(() => events.some(({ is }) => is === "stopped"));
        road.turnKey("up");
        runUntil(() => module.input(CONTACT.armOpen) === true);
        expect(events.at(-1)).toMatchObject({ is: "opened", by: "key" });
        expect(module.coil(COIL.open)).toBe(false);
        road.turnKey("down");
        runUntil(() => module.input(CONTACT.armClosed) === true);
    });

    test("a boom that it drives onto somebody is not the relay's doing", () => {
        const { lane: road, seen, run } = lane([], [{ arrivesAtMs: 6_000, staysMs: 60_000 }]);
        road.sensorFault("photocell", "stuck-on");
        road.turnKey("up");
        run(5_500);
        road.turnKey("down");
        run(5_000);
        expect(seen.map(({ is, boom }) => `${is} ${boom}`)).toEqual(["came sinking-by-key", "struck sinking-by-key"]);
    });
});

describe("a still lane", () => {
    test("one long step is as good as many short ones, until somebody comes", () => {
        const walked = lane([{ arrivesAtMs: 60_000 }]);
        const leapt = lane([{ arrivesAtMs: 60_000 }]);
        walked.run(59_000);
        leapt.run(1_000);
        expect(leapt.world.isStill).toBe(true);
        expect(leapt.world.nextAtMs).toBe(60_000);
        leapt.world.advance(58_000);
        walked.run(40_000);
        leapt.run(40_000);
        expect(leapt.events).toEqual(walked.events);
        expect(leapt.module.inputs).toEqual(walked.module.inputs);
    });

    test("is not still while a relay is on, the arm moves, or a switch bounces", () => {
        const { world, module, lane: road, run } = lane([]);
        run(100);
        expect(world.isStill).toBe(true);
        module.setCoil(0x10, true);
        expect(world.isStill).toBe(false);
        run(1_000);
        expect(world.isStill).toBe(false);
        run(3_000);
        expect(world.isStill).toBe(true);
        road.armFault({ kind: "bounce", perMille: 500 });
        run(100);
        expect(world.isStill).toBe(false);
    });
});
