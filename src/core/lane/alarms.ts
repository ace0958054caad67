/** Conditions an officer has to know of, judged afresh every tick; raised and cleared as facts by `step`. */
import { type ContactName, ZONE_SENSORS } from "./contacts.ts";
import type { LaneImage } from "./lane-image.ts";
import type { LanePlan } from "./lane-plan.ts";
import type { LaneMode, Visit } from "./lane-state.ts";
import type { Watch } from "./watch.ts";

/** What alarms are judged on. */
export interface AlarmInput {
    readonly mode: LaneMode;
    readonly visit: Visit | undefined;
    readonly watch: Watch;
    readonly image: LaneImage;
    readonly plan: LanePlan;
}

/** A silent contact is an alarm only after this many times the age at which it stops counting: single late polls are not news. */
export const SILENT_AFTER_AGES = 3;

/** Contacts that a vehicle works; the others may stand for ever. */
const WORKED_BY_VEHICLES: readonly ContactName[] = ["approachLoop", ...ZONE_SENSORS, "exitLoop"];

const BOOM_IS_DOWN: ReadonlySet<LaneMode["at"]> = new Set([
    "idle",
    "arriving",
    "weighing",
    "deciding",
    "referred",
    "refused",
]);

/** Alarm codes that hold now, sorted; each is explained in `docs/reference/reasons.md`. */
export function alarmsOf(input: AlarmInput): readonly string[] {
    const { image, plan, watch } = input;
    const alarms: string[] = [];
    for (const name of plan.contacts) addAlarmsOfContact(alarms, input, name);
    if (!image.isCameraWell) alarms.push("CAMERA_FAILED");
    if (!image.isClockTrusted) alarms.push("CLOCK_NOT_TRUSTED");
    if (!(image.list.ageMs <= plan.policy.listAgeMsMax)) alarms.push("LIST_OLD");
    if (input.visit?.decision?.reason === "SEEN_ELSEWHERE") alarms.push("PLATE_TWICE");
    if (input.visit?.decision?.reason === "NOT_LIVE") alarms.push("PLATE_DOUBTED");
    if (input.visit?.isRearOther) alarms.push("REAR_DIFFERS");
    if (plan.hasScale && !(image.weighing && image.weighing.ageMs <= SILENT_AFTER_AGES * plan.limits.weightAgeMsMax))
        alarms.push("SCALE_SILENT");
    if (watch.isApproachDead) alarms.push("APPROACH_LOOP_DEAD");
    if (watch.isExitDead) alarms.push("EXIT_LOOP_DEAD");
    addAlarmsOfMode(alarms, input);
    return alarms.sort();
}

function addAlarmsOfContact(alarms: string[], { image, plan, watch }: AlarmInput, name: ContactName): void {
    const { limits } = plan;
    const silentMsMax = SILENT_AFTER_AGES * limits.readingAgeMsMax;
    const reading = image.contacts[name];
    const isSilent = reading === undefined || !(reading.ageMs <= silentMsMax);
    if (isSilent && image.nowMs - watch.startedMs > silentMsMax) alarms.push(`SENSOR_SILENT:${name}`);
    const seen = watch.contacts[name];
    if (seen === undefined) return;
    if (Math.max(seen.changes, seen.changesBefore) > limits.changesPerMinuteMax) alarms.push(`FLAPPING:${name}`);
    const isLong = seen.isActive && image.nowMs - seen.sinceMs >= limits.occupiedMsMax;
    if (isLong && WORKED_BY_VEHICLES.includes(name)) alarms.push(`OCCUPIED_LONG:${name}`);
}

function addAlarmsOfMode(alarms: string[], { mode, watch, image, plan }: AlarmInput): void {
    const isWorked = (name: ContactName): boolean => {
        const seen = watch.contacts[name];
        return seen?.isActive === true && image.nowMs - seen.sinceMs >= plan.limits.presenceMsMin;
    };
    if (mode.at === "idle" && ZONE_SENSORS.some(isWorked)) alarms.push("UNDER_BOOM");
    if (BOOM_IS_DOWN.has(mode.at) && isWorked("exitLoop")) alarms.push("BEHIND_BOOM");
    if (mode.at === "passing" && mode.track.isTailgated) alarms.push("TAILGATED");
    if (mode.at === "passing" && mode.track.isWrongWay) alarms.push("WRONG_WAY");
    if (mode.at === "open-waiting" && mode.isWrongWay) alarms.push("WRONG_WAY");
    if (mode.at === "manual" && mode.why === "officer-closes") alarms.push("CLOSE_WANTED");
    else if (mode.at === "manual" && mode.why !== "key") alarms.push("BOOM_LEFT_OPEN");
}
