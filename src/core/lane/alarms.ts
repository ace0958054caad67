/** Conditions an officer has to know of, judged afresh every tick; raised and cleared as facts by `step`. */
import type { LaneState } from "./lane-state.ts";
import type { Turn } from "./turn.ts";

/** A silent contact is an alarm only after this many times the age at which it stops counting: single late polls are not news. */
const SILENT_AFTER_AGES = 3;

/** Alarm codes that hold now, sorted; each is explained in `docs/reference/reasons.md`. */
export function alarmsOf(turn: Turn, state: LaneState): readonly string[] {
    if (state.mode.at === "starting") return state.alarms;
    const { image, plan } = turn;
    const alarms: string[] = [];
    for (const name of plan.contacts) {
        const reading = image.contacts[name];
        const isSilent = reading === undefined || reading.ageMs > SILENT_AFTER_AGES * plan.limits.readingAgeMsMax;
        if (isSilent) alarms.push(`SENSOR_SILENT:${name}`);
    }
    if (!image.isCameraWell) alarms.push("CAMERA_FAILED");
    if (!image.isClockTrusted) alarms.push("CLOCK_NOT_TRUSTED");
    if (!(image.list.ageMs <= plan.policy.listAgeMsMax)) alarms.push("LIST_OLD");
    if (state.mode.at === "manual" && state.mode.why !== "key") alarms.push("BOOM_LEFT_OPEN");
    return alarms.sort();
}
