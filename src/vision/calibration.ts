/**
 * What a confidence is worth: points from what was said to how often it came true on drawn plates, with straight lines between
 * them. The points come with the weights and are made anew with them (training/calibrate.py).
 */
import { z } from "zod";

/** At least two points, ascending in what was said; both numbers 0 to 1. */
export const Calibration = z.array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)])).min(2);

/** How often a text said with this confidence, 0 to 1, is right; beyond the last point what the last one says. */
export function calibrated(said: number, points: z.infer<typeof Calibration>): number {
    let [x0, y0] = points[0] ?? [0, 0];
    for (const [x1, y1] of points) {
        if (said <= x1) return x1 === x0 ? y1 : y0 + ((said - x0) / (x1 - x0)) * (y1 - y0);
        [x0, y0] = [x1, y1];
    }
    return y0;
}
