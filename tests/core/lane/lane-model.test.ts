/** The safety of the lane, exhaustively: see docs/safety-case.md for the invariants in words and for what the search takes together. */
import { describe, expect, test } from "vitest";
import { objectionsTo } from "../../../src/core/lane/lane-plan.ts";
import { startingState } from "../../../src/core/lane/lane-state.ts";
import { DOCUMENTED_CODES } from "./documented-codes.ts";
import { ARM_PLACES, ticksToIdle } from "./healthy-world.ts";
import { exploreLane, MODEL_PLANS } from "./lane-model.ts";

const MODES = [
    "arriving",
    "closing",
    "deciding",
    "emergency-open",
    "fault",
    "idle",
    "manual",
    "open-waiting",
    "opening",
    "out-of-service",
    "passing",
    "referred",
    "refused",
    "starting",
];

describe.each(Object.entries(MODEL_PLANS))("%s", (name, plan) => {
    test("no reachable state breaks an invariant, and every one has a way back to idle", { timeout: 600_000 }, () => {
        expect(objectionsTo(plan)).toEqual([]);
        const explored = exploreLane(plan, [startingState(), startingState("p")], {
            codes: DOCUMENTED_CODES,
            statesMax: 50_000,
        });
        expect(explored.violation).toBeUndefined();
        const { nodes, steps, raises, lowers, modes } = explored;
        expect(Object.keys(modes).sort()).toEqual([...MODES, ...("hasScale" in plan ? ["weighing"] : [])].sort());
        expect(Math.min(raises, lowers)).toBeGreaterThan(0);

        let longest = 0;
        for (const { state } of nodes.values()) {
            for (const arm of ARM_PLACES) {
                const ticks = ticksToIdle(state, plan, arm, 60);
                if (ticks === undefined) expect({ deadEnd: state, arm }).toBeUndefined();
                else longest = Math.max(longest, ticks);
            }
        }
        console.log(
            `${name}: ${nodes.size} states, ${steps} steps, ${raises} with RAISE, ${lowers} with LOWER; back to idle within ${longest} ticks`,
        );
    });
});
