/** What the alarms have to remember: since when contacts stand where they stand, how often they change, which loops seem dead. */
import type { FactDraft } from "../fact/fact.ts";
import type { ContactName } from "./contacts.ts";
import type { LaneImage } from "./lane-image.ts";
import type { LanePlan } from "./lane-plan.ts";
import { isFreshReading } from "./perceive.ts";

/** One contact: its level when it was last known, since when, and how often it changed in this minute and the one before. */
interface Watched {
    readonly isActive: boolean;
    readonly sinceMs: number;
    readonly changes: number;
    readonly changesBefore: number;
}

/** Changes only when something happens, not with time. Plain JSON; monotonic milliseconds. */
export interface Watch {
    /** First tick of this run: nothing is called silent before it had time to speak. */
    readonly startedMs: number;
    /** Start of the minute in which changes were last counted; it stays behind while there is nothing to count. */
    readonly minuteMs: number;
    readonly contacts: { readonly [name in ContactName]?: Watched };
    /** Something rolled over the loop under the boom and had not been on the approach loop. */
    readonly isApproachDead: boolean;
    /** A passage ended without the exit loop having noticed it. */
    readonly isExitDead: boolean;
}

const MINUTE_MS = 60_000;

/** Moves the memory on by one tick, and leaves it the same object when nothing happened; `facts` are those of this tick. */
export function watchOn(
    before: Watch | undefined,
    image: LaneImage,
    plan: LanePlan,
    facts: readonly FactDraft[],
): Watch {
    const { nowMs } = image;
    const watch: Watch = before ?? {
        startedMs: nowMs,
        minuteMs: nowMs,
        contacts: {},
        isApproachDead: false,
        isExitDead: false,
    };
    const minutes = Math.floor((nowMs - watch.minuteMs) / MINUTE_MS);
    const contacts: { [name in ContactName]?: Watched } = {};
    for (const name of plan.contacts) {
        const seen = watchContact(watch.contacts[name], name, image, plan, minutes);
        if (seen !== undefined) contacts[name] = seen;
    }
    const next: Watch = {
        startedMs: watch.startedMs,
        minuteMs: watch.minuteMs + minutes * MINUTE_MS,
        contacts,
        isApproachDead: isApproachDead(watch, contacts, plan),
        isExitDead: isExitDead(watch, contacts, facts),
    };
    return isSame(watch, next, plan) ? watch : next;
}

function isSame(one: Watch, other: Watch, { contacts }: LanePlan): boolean {
    return (
        one.isApproachDead === other.isApproachDead &&
        one.isExitDead === other.isExitDead &&
        contacts.every((name) => one.contacts[name] === other.contacts[name])
    );
}

/** A reading that is missing or old changes nothing: silence is an alarm of its own. */
function watchContact(
    before: Watched | undefined,
    name: ContactName,
    { contacts, nowMs }: LaneImage,
    { limits }: LanePlan,
    minutes: number,
): Watched | undefined {
    const reading = contacts[name];
    const isActive = isFreshReading(reading, limits.readingAgeMsMax) ? reading?.isActive : undefined;
    if (before === undefined) {
        return isActive === undefined ? undefined : { isActive, sinceMs: nowMs, changes: 0, changesBefore: 0 };
    }
    const counted =
        minutes === 0 || before.changes + before.changesBefore === 0
            ? before
            : { ...before, changes: 0, changesBefore: minutes === 1 ? before.changes : 0 };
    if (isActive === undefined || isActive === before.isActive) return counted;
    return { ...counted, isActive, sinceMs: nowMs, changes: counted.changes + 1 };
}

/** Judged when the loop under the boom becomes free: a vehicle that came the right way was on the approach loop within a minute. */
function isApproachDead(before: Watch, now: Watch["contacts"], { limits }: LanePlan): boolean {
    const approach = now.approachLoop;
    if (approach === undefined || approach.isActive) return false;
    const was = before.contacts.boomLoop;
    if (!was?.isActive || now.boomLoop?.isActive !== false) return before.isApproachDead;
    const wasVehicle = now.boomLoop.sinceMs - was.sinceMs >= limits.presenceMsMin;
    return before.isApproachDead || (wasVehicle && approach.sinceMs < was.sinceMs - MINUTE_MS);
}

function isExitDead(before: Watch, now: Watch["contacts"], facts: readonly FactDraft[]): boolean {
    if (now.exitLoop === undefined || now.exitLoop.isActive) return false;
    const isUnproven = facts.some(({ kind, data }) => kind === "passage.completed" && data["isProven"] === false);
    return before.isExitDead || isUnproven;
}
