// Arm and control board as one barrier: real travel time, latching pulses, OPEN wins, its own safety chain, its faults.
import { describe, expect, test } from "vitest";
import { SimulatedArm } from "../../../simulators/world/arm.ts";
import { BarrierController } from "../../../simulators/world/barrier-controller.ts";
import { Random } from "../../../simulators/world/random.ts";

const STEP_MS = 10;

function barrier(travelMs = 2_500) {
    const arm = new SimulatedArm(new Random(1, "arm"), travelMs);
    const controller = new BarrierController();
    const input = { open: false, close: false, isSafe: true, isForced: false };
    const run = (ms: number) => {
        for (let passed = 0; passed < ms; passed += STEP_MS) {
            const { isUpright, isDown } = arm;
            arm.drive = controller.advance({ ...input, isUpright, isDown });
            arm.advance(STEP_MS);
        }
    };
    const pulse = (terminal: "open" | "close", ms = 700) => {
        input[terminal] = true;
        run(ms);
        input[terminal] = false;
    };
    const timeUntil = (isReached: () => boolean, msMax = 10_000) => {
        let ms = 0;
        while (!isReached() && ms < msMax) {
            run(STEP_MS);
            ms += STEP_MS;
        }
        return ms;
    };
    return { arm, controller, input, run, pulse, timeUntil };
}

describe("travel", () => {
    test.each([2_500, 6_000])("a pulse opens fully in the arm's own time: %i ms", (travelMs) => {
        const { arm, pulse, timeUntil } = barrier(travelMs);
        expect(arm.switches).toEqual({ open: false, closed: true });
        pulse("open");
        expect(arm.switches).toEqual({ open: false, closed: false });
        const ms = 700 + timeUntil(() => arm.switches.open);
        expect(ms).toBeGreaterThan(travelMs * 0.98);
        expect(ms).toBeLessThanOrEqual(travelMs);
    });

    test("a CLOSE pulse latches a full closing movement", () => {
        const { arm, pulse, run, timeUntil } = barrier();
        pulse("open");
        run(3_000);
        pulse("close", 100);
        expect(100 + timeUntil(() => arm.switches.closed)).toBeGreaterThan(2_400);
        run(5_000);
        expect(arm.switches).toEqual({ open: false, closed: true });
    });
});

describe("OPEN wins", () => {
    test("over a CLOSE held at the same time, and over a closing movement", () => {
        const { arm, input, pulse, run } = barrier();
        input.close = true;
        pulse("open");
        run(3_000);
        expect(arm.switches.open).toBe(true);
        input.close = false;
        pulse("close");
        pulse("open");
        run(3_000);
        expect(arm.switches.open).toBe(true);
    });

    test("a CLOSE that came while OPEN was held is forgotten", () => {
        const { arm, input, run } = barrier();
        input.open = true;
        run(3_000);
        input.close = true;
        run(100);
        input.open = false;
        run(3_000);
        expect(arm.switches.open).toBe(true);
    });
});

describe("safety chain", () => {
    test.each(["isSafe", "isForced"] as const)("%s turns a closing arm round once and stays open", (cause) => {
        const { arm, controller, input, pulse, run } = barrier();
        pulse("open");
        run(3_000);
        pulse("close");
        run(500);
        const angleDeg = arm.angleDeg;
        input[cause] = !input[cause];
        run(STEP_MS);
        expect(arm.angleDeg).toBeGreaterThan(angleDeg);
        run(200);
        input[cause] = !input[cause];
        run(5_000);
        expect(arm.switches.open).toBe(true);
        expect(controller).toMatchObject({ safetyReversals: 1, closesRefused: 0 });
    });

    test("a CLOSE pulse into an open chain moves nothing and is counted apart", () => {
        const { arm, controller, input, pulse, run } = barrier();
        pulse("open");
        run(3_000);
        input.isSafe = false;
        pulse("close");
        run(3_000);
        expect(arm.switches.open).toBe(true);
        expect(controller).toMatchObject({ safetyReversals: 0, closesRefused: 1 });
    });

    test("a lorry before a closed boom does not lift it", () => {
        const { arm, controller, input, run } = barrier();
        input.isSafe = false;
        run(5_000);
        expect(arm.switches.closed).toBe(true);
        expect(controller.safetyReversals).toBe(0);
    });
});

describe("faults", () => {
    test("a stuck arm stays where it is, with neither switch closed", () => {
        const { arm, pulse, run } = barrier();
        pulse("open");
        arm.fault = { kind: "stuck" };
        const angleDeg = arm.angleDeg;
        run(10_000);
        expect(arm.angleDeg).toBe(angleDeg);
        expect(arm.switches).toEqual({ open: false, closed: false });
    });

    test("silent switches read off at both ends", () => {
        const { arm, pulse, run } = barrier();
        arm.fault = { kind: "silent" };
        expect(arm.switches).toEqual({ open: false, closed: false });
        pulse("open");
        run(3_000);
        expect(arm.isUpright).toBe(true);
        expect(arm.switches).toEqual({ open: false, closed: false });
    });

    test("a bouncing switch reads off in about the given share of steps", () => {
        const { arm, run } = barrier();
        arm.fault = { kind: "bounce", perMille: 200 };
        let offs = 0;
        for (let i = 0; i < 5_000; i++) {
            run(STEP_MS);
            if (!arm.switches.closed) offs++;
        }
        expect(offs).toBeGreaterThan(850);
        expect(offs).toBeLessThan(1_150);
    });
});
