/**
 * Calling lorries from the waiting area while the central system is away: which ones, now. Pure.
 * In the order of the queue, within their slots and the checkpoint's capacity an hour; those who go before the others by their
 * own order, as far as the quotas of the day reach.
 */
import { BOOKER_BLOCKED, type Booking } from "../booking/booking.ts";
import type { DecisionPolicy } from "../decision/decision-policy.ts";
import { quotasOf } from "../decision/quota.ts";
import { seasonOf } from "./queue-calendar.ts";

/** Everything a call may rest on. */
export interface CallInput {
    /** Bookings of this checkpoint that are in the queue and neither called nor gone in, as far as the site knows. */
    readonly waiting: readonly Booking[];
    readonly utcMs: number;
    readonly policy: Pick<DecisionPolicy, "calledEarlyMsMax" | "lateMsMax" | "calendar">;
    /** Lorries called in the hour before now, by whomever. */
    readonly calledInHour: number;
    readonly capacityPerHour: number;
    /** What is left of each quota today; a quota that is not named is not counted. */
    readonly quotaLeft: Readonly<Record<string, number>>;
}

/** The lorries to call now, first to come first. Nobody who is late, early or beyond a quota. */
export function nextCalls(input: CallInput): readonly Booking[] {
    const left = { ...input.quotaLeft };
    const calls: Booking[] = [];
    for (const booking of input.waiting.filter((each) => isCallable(each, input)).toSorted(inOrder)) {
        if (calls.length >= input.capacityPerHour - input.calledInHour) break;
        const counted = quotasOf(booking).filter((quota) => left[quota] !== undefined);
        if (counted.some((quota) => (left[quota] ?? 0) <= 0)) continue;
        for (const quota of counted) left[quota] = (left[quota] ?? 0) - 1;
        calls.push(booking);
    }
    return calls;
}

/** From as long before the slot as the central system calls, until as late as the lanes would let it in. */
function isCallable({ slotStartUtcMs, slotEndUtcMs, holds = [] }: Booking, { utcMs, policy }: CallInput): boolean {
    const earlyMsMax = policy.calledEarlyMsMax[seasonOf(slotStartUtcMs, policy.calendar)];
    const isHeld = holds.some((hold) => hold !== BOOKER_BLOCKED);
    return !isHeld && utcMs >= slotStartUtcMs - earlyMsMax && utcMs <= slotEndUtcMs + policy.lateMsMax;
}

/** Those who go before the others first; then by number, and where there is none, by slot. */
function inOrder(a: Booking, b: Booking): number {
    return (
        Number(a.priority === "in-turn") - Number(b.priority === "in-turn") ||
        (a.queueNumber ?? Number.MAX_SAFE_INTEGER) - (b.queueNumber ?? Number.MAX_SAFE_INTEGER) ||
        a.slotStartUtcMs - b.slotStartUtcMs ||
        (a.id < b.id ? -1 : 1)
    );
}
