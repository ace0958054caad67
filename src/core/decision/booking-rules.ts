/** Everything that may speak against one booking at one lane, asked in a fixed order; the first objection is the reason. */
import { BOOKER_BLOCKED, type Booking, type BookingStatus } from "../booking/booking.ts";
import { matchFormats, PLATE_FORMATS } from "../plate/plate-formats.ts";
import { hasReached, type KnownBooking } from "../queue/local-knowledge.ts";
import { seasonOf } from "../queue/queue-calendar.ts";
import type { DecisionInput, DecisionReason, JudgedRead } from "./decide.ts";
import type { DecisionPolicy } from "./decision-policy.ts";
import { grossLimitAt } from "./gross-limit.ts";
import { type LaneRole, PASSAGE_MEANING } from "./lane-role.ts";
import { quotasOf } from "./quota.ts";
import { isSure } from "./read-choice.ts";
import { refer, refuse, STATUS_RULES, type Verdict } from "./status-rules.ts";

/** One vehicle and the booking it is judged by. */
export interface Case {
    readonly input: DecisionInput;
    /** Absent where an officer linked a vehicle whose plate nobody could read. */
    readonly read?: JudgedRead;
    readonly booking: Booking;
    readonly known: KnownBooking;
    /** The plate went in here and has not been seen to leave. */
    readonly isInside: boolean;
    readonly isListOld: boolean;
    /** A named officer has tied the vehicle to the booking: plates need not fit. */
    readonly isLinked: boolean;
    readonly trace: string[];
}

type Rule = (about: Case) => Verdict | undefined;

/** Admits, or says what the first rule says against it. */
export function judgeBooking(about: Case): Verdict {
    for (const rule of RULES) {
        const objection = rule(about);
        if (objection !== undefined) return objection;
    }
    return { outcome: "admit", reason: about.booking.list === undefined ? "BOOKED" : "OUT_OF_TURN" };
}

const WITH_SLOT: ReadonlySet<LaneRole> = new Set(["waiting-area-entry", "waiting-area-exit", "checkpoint-entry"]);
const TO_CHECKPOINT: ReadonlySet<LaneRole> = new Set(["waiting-area-exit", "checkpoint-entry"]);
/** States in which the central system waits to hear how the lorry gets on. */
const OPEN: ReadonlySet<BookingStatus> = new Set(["in-queue", "called"]);

const judgeHolds: Rule = ({ booking: { holds = [] }, trace }) => {
    if (holds.includes(BOOKER_BLOCKED)) trace.push("the booker is blocked; what was booked still passes");
    const others = holds.filter((hold) => hold !== BOOKER_BLOCKED);
    if (others.length === 0) return undefined;
    trace.push(`holds: ${others.join(", ")}`);
    return refer("HELD");
};

const judgeStatus: Rule = (about) => {
    const { booking, input, trace } = about;
    const status = statusOf(about);
    const verdict = STATUS_RULES[input.role][status];
    trace.push(
        `status ${status}${booking.isLate ? ", late" : ""} at ${input.role}: ${verdict === "pass" ? "in order" : verdict.reason}`,
    );
    return verdict === "pass" ? undefined : verdict;
};

/** The list's state, moved on by what this site has done or seen itself and the central system may not know yet. */
function statusOf({ booking, known, isInside, input, trace }: Case): BookingStatus {
    if (!OPEN.has(booking.status)) return booking.status;
    if (input.role === "checkpoint-exit" && (isInside || known.stage === "entered")) {
        trace.push("inside, by this site's own record");
        return "entered";
    }
    if (booking.status === "called" || known.calledUntilUtcMs === undefined) return booking.status;
    trace.push("called by this site");
    return "called";
}

const judgeProgress: Rule = ({ known, input, isInside, trace }) => {
    if (known.isContradicted) {
        trace.push("the central system contradicts what was seen here");
        return refer("CONTRADICTED");
    }
    if (known.stage !== undefined) trace.push(`known here: ${known.stage}`);
    if (hasReached(known.stage, PASSAGE_MEANING[input.role])) return refer("ALREADY_PASSED");
    if (!isInside || input.role === "checkpoint-exit") return undefined;
    trace.push("inside, by this site's own record");
    return refer("ALREADY_INSIDE");
};

const judgeWay: Rule = ({ known, booking, input, trace }) => {
    const isAsked = input.policy.waitingAreaWay === "required" && booking.list === undefined;
    if (input.role !== "checkpoint-entry" || !isAsked) return undefined;
    const isSeen = hasReached(known.stage, "left-waiting-area");
    trace.push(`way through the waiting area: ${isSeen ? "seen" : "not seen"}`);
    return isSeen ? undefined : refer("NO_WAITING_AREA");
};

/** A clock that may be wrong says nothing about the slot. */
const judgeTiming: Rule = (about) => {
    const { input, trace } = about;
    if (!WITH_SLOT.has(input.role)) return undefined;
    if (!input.isClockTrusted) {
        trace.push("the slot cannot be checked: wall clock not trusted");
        return { outcome: input.policy.onClockNotTrusted, reason: "CLOCK_NOT_TRUSTED" };
    }
    const timing = timingOf(about);
    trace.push(`slot: ${timing ?? "in time"}`);
    if (timing === undefined) return undefined;
    return timing === "TOO_EARLY" ? refuse(timing) : refer(timing);
};

function timingOf({ booking, known, input }: Case): "TOO_EARLY" | "TOO_LATE" | "CALL_OVER" | undefined {
    const { utcMs, policy, role } = input;
    const isCalled = TO_CHECKPOINT.has(role);
    const calledUntilUtcMs = known.calledUntilUtcMs ?? booking.calledUntilUtcMs;
    if (isCalled && calledUntilUtcMs !== undefined && utcMs > calledUntilUtcMs) return "CALL_OVER";
    // The slot of an entry from outside the queue is its validity, to the minute.
    const isEntry = booking.list !== undefined;
    // A call of this site's own is good from the moment it was made.
    const isEarly = !isEntry && isCalled ? utcMs < mayComeFrom(booking, policy) : utcMs < arrivesFrom(booking, policy);
    if (isEarly && !(isCalled && known.calledUntilUtcMs !== undefined)) return "TOO_EARLY";
    return utcMs > booking.slotEndUtcMs + (isEntry ? 0 : policy.lateMsMax) ? "TOO_LATE" : undefined;
}

function arrivesFrom({ slotStartUtcMs, list }: Booking, { earlyMsMax }: DecisionPolicy): number {
    return slotStartUtcMs - (list === undefined ? earlyMsMax : 0);
}

/** Out of the waiting area and into the checkpoint: from the call, or from as long before the slot as calls are made. */
function mayComeFrom(
    { slotStartUtcMs, calledAtUtcMs }: Booking,
    { calledEarlyMsMax, calendar }: DecisionPolicy,
): number {
    return calledAtUtcMs ?? slotStartUtcMs - calledEarlyMsMax[seasonOf(slotStartUtcMs, calendar)];
}

const judgeListAge: Rule = ({ isListOld, input: { policy } }) => {
    const allowed = isListOld ? policy.listedOnOldList : policy.listedOnFreshList;
    return allowed === "admit" ? undefined : refer(isListOld ? "LIST_OLD" : "OFFICER_WANTED");
};

const judgeQuota: Rule = ({ booking, input, trace }) => {
    if (!TO_CHECKPOINT.has(input.role)) return undefined;
    for (const quota of quotasOf(booking)) {
        const isFull = input.fullQuotas.includes(quota);
        trace.push(`quota ${quota}: ${isFull ? "used up" : "free"}`);
        if (isFull) return refer("QUOTA_FULL");
    }
    return undefined;
};

const judgeCountry: Rule = ({ booking: { tractor }, read, isLinked, trace }) => {
    const { country, key } = tractor;
    if (country === undefined || isLinked) return undefined;
    const seen = read?.country ?? country;
    const forms = PLATE_FORMATS.filter((format) => format.country === country);
    // Drivers type plates of national script in Latin letters, or without their national signs: no form tells of those.
    const isTellable = forms.length > 0 && !(/^[A-Z0-9]*$/.test(key) && forms.every(({ layout }) => /C/.test(layout)));
    const hasForm = !isTellable || matchFormats(key).some(({ format }) => format.country === country);
    const isFitting = seen === country && hasForm;
    const found = seen === country ? "the plate has another form" : `the reader says ${seen}`;
    trace.push(`country ${country}: ${isFitting ? "fits" : found}`);
    return isFitting ? undefined : refer("COUNTRY_DIFFERS");
};

const judgeTrailers: Rule = ({ booking: { trailers }, input, isLinked, trace }) => {
    const { rearCameras, reads, policy } = input;
    if (trailers.length === 0 || rearCameras.length === 0 || isLinked) return undefined;
    const isSeen = reads.some((read) => isSure(read, policy) && trailers.some(({ key }) => key === read.key));
    trace.push(`booked trailers: ${isSeen ? "seen" : "not seen"}`);
    return isSeen || policy.missingTrailer === "admit" ? undefined : refer("TRAILER_NOT_SEEN");
};

const judgeWeight: Rule = ({ booking, input, trace }) => {
    const reason = objectionOfScale(booking, input, trace);
    return reason === undefined ? undefined : refer(reason);
};

function objectionOfScale(
    { combination, permittedMassKg = Number.POSITIVE_INFINITY }: Booking,
    { weight, policy, utcMs, isClockTrusted }: DecisionInput,
    trace: string[],
): DecisionReason | undefined {
    if (weight === undefined) return undefined;
    if ("problem" in weight) {
        trace.push(`no weight: ${weight.problem}`);
        return "WEIGHT_UNSURE";
    }
    const ofCombination = combination === undefined ? undefined : policy.combinationKg[combination];
    const ofSite = grossLimitAt(policy, isClockTrusted ? utcMs : undefined);
    const { min, max } = ofCombination ?? { min: policy.grossKgMin, max: ofSite.kg };
    const mostKg = Math.min(max, permittedMassKg);
    trace.push(`gross ${weight.grossKg} kg, from ${min} to ${mostKg} in order`);
    if (weight.grossKg > mostKg) return "OVERWEIGHT";
    return weight.grossKg >= min ? undefined : "WEIGHT_UNSURE";
}

const judgePresence: Rule = ({ input }) => (input.isPresent ? undefined : refer("NOT_PRESENT"));

const RULES: readonly Rule[] = [
    judgeStatus,
    judgeHolds,
    judgeProgress,
    judgeWay,
    judgeTiming,
    judgeListAge,
    judgeQuota,
    judgeCountry,
    judgeTrailers,
    judgeWeight,
    judgePresence,
];
