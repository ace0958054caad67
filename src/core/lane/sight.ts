/** What a lane that could not look, or could not write down what it saw, still takes for true: nothing that it was following. */
import type { LaneMode, LaneState } from "./lane-state.ts";
import { takeUp } from "./modes/resting.ts";
import { enter, type Turn } from "./turn.ts";

/**
 * Longest time between two ticks that a lane remembers; after more it starts again from what it sees, as after a restart. In
 * less, no vehicle takes the place of another before a boom, or comes under it and away again (16 m at 30 km/h: 2 s).
 */
export const SIGHT_GAP_MS_MAX = 1_000;

const FOLLOWS_SOMETHING: ReadonlySet<LaneMode["at"]> = new Set([
    "arriving",
    "weighing",
    "deciding",
    "referred",
    "refused",
    "opening",
    "open-waiting",
    "passing",
    "closing",
]);

/** Whether this state is only worth something to a lane that has looked all the time. */
export function needsSight({ mode }: LaneState): boolean {
    return FOLLOWS_SOMETHING.has(mode.at) || mode.at === "manual";
}

/** Lets go of the vehicle and of the movement in hand when the lane was blind; a boom held open stays held, and is not yet clear. */
export function noteBlindness(turn: Turn, state: LaneState): LaneState {
    if (!needsSight(state) || !turn.image.wasBlind) return state;
    const { mode } = state;
    const { armDoubtSinceMs: _doubt, ...rest } = turn.interrupt(state, "blind");
    if (mode.at !== "manual") return takeUp(turn, rest);
    const { clearSinceMs: _clear, goneSinceMs: _gone, ...held } = mode;
    return enter(rest, held);
}
