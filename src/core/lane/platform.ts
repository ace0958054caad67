/**
 * What has come onto a weighing platform since it was last empty and at zero. A weight is worth something only when the
 * empty scale showed zero before, and when one vehicle, not two, has driven onto it since.
 */
import { isFreshReading } from "./perceive.ts";
import type { ScaleReading } from "./scale-reading.ts";
import type { Turn } from "./turn.ts";

/** Kept while nobody has been weighed; a lane without it has not seen zero. */
export interface Platform {
    /** Stretches in which the entry beam was broken; breaks shorter than `vehicleGapMsMin` are one vehicle's. */
    readonly vehicles: "none" | "one" | "several";
    /** Since when nothing has stood across the entry end; only after something did. */
    readonly clearSinceMs?: number;
}

/** The scale's newest word, if it is young enough to count. */
export function readingOf({ image, plan }: Turn): ScaleReading | undefined {
    const { weighing } = image;
    return weighing !== undefined &&
        isFreshReading({ isActive: false, ageMs: weighing.ageMs }, plan.limits.weightAgeMsMax)
        ? weighing
        : undefined;
}

/**
 * Of a lane at rest. Zero is seen when nothing is on the approach loop or across an end of the platform and the scale stands
 * still at it; a still weight that is no lorry takes that back. A lorry's weight does not: it has driven on and not reached
 * the loop yet.
 */
export function watchEmptyPlatform(turn: Turn, before: Platform | undefined): Platform | undefined {
    const { scene, plan } = turn;
    const platform = followPlatform(turn, before);
    const reading = readingOf(turn);
    if (scene.approach !== "clear" || !scene.isWhollyOnScale || !reading?.isStable) return platform;
    if (!reading.isInRange) return undefined;
    if (Math.abs(reading.grossKg) <= plan.limits.zeroKgMax) return { vehicles: "none" };
    return reading.grossKg >= plan.policy.grossKgMin ? platform : undefined;
}

/** Counts what drives on. A silent entry beam could have missed somebody: then zero has to be seen anew. */
export function followPlatform(turn: Turn, before: Platform | undefined): Platform | undefined {
    if (before === undefined || before.vehicles === "several") return before;
    const { clearSinceMs } = before;
    switch (turn.scene.scaleEntry) {
        case "absent":
            return before;
        case "unknown":
            return undefined;
        case "clear":
            if (before.vehicles === "none") return before;
            return { vehicles: "one", clearSinceMs: clearSinceMs ?? turn.nowMs };
        case "occupied": {
            const isAnother =
                clearSinceMs !== undefined && turn.sinceMs(clearSinceMs) >= turn.plan.limits.vehicleGapMsMin;
            return { vehicles: isAnother ? "several" : "one" };
        }
    }
}
