/**
 * Where things stand along a lane, in metres: the boom is at 0, lorries come from the negative side.
 * The defaults are the first site's; every value can be set per lane in the world's configuration.
 */
import { z } from "zod";

const Piece = z.tuple([z.number(), z.number()]).refine(([from, to]) => from < to, "must run in driving direction");

export const LaneGeometry = z.strictObject({
    approachLoop: Piece.default([-6, -4]),
    boomLoop: Piece.default([-0.5, 1.5]),
    exitLoop: Piece.default([4, 6]),
    photocellAtM: z.number().default(0.3),
    /** Metal a loop needs above it before its detector answers [U]. */
    loopOverlapM: z.number().positive().default(0.25),
    /** Where a driver means to stop his front bumper. */
    stopLineAtM: z.number().negative().default(-3),
    /** Where the next lorry waits until the one before has passed the boom or turned out. */
    queueLineAtM: z.number().negative().default(-32),
    /** A lorry that reversed until its bumper is here has left the lane sideways. */
    turnOutAtM: z.number().negative().default(-12),
    appearsAtM: z.number().negative().default(-60),
    /** A lorry whose tail is beyond this has left the lane. */
    leavesAtM: z.number().positive().default(10),
});

export type LaneGeometry = z.infer<typeof LaneGeometry>;
