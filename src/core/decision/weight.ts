/** What weighing a vehicle came to, as the decision sees it. */

/** Why a weight cannot be used; each has a line in `docs/reference/reasons.md`. */
export const WEIGHT_PROBLEMS = [
    "NO_READING",
    "UNSTABLE",
    "OUT_OF_RANGE",
    "NOT_WHOLLY_ON",
    "ZERO_NOT_SEEN",
    "SEVERAL_VEHICLES",
] as const;

export type WeightProblem = (typeof WEIGHT_PROBLEMS)[number];

/** One final weight in kilograms with the frame it was read from, or why there is none. */
export type Weight = { readonly grossKg: number; readonly raw: string } | { readonly problem: WeightProblem };
