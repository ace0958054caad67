/**
 * What has come onto a weighing platform since it was last empty and at zero. A weight is worth something only when the
 * empty scale showed zero before, and when one vehicle, not two, has driven onto it since.
 */
import type { LaneState } from "./lane-state.ts";
import { isFreshReading } from "./perceive.ts";
import type { ScaleReading } from "./scale-reading.ts";
import type { Turn } from "./turn.ts";

/**
 * A lane without one has not seen zero. `none`: nobody since; `crossing`: something breaks the entry beam; `crossed`: not any
 * more, for less than `vehicleGapMsMin`, so that a trailer may follow; `one`: whatever follows now is another vehicle.
 */
export type Platform =
    | { readonly holds: "none" | "crossing" | "one" | "several" }
    | { readonly holds: "crossed"; readonly sinceMs: number };

/** The scale's newest word, if it is young enough to count. */
export function readingOf({ image, plan }: Turn): ScaleReading | undefined {
    const { weighing } = image;
    const isFresh =
        weighing !== undefined &&
        isFreshReading({ isActive: false, ageMs: weighing.ageMs }, plan.limits.weightAgeMsMax);
    return isFresh ? weighing : undefined;
}

/**
 * Watches the platform in the modes in which it may be empty or a vehicle comes onto it; elsewhere, and once somebody was
 * weighed, zero has to be seen anew. Behind a vehicle that leaves it may be, when everything about the boom is clear.
 */
export function watchPlatform(turn: Turn, state: LaneState): LaneState {
    if (!turn.plan.hasScale) return state;
    const { platform: before, ...rest } = state;
    const platform = platformIn(turn, state.mode.at, before);
    return platform === undefined ? rest : { ...rest, platform };
}

function platformIn(turn: Turn, at: LaneState["mode"]["at"], before: Platform | undefined): Platform | undefined {
    switch (at) {
        case "passing":
        case "closing":
            if (!turn.scene.isClear) return undefined;
            return before === undefined || at === "closing" ? ofRestingLane(turn, before) : follow(turn, before);
        case "idle":
            return ofRestingLane(turn, before);
        case "arriving":
        case "weighing":
            return follow(turn, before);
        default:
            return undefined;
    }
}

/**
 * Zero is seen when nothing is on the approach loop or across an end of the platform and the scale stands still at it; a
 * still weight that is no lorry takes that back. The weight of a lorry that came over the entry beam does not: it has driven on
 * and not reached the loop yet.
 */
function ofRestingLane(turn: Turn, before: Platform | undefined): Platform | undefined {
    const { scene, plan } = turn;
    const platform = follow(turn, before);
    if (scene.approach !== "clear" || !scene.isWhollyOnScale) return platform;
    const reading = readingOf(turn);
    if (!reading?.isStable) return platform;
    if (!reading.isInRange) return undefined;
    if (Math.abs(reading.grossKg) <= plan.limits.zeroKgMax) return { holds: "none" };
    const isLorry = reading.grossKg >= plan.policy.grossKgMin && platform?.holds !== "none";
    return isLorry ? platform : undefined;
}

/** Counts what drives on. A silent entry beam could have missed somebody: then zero has to be seen anew. */
function follow(turn: Turn, before: Platform | undefined): Platform | undefined {
    if (before === undefined || before.holds === "several") return before;
    switch (turn.scene.scaleEntry) {
        case "absent":
            return before;
        case "unknown":
            return undefined;
        case "clear":
            if (before.holds === "none" || before.holds === "one") return before;
            return crossed(turn, before.holds === "crossed" ? before.sinceMs : turn.nowMs);
        case "occupied":
            if (before.holds === "none" || before.holds === "crossing") return { holds: "crossing" };
            return { holds: before.holds === "crossed" && !isGap(turn, before.sinceMs) ? "crossing" : "several" };
    }
}

function crossed(turn: Turn, sinceMs: number): Platform {
    return isGap(turn, sinceMs) ? { holds: "one" } : { holds: "crossed", sinceMs };
}

function isGap(turn: Turn, sinceMs: number): boolean {
    return turn.sinceMs(sinceMs) >= turn.plan.limits.vehicleGapMsMin;
}
