/** What the other lane of a lock may make of this one. Two interlocked booms are never up together, but for an emergency. */
import type { LaneMode, LaneState } from "./lane-state.ts";

const DOWN_AND_NO_CLAIM: ReadonlySet<LaneMode["at"]> = new Set([
    "idle",
    "arriving",
    "weighing",
    "deciding",
    "referred",
    "refused",
    "out-of-service",
]);

/**
 * Whether the other boom of the lock may rise: this one was seen down in its newest tick, no RAISE is on its way, and
 * none is claimed. Lanes of a lock are stepped one after the other, each with the newest state of the other, so waiting
 * for an order of one's own is no claim yet: whoever orders first has it.
 */
export function leavesInterlockFree({ mode, arm, raisedMs }: LaneState): boolean {
    const isWaiting = mode.at === "opening" && mode.order === undefined;
    return arm === "closed" && raisedMs === undefined && (isWaiting || DOWN_AND_NO_CLAIM.has(mode.at));
}
