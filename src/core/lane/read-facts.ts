/** Which reads belong to the vehicle here, and what is written down of one. */
import type { DecisionPolicy } from "../decision/decision-policy.ts";
import { isSure } from "../decision/read-choice.ts";
import type { FactData } from "../fact/fact.ts";
import type { LaneRead } from "./lane-image.ts";
import type { Visit } from "./lane-state.ts";
import type { Turn } from "./turn.ts";

/** The reads of the vehicle that stands here. */
export function readsOf(turn: Turn, visit: Visit): readonly LaneRead[] {
    return turn.image.reads.filter((read) => isOfVisit(read, visit, turn.plan.policy));
}

/**
 * A read belongs to the visit when its newest frame was taken after the vehicle came to the loop; that of a camera which reads
 * by itself, and sees farther than the loop, as long before that as the site says.
 */
export function isOfVisit(
    { camera, lastSeenMs }: Pick<LaneRead, "camera" | "lastSeenMs">,
    { arrivedMs }: Pick<Visit, "arrivedMs">,
    { readers }: DecisionPolicy,
): boolean {
    return lastSeenMs + (readers?.[camera]?.aheadMsMax ?? 0) >= arrivedMs;
}

/** What is recorded of a read. */
export function readFact(turn: Turn, read: LaneRead): FactData<"vehicle.recognised"> {
    return {
        camera: read.camera,
        text: read.text,
        key: read.key,
        confidence: read.confidence,
        frames: read.frames,
        agreeing: read.agreeing,
        recogniser: read.recogniser,
        evidence: read.evidence,
        isSure: isSure(read, turn.plan.policy),
        ...(turn.plan.rearCameras?.includes(read.camera) ? { isRear: true } : {}),
        ...(read.isUnrated === true ? { isUnrated: true } : {}),
        ...(read.travel === undefined ? {} : { travel: read.travel }),
        ...(read.doubts === undefined ? {} : { doubts: read.doubts }),
        ...(read.told === undefined ? {} : { told: read.told }),
    };
}
