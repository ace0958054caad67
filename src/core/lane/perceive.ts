/** Turns contact readings with ages into the few claims the lane acts on. Unknown is a claim of its own, never "clear". */
import { CLEAR_SENSORS, type ContactName, type ContactReadings, type Reading, ZONE_SENSORS } from "./contacts.ts";
import type { LanePlan } from "./lane-plan.ts";

/** `absent`: the lane is not wired with it. */
export type Presence = "occupied" | "clear" | "unknown" | "absent";

/** `unseen`: no limit switch can tell; `impossible`: both limit switches active. */
export type Arm = "open" | "closed" | "moving" | "impossible" | "unknown" | "unseen";

/** What one image says about the lane, each claim judged from fresh readings only. */
export interface Scene {
    readonly approach: Presence;
    /** Under the boom: occupied when any sensor says so, clear only when all do, freshly. */
    readonly zone: Presence;
    readonly exit: Presence;
    readonly arm: Arm;
    readonly isEmergency: boolean;
    readonly isKeyTurned: boolean;
    readonly isArmBroken: boolean;
    /** Wired contacts whose reading is missing or too old. */
    readonly silent: readonly ContactName[];
}

/** Judges all readings afresh; nothing is remembered from tick to tick. */
export function perceive(readings: ContactReadings, plan: LanePlan): Scene {
    const isWired = (name: ContactName): boolean => plan.contacts.includes(name);
    const isFresh = (name: ContactName): boolean => isFreshReading(readings[name], plan.limits.readingAgeMsMax);
    const isActive = (name: ContactName): boolean =>
        isWired(name) && isFresh(name) && readings[name]?.isActive === true;
    const presence = (names: readonly ContactName[]): Presence => {
        const wired = names.filter(isWired);
        if (wired.length === 0) return "absent";
        if (wired.some(isActive)) return "occupied";
        return wired.every(isFresh) ? "clear" : "unknown";
    };
    return {
        approach: presence(["approachLoop"]),
        zone: presence(ZONE_SENSORS),
        exit: presence(["exitLoop"]),
        arm: perceiveArm(presence(["limitOpen"]), presence(["limitClosed"])),
        isEmergency: isActive("emergency"),
        isKeyTurned: isActive("keySwitch"),
        isArmBroken: isActive("armBreak"),
        silent: plan.contacts.filter((name) => !isFresh(name)),
    };
}

/** Whether the boom may be lowered at this very moment: every wired clear-sensor is fresh and inactive, and there is one. */
export function mayLower(readings: ContactReadings, plan: LanePlan): boolean {
    const wired = CLEAR_SENSORS.filter((name) => plan.contacts.includes(name));
    return (
        wired.length > 0 &&
        wired.every((name) => {
            const reading = readings[name];
            return isFreshReading(reading, plan.limits.readingAgeMsMax) && !reading?.isActive;
        })
    );
}

function isFreshReading(reading: Reading, ageMsMax: number): boolean {
    return reading !== undefined && reading.ageMs >= 0 && reading.ageMs <= ageMsMax;
}

/** `occupied` means: this limit switch is active. */
function perceiveArm(open: Presence, closed: Presence): Arm {
    if (open === "unknown" || closed === "unknown") return "unknown";
    if (open === "absent" && closed === "absent") return "unseen";
    if (open === "occupied") return closed === "occupied" ? "impossible" : "open";
    if (closed === "occupied") return "closed";
    return open === "absent" || closed === "absent" ? "unseen" : "moving";
}
