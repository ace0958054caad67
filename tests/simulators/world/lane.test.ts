// One lorry and one lane, worked by writing coils: what each kind of driver does, and what the world counts.
import { describe, expect, test } from "vitest";
import type { Lorry } from "../../../simulators/scenarios/lorry.ts";
import { LaneGeometry } from "../../../simulators/world/lane-geometry.ts";
import { World } from "../../../simulators/world/world.ts";
import type { WorldEvent } from "../../../simulators/world/world-event.ts";

const COIL = { open: 0, close: 1, green: 3, openPulse: 0x10, closePulse: 0x11 };
const CONTACT = { approachLoop: 0, boomLoop: 1, exitLoop: 2, photocell: 3, armOpen: 4, armClosed: 5 };

function lane(...lorries: Partial<Lorry>[]) {
    const events: WorldEvent[] = [];
    const world = new World({
        seed: 1,
        lanes: [{ id: "entry-1", geometry: LaneGeometry.parse({}), armTravelMs: 2_500, pulseMs: 700 }],
        lorries: lorries.map((lorry, i) => ({
            number: i + 1,
            lane: 0,
            arrivesAtMs: 0,
            plate: { text: `12${i}AB02`, country: "KZ", rows: 1 },
            trailerPlates: [{ text: `1${i}ABC02`, country: "KZ", rows: 1 }],
            booked: "valid",
            shape: "low-semitrailer",
            driver: "normal",
            patienceMs: 1e9,
            stopErrorM: 0,
            look: { colour: "#ffffff", cab: 1, lateralM: 0.1, dirt: 0.2 },
            ...lorry,
        })),
        sky: { light: { kind: "night", exposure: 0.5 }, weather: "snow" },
        tell: (event) => events.push(event),
    });
    world.start();
    const [simulated] = world.lanes;
    if (simulated === undefined) throw new Error("the world has no lane");
    const run = (ms: number) => {
        for (let passed = 0; passed < ms; passed += 10) world.advance(10);
    };
    const runUntil = (isReached: () => boolean, msMax = 120_000) => {
        const limitMs = world.nowMs + msMax;
        while (!isReached() && world.nowMs < limitMs) world.advance(10);
        expect(isReached()).toBe(true);
    };
    const has = (is: WorldEvent["is"], lorry = 1) => events.some((event) => event.is === is && event.lorry === lorry);
    const tale = (lorry = 1) => events.filter((event) => event.lorry === lorry).map((event) => event.is);
    return { world, module: simulated.module, lane: simulated, events, run, runUntil, has, tale };
}

describe("a lorry and an open boom", () => {
    test("passes a boom that is held open and leaves; contacts follow it down the lane", () => {
        const { world, module, runUntil, has, tale, run } = lane({});
        module.setCoil(COIL.open, true);
        module.setCoil(COIL.green, true);
        run(3_000);
        expect(module.input(CONTACT.armOpen)).toBe(true);
        const energised: string[] = [];
        runUntil(() => {
            const now = Object.values(CONTACT)
                .slice(0, 4)
                .map((n) => (module.input(n) ? "1" : "0"))
                .join("");
            if (energised.at(-1) !== now) energised.push(now);
            return world.isOver;
        });
        // approach, boom loop, exit loop, beam intact
        expect(energised).toEqual(["0001", "1001", "1101", "1100", "1110", "0110", "0111", "0011", "0001"]);
        expect(tale()).toEqual(["arrived", "stopped", "entered", "passed", "left"]);
        expect(has("opened")).toBe(false);
        // It was open before anyone stood before it: for nobody, and the lorry passed unopened.
        expect(world.truth()).toMatchObject({ passages: 1, openedForNobody: 1, strikes: 0, lowersOnVehicle: 0 });
        expect(world.truth().passedUnopened).toEqual([{ lane: "entry-1", lorry: 1, booked: "valid" }]);
    });

    test("waits without a green lamp, and without a fully open boom", () => {
        const { module, run, runUntil, has } = lane({});
        runUntil(() => has("stopped"));
        module.setCoil(COIL.green, true);
        run(10_000);
        expect(has("entered")).toBe(false);
        module.setCoil(COIL.green, false);
        module.setCoil(COIL.openPulse, true);
        run(10_000);
        expect(has("opened")).toBe(true);
        expect(has("entered")).toBe(false);
        module.setCoil(COIL.green, true);
        runUntil(() => has("passed"));
    });

    test("stands at the stop line with its front on the approach loop", () => {
        const { module, lane: simulated, run, runUntil, has } = lane({ stopErrorM: 0.4 });
        runUntil(() => has("stopped"));
        run(2_000);
        const [seen] = simulated.scene();
        expect(seen?.frontAtM).toBeCloseTo(-2.6, 1);
        expect(module.input(CONTACT.approachLoop)).toBe(true);
    });

    test("a boom that comes down before the bumper has reached it makes the driver stop short", () => {
        const { module, run, runUntil, has, world } = lane({ stopErrorM: -0.5 });
        runUntil(() => has("stopped"));
        module.setCoil(COIL.openPulse, true);
        module.setCoil(COIL.green, true);
        runUntil(() => has("opened"));
        run(1_300);
        module.setCoil(COIL.closePulse, true);
        run(10_000);
        expect(module.input(CONTACT.armClosed)).toBe(true);
        expect(has("entered")).toBe(false);
        expect(world.truth()).toMatchObject({ strikes: 0, lowersOnVehicle: 0 });
    });
});

describe("a boom that sinks on a lorry", () => {
    test("is turned round by the wired chain as soon as that sees the lorry", () => {
        const { module, lane: simulated, runUntil, has, world } = lane({});
        runUntil(() => has("stopped"));
        module.setCoil(COIL.openPulse, true);
        module.setCoil(COIL.green, true);
        // Too near to stop before the boom, and not yet far enough over the loop.
        runUntil(() => (simulated.scene()[0]?.frontAtM ?? -9) > -0.4);
        module.setCoil(COIL.closePulse, true);
        runUntil(() => has("passed"));
        expect(world.truth()).toMatchObject({ safetyReversals: 1, strikes: 0, closesRefused: 0 });
    });

    test("does not even start to sink where the chain sees the lorry already", () => {
        const { module, runUntil, run, has, world } = lane({});
        runUntil(() => has("stopped"));
        module.setCoil(COIL.openPulse, true);
        module.setCoil(COIL.green, true);
        runUntil(() => has("entered"));
        module.setCoil(COIL.closePulse, true);
        run(10_000);
        expect(world.truth()).toMatchObject({ safetyReversals: 0, closesRefused: 1, lowersOnVehicle: 0, strikes: 0 });
    });

    test("strikes it where photocell and loop are blind, and is turned round by force", () => {
        const { module, lane: simulated, runUntil, run, has, world } = lane({});
        simulated.sensorFault("photocell", "stuck-on");
        simulated.sensorFault("boomLoop", "stuck-off");
        runUntil(() => has("stopped"));
        module.setCoil(COIL.openPulse, true);
        module.setCoil(COIL.green, true);
        runUntil(() => has("entered"));
        run(1_000);
        module.setCoil(COIL.closePulse, true);
        runUntil(() => has("struck"));
        run(5_000);
        expect(simulated.armAngleDeg).toBeGreaterThan(89);
        expect(world.truth()).toMatchObject({ strikes: 1, safetyReversals: 1, lowersOnVehicle: 1 });
    });

    test("finds only the low drawbar beneath it: no contact until the trailer comes", () => {
        const {
            module,
            lane: simulated,
            runUntil,
            run,
            has,
            world,
        } = lane({
            shape: "drawbar-trailer",
            driver: "stays-under-boom",
        });
        simulated.sensorFault("photocell", "stuck-on");
        simulated.sensorFault("boomLoop", "stuck-off");
        runUntil(() => has("stopped"));
        module.setCoil(COIL.openPulse, true);
        module.setCoil(COIL.green, true);
        // The driver rests with the drawbar (9.3 to 10.9 m behind the bumper) in the plane of the boom.
        runUntil(() => (simulated.scene()[0]?.frontAtM ?? 0) > 9.35);
        module.setCoil(COIL.closePulse, true);
        run(10_000);
        expect(module.input(CONTACT.armClosed)).toBe(true);
        expect(world.truth()).toMatchObject({ lowersOnVehicle: 1, strikes: 0 });
        runUntil(() => has("passed"));
        expect(world.truth()).toMatchObject({ lowersOnVehicle: 1, strikes: 1, safetyReversals: 0 });
    });
});

describe("drivers who do not go through", () => {
    test("waved away: reverses to the turn-out and is gone", () => {
        const { world, runUntil, has, events } = lane({ booked: "none" });
        runUntil(() => has("stopped"));
        expect(world.waveAway(99)).toBe(false);
        expect(world.waveAway(1)).toBe(true);
        runUntil(() => world.isOver);
        expect(events.at(-1)).toMatchObject({ is: "left", how: "turned-out", booked: "none" });
        expect(world.truth().turnedOut).toEqual([{ lane: "entry-1", lorry: 1, booked: "none" }]);
    });

    test("cannot be waved away any more once it is under the boom", () => {
        const { world, module, runUntil, has } = lane({});
        runUntil(() => has("stopped"));
        module.setCoil(COIL.openPulse, true);
        module.setCoil(COIL.green, true);
        runUntil(() => has("entered"));
        expect(world.waveAway(1)).toBe(false);
        runUntil(() => has("passed"));
    });

    test("out of patience after its own time", () => {
        const { world, runUntil, has, events } = lane({ patienceMs: 20_000 });
        runUntil(() => has("stopped"));
        const stoppedMs = world.nowMs;
        runUntil(() => world.isOver);
        const leftMs = events.at(-1)?.atMs ?? 0;
        // 9 m backwards at half pace.
        expect(leftMs - stoppedMs).toBeGreaterThan(20_000 + 6_000);
        expect(leftMs - stoppedMs).toBeLessThan(20_000 + 13_000);
    });

    test("backs out before the opened boom: opened for it, never entered", () => {
        const { world, module, runUntil, has, tale } = lane({ driver: "backs-out" });
        runUntil(() => has("stopped"));
        module.setCoil(COIL.openPulse, true);
        module.setCoil(COIL.green, true);
        runUntil(() => world.isOver);
        expect(tale()).toEqual(["arrived", "stopped", "opened", "left"]);
    });
});

test("the boom is counted as opened for the lorry first at the line, with its waiting time", () => {
    const { world, module, run, runUntil, has, events } = lane({}, { arrivesAtMs: 5_000 });
    runUntil(() => has("stopped"));
    run(4_000);
    module.setCoil(COIL.openPulse, true);
    run(3_000);
    const opened = events.filter((event) => event.is === "opened");
    expect(opened).toHaveLength(1);
    expect(opened[0]).toMatchObject({ lorry: 1, plate: "120AB02", trailerPlates: ["10ABC02"], by: "open-relay" });
    const waitedMs = opened[0]?.stopToOpenMs ?? 0;
    expect(waitedMs).toBeGreaterThan(4_000 + 2_450);
    expect(waitedMs).toBeLessThan(4_000 + 2_550);
    expect(world.truth().opened).toHaveLength(1);
});

test("before the start the barrier works on an empty road", () => {
    const events: WorldEvent[] = [];
    const world = new World({
        seed: 1,
        lanes: [{ id: "entry-1", geometry: LaneGeometry.parse({}), armTravelMs: 2_500, pulseMs: 700 }],
        lorries: [],
        sky: { light: { kind: "day", exposure: 1 }, weather: "clear" },
        tell: (event) => events.push(event),
    });
    const module = world.lanes[0]?.module;
    const contacts = () => Object.values(CONTACT).map((n) => module?.input(n));
    expect(contacts()).toEqual([false, false, false, true, false, true]);
    module?.setCoil(COIL.openPulse, true);
    for (let ms = 0; ms < 3_000; ms += 10) world.advance(10);
    expect(contacts()).toEqual([false, false, false, true, true, false]);
    expect({ nowMs: world.nowMs, isOver: world.isOver, events }).toEqual({ nowMs: 0, isOver: false, events: [] });
    world.start();
    expect(world.isOver).toBe(true);
});

test("the scene has exactly what the camera paints", () => {
    const { world, lane: simulated, run } = lane({});
    run(5_000);
    const scene = world.scene(simulated);
    expect(scene).toMatchObject({ armAngleDeg: 0, light: { kind: "night", exposure: 0.5 }, weather: "snow" });
    expect(scene.worldMs).toBe(5_000);
    expect(Object.keys(scene.lorries[0] ?? {}).sort()).toEqual(
        ["cab", "colour", "dirt", "frontAtM", "id", "lateralM", "plate", "trailerPlate"].sort(),
    );
});
