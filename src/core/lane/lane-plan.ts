/** What one lane consists of and how long things may take in it: the part of the site file that the core needs. */
import type { DecisionPolicy } from "../decision/decision-policy.ts";
import type { LaneRole } from "../decision/lane-role.ts";
import { type ContactName, ZONE_SENSORS } from "./contacts.ts";

/** Milliseconds unless the name says otherwise. Defaults stand in the site schema; ranges are checked there. */
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
    /** How long the limit switches may say what cannot be, or what nobody ordered, before it counts (contact bounce). */
    readonly contradictionMsMax: number;
    /** How long all clear-sensors must stay clear, without a break, before lowering. */
    readonly clearHoldMsMin: number;
    /** Clear under the boom for this long, then occupied again from the approach side: another vehicle. */
    readonly vehicleGapMsMin: number;
    /** How long an open lane waits for its vehicle. */
    readonly noShowMsMax: number;
    /** How long to wait for the other boom of a lock, or for the exit, before asking an officer. */
    readonly interlockMsMax: number;
    /** Pause before an order that was not applied is given again. */
    readonly orderRetryMs: number;
    /** Orders given before it is a fault. */
    readonly orderTriesMax: number;
    /** A loop or photocell active for longer is an alarm: a vehicle that stands, a jam, or a sensor that is stuck. */
    readonly occupiedMsMax: number;
    /** A contact that changes more often than this in a minute is an alarm: a dirty photocell, a loose wire. */
    readonly changesPerMinuteMax: number;
    /** How long to wait for a weight before deciding without one. */
    readonly weighMsMax: number;
    /** How long a weight must stand still, within `weightSwayKgMax`, before it counts. */
    readonly weightHoldMsMin: number;
    readonly weightSwayKgMax: number;
    /** Readings, each a frame of its own, that must say so: one frame repeated in silence proves nothing. */
    readonly weightReadingsMin: number;
    /** An empty platform shows no more than this, either way. */
    readonly zeroKgMax: number;
    /** Older readings of the scale count as none. */
    readonly weightAgeMsMax: number;
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
    /** The vehicle stands on a scale while it is looked at. */
    readonly hasScale?: boolean;
    /** Read by us and by a camera itself: a second opinion, which is waited for. */
    readonly isReadTwice?: boolean;
    /** Cameras that see the vehicle from behind: their reads may be a trailer's. */
    readonly rearCameras?: readonly string[];
    readonly limits: LaneLimits;
    readonly policy: DecisionPolicy;
}

/** Why a plan cannot be operated safely: a stable code and a sentence that says what to do. */
export interface PlanObjection {
    readonly code: PlanObjectionCode;
    readonly message: string;
}

interface Rule {
    readonly isBroken: (plan: LanePlan, has: (name: ContactName) => boolean) => boolean;
    readonly message: string;
}

/** Every rule that a plan must keep. */
const RULES = {
    NO_PRESENCE: {
        isBroken: (_plan, has) => !has("approachLoop"),
        message: "an opening needs presence: wire approachLoop",
    },
    NO_ZONE_SENSOR: {
        isBroken: (_plan, has) => !ZONE_SENSORS.some(has),
        message: "nothing tells what is under the boom: wire boomLoop, photocell1 or photocell2",
    },
    CONTACT_TWICE: {
        isBroken: ({ contacts }) => new Set(contacts).size < contacts.length,
        message: "a contact is named twice",
    },
    AGE_ABOVE_HOLD: {
        isBroken: ({ limits }) => limits.readingAgeMsMax >= limits.clearHoldMsMin,
        message: "readingAgeMsMax must be below clearHoldMsMin",
    },
    GAP_ABOVE_HOLD: {
        isBroken: ({ limits }) => limits.vehicleGapMsMin >= limits.clearHoldMsMin,
        message: "vehicleGapMsMin must be below clearHoldMsMin, or no second vehicle is ever noticed",
    },
    BOUNCE_ABOVE_TRAVEL: {
        isBroken: ({ limits }) => limits.contradictionMsMax >= limits.travelMsMax,
        message: "contradictionMsMax must be below travelMsMax",
    },
    SETTLE_ABOVE_READ: {
        isBroken: ({ limits }) => limits.presenceMsMin + limits.readSettleMs > limits.readMsMax,
        message: "readMsMax must leave room for presenceMsMin and readSettleMs",
    },
    INTERLOCK_WITH_ITSELF: {
        isBroken: ({ id, interlockedWith }) => interlockedWith === id,
        message: "a lane cannot wait for its own boom: name the other lane in interlockedWith",
    },
    INTERLOCK_WITHOUT_LIMIT: {
        isBroken: ({ interlockedWith }, has) => interlockedWith !== undefined && !has("limitClosed"),
        message: "the other lane must know that this boom is down: wire limitClosed",
    },
    SCALE_WITHOUT_BEAMS: {
        isBroken: ({ hasScale }, has) => hasScale === true && !(has("scaleBeam1") && has("scaleBeam2")),
        message: "nothing tells whether all axles of one vehicle are on the scale: wire scaleBeam1 and scaleBeam2",
    },
    CLOSING_WITHOUT_PHOTOCELL: {
        isBroken: (plan, has) => plan.isClosingAutomatic && !has("photocell1") && !has("photocell2"),
        message:
            "automatic closing needs a photocell under the boom (EN 12453): wire photocell1 or set closing: officer",
    },
    CLOSING_WITH_ONE_SENSOR: {
        isBroken: (plan, has) => plan.isClosingAutomatic && ZONE_SENSORS.filter(has).length === 1,
        message:
            "automatic closing needs a second witness under the boom: wire boomLoop or photocell2, or set closing: officer",
    },
    CLOSING_WITHOUT_EXIT_LOOP: {
        isBroken: (plan, has) => plan.isClosingAutomatic && !has("exitLoop"),
        message: "semitrailers drop out of the loop under the boom: wire exitLoop or set closing: officer",
    },
    CLOSING_WITHOUT_LIMIT: {
        isBroken: (plan, has) => plan.isClosingAutomatic && !has("limitClosed"),
        message:
            "after a start nobody would know whether the boom is still up: wire limitClosed or set closing: officer",
    },
} as const satisfies Readonly<Record<string, Rule>>;

/** Stable codes of objections, in the order in which they are asked. */
export type PlanObjectionCode = keyof typeof RULES;

/** All objections to a plan; none means it may be driven. */
export function objectionsTo(plan: LanePlan): readonly PlanObjection[] {
    const has = (name: ContactName): boolean => plan.contacts.includes(name);
    const rules = Object.entries(RULES) as readonly [PlanObjectionCode, Rule][];
    return rules.filter(([, rule]) => rule.isBroken(plan, has)).map(([code, { message }]) => ({ code, message }));
}
