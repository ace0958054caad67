/** Turns contact readings with ages into the few claims the lane acts on. Unknown is a claim of its own, never "clear". */
import { type ContactName, type ContactReadings, type Reading, SCALE_SENSORS, ZONE_SENSORS } from "./contacts.ts";
import type { LanePlan } from "./lane-plan.ts";

/** `absent`: the lane is not wired with it. */
export type Presence = "occupied" | "clear" | "unknown" | "absent";

/**
 * `unseen`: no limit switch can tell; `not-open`, `not-closed`: there is only one switch, and the arm is not at it;
 * `impossible`: both limit switches active.
 */
export type Arm = "open" | "closed" | "moving" | "impossible" | "unknown" | "unseen" | "not-open" | "not-closed";

/** What one image says about the lane, each claim judged from fresh readings only. */
export interface Scene {
    readonly approach: Presence;
    /** Under the boom: occupied when any sensor says so, clear only when all do, freshly. */
    readonly zone: Presence;
    /** Under the boom, metal for all the lane can tell: anything at all, unless the loop there freshly says that it is not. */
    readonly isMetalUnder: boolean;
    readonly exit: Presence;
    /** The boom may be lowered at this very moment: every wired clear-sensor is fresh and inactive, and something watches the zone. */
    readonly isClear: boolean;
    readonly arm: Arm;
    readonly isEmergency: boolean;
    readonly isKeyTurned: boolean;
    readonly isArmBroken: boolean;
    /** Across the end at which vehicles come onto the weighing platform. */
    readonly scaleEntry: Presence;
    /** Nothing stands across the ends of the weighing platform; true where no beam is wired. */
    readonly isWhollyOnScale: boolean;
}

/** Judges readings afresh, each claim when it is asked for; nothing is remembered from tick to tick. */
export function perceive(readings: ContactReadings, plan: LanePlan): Scene {
    return new Perception(readings, plan);
}

/** A class, so that a tick makes one small object and not a function for every claim. */
class Perception implements Scene {
    readonly #readings: ContactReadings;
    readonly #plan: LanePlan;

    constructor(readings: ContactReadings, plan: LanePlan) {
        this.#readings = readings;
        this.#plan = plan;
    }

    get approach(): Presence {
        return this.#of("approachLoop");
    }

    get zone(): Presence {
        return this.#ofAny(ZONE_SENSORS);
    }

    get isMetalUnder(): boolean {
        return this.#of("boomLoop") !== "clear" && this.zone === "occupied";
    }

    get exit(): Presence {
        return this.#of("exitLoop");
    }

    get isClear(): boolean {
        if (this.zone !== "clear") return false;
        const { exit } = this;
        return exit === "clear" || exit === "absent";
    }

    get arm(): Arm {
        return perceiveArm(this.#of("limitOpen"), this.#of("limitClosed"));
    }

    get isEmergency(): boolean {
        return this.#of("emergency") === "occupied";
    }

    get isKeyTurned(): boolean {
        return this.#of("keySwitch") === "occupied";
    }

    get isArmBroken(): boolean {
        return this.#of("armBreak") === "occupied";
    }

    get scaleEntry(): Presence {
        return this.#of("scaleBeam1");
    }

    get isWhollyOnScale(): boolean {
        const beams = this.#ofAny(SCALE_SENSORS);
        return beams === "clear" || beams === "absent";
    }

    #of(name: ContactName): Presence {
        if (!this.#plan.contacts.includes(name)) return "absent";
        const reading = this.#readings[name];
        if (reading === undefined || !isFreshReading(reading, this.#plan.limits.readingAgeMsMax)) return "unknown";
        return reading.isActive ? "occupied" : "clear";
    }

    #ofAny(names: readonly ContactName[]): Presence {
        const found = names.map((name) => this.#of(name));
        if (found.includes("occupied")) return "occupied";
        if (found.includes("unknown")) return "unknown";
        return found.includes("clear") ? "clear" : "absent";
    }
}

/** Whether a reading is there and young enough to be believed; an age that is no number is not. */
export function isFreshReading(reading: Reading, ageMsMax: number): boolean {
    return reading !== undefined && reading.ageMs >= 0 && reading.ageMs <= ageMsMax;
}

/** `occupied` means: this limit switch is active. */
function perceiveArm(open: Presence, closed: Presence): Arm {
    if (open === "unknown" || closed === "unknown") return "unknown";
    if (open === "occupied") return closed === "occupied" ? "impossible" : "open";
    if (closed === "occupied") return "closed";
    if (open === "absent") return closed === "absent" ? "unseen" : "not-closed";
    return closed === "absent" ? "not-open" : "moving";
}
