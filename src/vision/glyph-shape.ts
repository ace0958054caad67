/**
 * Whether a cut character can be the sign it was read as: counters and width do not depend on the face, so they catch most
 * of what a text recogniser makes up. Measured on drawn plates; a network that learns shapes will make this superfluous.
 */
import { median } from "./character-rows.ts";
import type { CutCharacter } from "./row-cutter.ts";

/** Closed counters of a sign in all faces known; 4 is open in some, everything else has none. */
const HOLES: Readonly<Record<string, readonly number[]>> = {
    ...Object.fromEntries([..."ADOPQR069"].map((sign) => [sign, [1]])),
    ...Object.fromEntries([..."B8"].map((sign) => [sign, [2]])),
    "4": [0, 1],
};
const NO_HOLES: readonly number[] = [0];
/** Widths against the row's typical one: a 1 is narrow, everything else is not, M and W are broad, a letter O is a round 0. */
const NARROW = "1I";
const NARROW_MAX = 0.82;
const OTHERS_MIN = 0.68;
const BROAD = "MW";
const BROAD_MIN = 1.1;
/** Between these a round sign may be either: below it is rather a zero, above rather a letter O. */
const ZERO_TO_O = [1.04, 1.16] as const;

/** More counters than the sign has cannot come from blur; fewer can. */
const TOO_MANY_HOLES = 0.25;
const TOO_FEW_HOLES = 0.6;
const WRONG_WIDTH = 0.4;
/** Zero and letter O differ little in some faces. */
const OTHER_ROUND = 0.3;
/** The beam of a 7 and the serifs of an I reach over the whole width, the flag of a 1 starts lower. */
const ONE_TOP_MAX = 0.8;
const SEVEN_TOP_MIN = 0.75;
const LETTER_I_TOP_MIN = 0.88;
const WRONG_TOP = 0.3;

/** The row's typical proportion of width to height. */
export function typicalProportion(row: readonly CutCharacter[]): number {
    return median(row.map(({ width, height }) => width / height)) || 1;
}

/** 1 when the shape agrees with the sign, less the less it does; a factor for the recogniser's own confidence. */
export function shapeFit(sign: string, character: CutCharacter, proportion: number): number {
    const width = character.width / character.height / proportion;
    return holesFit(sign, character.holes) * widthFit(sign, width) * topFit(sign, character.topShare, width);
}

function topFit(sign: string, topShare: number, width: number): number {
    if (sign === "7") return topShare >= SEVEN_TOP_MIN ? 1 : WRONG_TOP;
    if (sign === "I") return topShare >= LETTER_I_TOP_MIN ? 1 : WRONG_TOP;
    return sign === "1" && width >= OTHERS_MIN && topShare > ONE_TOP_MAX ? WRONG_TOP : 1;
}

function holesFit(sign: string, holes: number): number {
    const expected = HOLES[sign] ?? NO_HOLES;
    if (expected.includes(holes)) return 1;
    return holes > Math.max(...expected) ? TOO_MANY_HOLES : TOO_FEW_HOLES;
}

function widthFit(sign: string, width: number): number {
    if (NARROW.includes(sign)) return width <= NARROW_MAX ? 1 : WRONG_WIDTH;
    if (width < OTHERS_MIN) return WRONG_WIDTH;
    if (BROAD.includes(sign)) return width >= BROAD_MIN ? 1 : WRONG_WIDTH;
    const [zero, letterO] = ZERO_TO_O;
    const roundness = Math.max(0, Math.min(1, (width - zero) / (letterO - zero)));
    if (sign === "0") return 1 - (1 - OTHER_ROUND) * roundness;
    return sign === "O" ? OTHER_ROUND + (1 - OTHER_ROUND) * roundness : 1;
}
