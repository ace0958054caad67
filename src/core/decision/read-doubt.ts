/** What a camera noticed beside the characters: how the plate travelled, and why it may be no plate on a vehicle before it. */

/** Reasons to doubt that a plate belongs to a vehicle that is there; each has a line in `docs/reference/reasons.md`. */
export const READ_DOUBTS = [
    /** Nobody saw it come: it did not grow or shrink together with what is around it. */
    "arrival-unseen",
    /** Its pixels do not change, not even by noise. */
    "picture-still",
    /** It moves and what is around it does not. */
    "moves-alone",
    /** It stays where it is while what is around it, or the vehicle that comes, moves. */
    "stays-behind",
] as const;

/** One such reason. */
export type ReadDoubt = (typeof READ_DOUBTS)[number];

/** As the camera sees it: nearer, farther, or past it. */
export const TRAVELS = ["towards", "away", "across"] as const;

/** Direction of the last movement that was large enough to tell. */
export type Travel = (typeof TRAVELS)[number];
