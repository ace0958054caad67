/** The safety of the lane, exhaustively: see docs/safety-case.md for the invariants in words. */
import { expect, test } from "vitest";
import { startingState } from "../../../src/core/lane/lane-state.ts";
import { step } from "../../../src/core/lane/lane-step.ts";
import { exploreLane } from "./lane-model.ts";

test("no reachable state breaks an invariant", { timeout: 600_000 }, () => {
    const { states, steps, raises, lowers, modes, violations } = exploreLane(step, startingState(), {
        statesMax: 100_000,
    });
    console.log(`visited ${states} states, ${steps} steps, ${raises} with RAISE, ${lowers} with LOWER`);
    expect(violations.slice(0, 3)).toEqual([]);
    expect([...modes].sort()).toEqual([
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
    ]);
    expect(raises).toBeGreaterThan(0);
    expect(lowers).toBeGreaterThan(0);
});
