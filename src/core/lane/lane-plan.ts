/** What one lane consists of and how long things may take in it: the part of the site file that the core needs. */
import type { DecisionPolicy } from "../decision/decision-policy.ts";
import type { LaneRole } from "../decision/lane-role.ts";
import type { ContactName } from "./contacts.ts";

/** Milliseconds throughout. Defaults stand in the site schema; ranges are checked there. */
export interface LaneLimits {
    /** Older readings count as unknown. Below `clearHoldMsMin`. */
    readonly readingAgeMsMax: number;
    /** How long presence must last before it is a vehicle, and be gone before the vehicle has left. */
    readonly presenceMsMin: number;
    /** A voted read must stand this long before it is decided upon, so that a better look can still correct it. */
    readonly readSettleMs: number;
    /** After this the lane decides with what it has. */
    readonly readMsMax: number;
    /** Longest normal movement of the arm: 1.5 times the rated time (2–8 s by maker). */
    readonly travelMsMax: number;
    /** How long both limit switches may contradict each other before it is a fault (contact bounce). */
    readonly contradictionMsMax: number;
    /** How long all clear-sensors must stay clear, without a break, before lowering. */
    readonly clearHoldMsMin: number;
    /** Clear under the boom for this long, then occupied again from the approach side: another vehicle. */
    readonly vehicleGapMsMin: number;
    /** How long an open lane waits for its vehicle. */
    readonly noShowMsMax: number;
    /** How long to wait for the other boom of a lock before asking an officer. */
    readonly interlockMsMax: number;
    /** Pause before an order that was not applied is given again. */
    readonly orderRetryMs: number;
    /** Orders given before it is a fault. */
    readonly orderTriesMax: number;
}

/** One lane as the core sees it. `objectionsTo` says whether it can be operated safely. */
export interface LanePlan {
    readonly id: string;
    readonly role: LaneRole;
    readonly contacts: readonly ContactName[];
    /** False: only a named officer closes. */
    readonly isClosingAutomatic: boolean;
    /** The lane whose boom must be closed before this one opens. */
    readonly interlockedWith?: string;
    readonly limits: LaneLimits;
    readonly policy: DecisionPolicy;
}

/** Why a plan cannot be operated safely: a stable code and a sentence that says what to do. */
export interface PlanObjection {
    readonly code:
        | "CLOSING_WITHOUT_PHOTOCELL"
        | "CLOSING_WITH_ONE_SENSOR"
        | "CLOSING_WITHOUT_EXIT_LOOP"
        | "NO_PRESENCE"
        | "AGE_ABOVE_HOLD";
    readonly message: string;
}

/** All objections to a plan; none means it may be driven. */
export function objectionsTo(plan: LanePlan): readonly PlanObjection[] {
    const has = (name: ContactName): boolean => plan.contacts.includes(name);
    const objections: PlanObjection[] = [];
    if (!has("approachLoop")) {
        objections.push({ code: "NO_PRESENCE", message: "an opening needs presence: wire approachLoop" });
    }
    if (plan.limits.readingAgeMsMax >= plan.limits.clearHoldMsMin) {
        objections.push({ code: "AGE_ABOVE_HOLD", message: "readingAgeMsMax must be below clearHoldMsMin" });
    }
    if (!plan.isClosingAutomatic) return objections;
    if (!has("photocell1") && !has("photocell2")) {
        objections.push({
            code: "CLOSING_WITHOUT_PHOTOCELL",
            message:
                "automatic closing needs a photocell under the boom (EN 12453): wire photocell1 or set closing: officer",
        });
    } else if (!has("boomLoop") && !(has("photocell1") && has("photocell2"))) {
        objections.push({
            code: "CLOSING_WITH_ONE_SENSOR",
            message:
                "automatic closing needs a second witness under the boom: wire boomLoop or photocell2, or set closing: officer",
        });
    }
    if (!has("exitLoop")) {
        objections.push({
            code: "CLOSING_WITHOUT_EXIT_LOOP",
            message: "semitrailers drop out of the loop under the boom: wire exitLoop or set closing: officer",
        });
    }
    return objections;
}
