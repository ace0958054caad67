/** What the other lane of a lock may make of this one. Two interlocked booms are never up together, but for an emergency. */
import type { LaneMode, LaneState } from "./lane-state.ts";

/** Modes in which the boom may be down. A wish to open claims nothing yet: whoever orders first has the lock. */
const MAY_BE_DOWN: ReadonlySet<LaneMode["at"]> = new Set([
    "idle",
    "arriving",
    "weighing",
    "deciding",
    "referred",
    "refused",
    "opening",
    "out-of-service",
]);

/**
 * Whether the other boom of the lock may rise: this one was seen down in its newest tick, and no RAISE is on its way.
 * Lanes of a lock are stepped one after the other, each with the newest state of the other.
 */
export function leavesInterlockFree({ mode, arm, raisedMs }: LaneState): boolean {
    return arm === "closed" && raisedMs === undefined && MAY_BE_DOWN.has(mode.at);
}
