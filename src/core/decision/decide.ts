/**
 * The decision: may this vehicle go in, on what grounds, and by which list.
 * Only an exact key of a confident read admits. Everything near is put before the officer, never admitted.
 */
import type { Booking, BookingStatus, ListStamp } from "../booking/booking.ts";
import type { PlateKey } from "../plate/plate-key.ts";
import type { DecisionPolicy } from "./decision-policy.ts";
import type { LaneRole } from "./lane-role.ts";
import type { Weight } from "./weight.ts";

/** Stable codes; each has a line in `docs/reference/reasons.md`. */
export const DECISION_REASONS = [
    "BOOKED",
    "OFFICER",
    "NO_READ",
    "READ_UNSURE",
    "SEVERAL_PLATES",
    "NOT_LISTED",
    "NEAR_MATCH",
    "TRAILER_PLATE_ONLY",
    "TRAILER_DIFFERS",
    "SEVERAL_BOOKINGS",
    "STATUS_UNKNOWN",
    "NOT_CALLED",
    "NOT_PAID",
    "ALREADY_INSIDE",
    "ALREADY_CROSSED",
    "ALREADY_PASSED",
    "NOT_INSIDE",
    "BOOKING_ENDED",
    "TOO_EARLY",
    "TOO_LATE",
    "CLOCK_NOT_TRUSTED",
    "LIST_OLD",
    "NO_LIST",
    "WEIGHT_UNSURE",
    "OVERWEIGHT",
    "NOT_PRESENT",
] as const;

export type DecisionReason = (typeof DECISION_REASONS)[number];

/** A voted read as the decision sees it, with what the list holds for it at this moment. */
export interface JudgedRead {
    readonly camera: string;
    readonly track: string;
    readonly text: string;
    readonly key: PlateKey;
    readonly confidence: number;
    readonly frames: number;
    readonly agreeing: number;
    readonly recogniser: string;
    /** Bookings whose tractor has exactly this key. */
    readonly asTractor: readonly Booking[];
    /** Bookings that carry this key as a trailer. */
    readonly asTrailer: readonly Booking[];
    /** Bookings within one edit of the key, nearest first, at most 5. */
    readonly near: readonly Booking[];
}

/** Everything a decision may rest on, frozen. */
export interface DecisionInput {
    readonly role: LaneRole;
    readonly checkpoint: string;
    readonly reads: readonly JudgedRead[];
    readonly list: ListStamp;
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
    readonly policy: DecisionPolicy;
    /** Something stands on the approach loop at this moment: nobody is let in by a plate alone. */
    readonly isPresent: boolean;
    /** Cameras that see the vehicle from behind. */
    readonly rearCameras: readonly string[];
    /** Ids of bookings that have passed a lane of this role already. */
    readonly passedBookings: readonly string[];
    /** What the scale said; absent where the lane has none, or has not weighed yet. */
    readonly weight?: Weight;
}

/** The verdict with its one reason, the way to it, and the list it was made with. Plain JSON. */
export interface Decision {
    readonly outcome: "admit" | "refuse" | "refer";
    readonly reason: DecisionReason;
    /** Rules in the order they were asked, each with what it found. */
    readonly trace: readonly string[];
    readonly bookingId?: string;
    /** The read it rests on. */
    readonly plate?: string;
    /** Booking ids for the officer, nearest first; never admitted by software. */
    readonly candidates: readonly string[];
    readonly listVersion: number;
}

/** Decides once, from frozen inputs; the same inputs give the same decision years later. */
export function decide(input: DecisionInput): Decision {
    const trace: string[] = [];
    const conclude = (outcome: Decision["outcome"], reason: DecisionReason, found: Found = {}): Decision => ({
        outcome,
        reason,
        trace,
        candidates: found.candidates ?? [],
        listVersion: input.list.version,
        ...(found.booking === undefined ? {} : { bookingId: found.booking.id }),
        ...(found.read === undefined ? {} : { plate: found.read.key }),
    });

    const plausible = input.reads.filter((read) => read.key.length > 0);
    trace.push(`reads: ${input.reads.length}, with a key: ${plausible.length}`);
    if (plausible.length === 0) return conclude("refer", "NO_READ");

    const sure = plausible.filter((read) => isSure(read, input.policy));
    trace.push(`confident reads: ${sure.length} (confidence >= ${input.policy.confidenceMin})`);
    if (sure.length === 0) {
        const read = mostConfident(plausible);
        return conclude("refer", "READ_UNSURE", { read, candidates: candidatesOf(plausible) });
    }

    const read = mostConfident(sure.filter((each) => each.asTractor.length > 0)) ?? mostConfident(sure);
    if (read === undefined) return conclude("refer", "NO_READ");
    const strangers = strangersAmong(sure);
    if (strangers.length > 0) {
        trace.push(`confident reads disagree: ${[...new Set(sure.map(({ key }) => key))].join(", ")}`);
        const isTrailer = strangers.every(({ key, camera }) => key !== read.key && input.rearCameras.includes(camera));
        const reason = read.asTractor.length > 0 && isTrailer ? "TRAILER_DIFFERS" : "SEVERAL_PLATES";
        return conclude("refer", reason, { read, candidates: candidatesOf(sure) });
    }
    return decideOnRead(input, read, trace, conclude);
}

type Found = {
    readonly booking?: Booking | undefined;
    readonly read?: JudgedRead | undefined;
    readonly candidates?: readonly string[];
};
type Conclude = (outcome: Decision["outcome"], reason: DecisionReason, found?: Found) => Decision;

function decideOnRead(input: DecisionInput, read: JudgedRead, trace: string[], conclude: Conclude): Decision {
    const { list, policy } = input;
    const isListOld = !(list.ageMs <= policy.listAgeMsMax);
    trace.push(`list version ${list.version}, ${isListOld ? "old" : "fresh"}`);
    if (list.version === 0) return conclude("refer", "NO_LIST", { read });

    if (read.asTractor.length === 0) {
        if (read.asTrailer.length > 0) {
            trace.push("the plate is booked as a trailer only");
            return conclude("refer", "TRAILER_PLATE_ONLY", { read, candidates: ids(read.asTrailer) });
        }
        if (read.near.length > 0) {
            trace.push(`not listed; ${read.near.length} bookings one character away`);
            return conclude("refer", "NEAR_MATCH", { read, candidates: ids(read.near) });
        }
        trace.push("not listed");
        return conclude(unlistedOutcome(input, isListOld), "NOT_LISTED", { read });
    }

    const here = read.asTractor.filter((booking) => booking.checkpoint === input.checkpoint);
    trace.push(`bookings of the plate: ${read.asTractor.length}, at this checkpoint: ${here.length}`);
    if (here.length === 0) {
        const outcome = unlistedOutcome(input, false);
        return conclude(outcome, "NOT_LISTED", { read, candidates: ids(read.asTractor) });
    }
    const live = here.filter((booking) => !ENDED.has(booking.status));
    if (live.length > 1) return conclude("refer", "SEVERAL_BOOKINGS", { read, candidates: ids(live) });
    const booking = live[0] ?? latestOf(here);
    if (booking === undefined) return conclude("refer", "NO_READ", { read });
    return decideOnBooking(input, { read, booking }, isListOld, trace, conclude);
}

function decideOnBooking(
    input: DecisionInput,
    found: { readonly read: JudgedRead; readonly booking: Booking },
    isListOld: boolean,
    trace: string[],
    conclude: Conclude,
): Decision {
    const { booking } = found;
    const verdict = STATUS_RULES[input.role][booking.status];
    trace.push(
        `status ${booking.status}${booking.isLate ? ", late" : ""} at ${input.role}: ${verdict === "pass" ? "in order" : verdict.reason}`,
    );
    if (verdict !== "pass") return conclude(verdict.outcome, verdict.reason, found);

    const timing = ROLES_WITH_SLOT.has(input.role) ? timingOf(input, booking, trace) : undefined;
    if (timing !== undefined) return conclude(timing === "TOO_EARLY" ? "refuse" : "refer", timing, found);
    if (isListOld && input.policy.listedOnOldList === "refer") return conclude("refer", "LIST_OLD", found);
    if (input.passedBookings.includes(booking.id)) {
        trace.push("the booking has passed here already");
        return conclude("refer", "ALREADY_PASSED", found);
    }
    const objection = objectionOfScale(input, trace) ?? (input.isPresent ? undefined : "NOT_PRESENT");
    return objection === undefined ? conclude("admit", "BOOKED", found) : conclude("refer", objection, found);
}

/** What speaks against the vehicle's coming now; a clock that may be wrong says nothing about it. */
function timingOf(
    { utcMs, isClockTrusted, policy }: DecisionInput,
    booking: Booking,
    trace: string[],
): "CLOCK_NOT_TRUSTED" | "TOO_EARLY" | "TOO_LATE" | undefined {
    if (!isClockTrusted) {
        trace.push("the slot cannot be checked: wall clock not trusted");
        return "CLOCK_NOT_TRUSTED";
    }
    const isEarly = utcMs < booking.slotStartUtcMs - policy.earlyMsMax;
    const timing = isEarly ? "TOO_EARLY" : utcMs > booking.slotEndUtcMs + policy.lateMsMax ? "TOO_LATE" : undefined;
    trace.push(`slot: ${timing ?? "in time"}`);
    return timing;
}

function objectionOfScale({ weight, policy }: DecisionInput, trace: string[]): DecisionReason | undefined {
    if (weight === undefined) return undefined;
    if ("problem" in weight) {
        trace.push(`no weight: ${weight.problem}`);
        return "WEIGHT_UNSURE";
    }
    trace.push(`gross ${weight.grossKg} kg, from ${policy.grossKgMin} to ${policy.grossKgMax} in order`);
    if (weight.grossKg > policy.grossKgMax) return "OVERWEIGHT";
    return weight.grossKg >= policy.grossKgMin ? undefined : "WEIGHT_UNSURE";
}

/** Nobody is kept inside because of a list. */
function unlistedOutcome({ role, policy }: DecisionInput, isListOld: boolean): "refuse" | "refer" {
    if (role === "checkpoint-exit") return "refer";
    return isListOld ? policy.unlistedOnOldList : policy.unlistedOnFreshList;
}

const ENDED: ReadonlySet<BookingStatus> = new Set(["crossed", "revoked", "expired", "annulled"]);
const ROLES_WITH_SLOT: ReadonlySet<LaneRole> = new Set(["waiting-area-entry", "waiting-area-exit", "checkpoint-entry"]);

type StatusVerdict = "pass" | { readonly outcome: "refuse" | "refer"; readonly reason: DecisionReason };
const refuse = (reason: DecisionReason): StatusVerdict => ({ outcome: "refuse", reason });
const refer = (reason: DecisionReason): StatusVerdict => ({ outcome: "refer", reason });

/** States that mean the same in every role. */
const ANYWHERE = {
    "payment-pending": refuse("NOT_PAID"),
    revoked: refuse("BOOKING_ENDED"),
    expired: refuse("BOOKING_ENDED"),
    annulled: refuse("BOOKING_ENDED"),
    unknown: refer("STATUS_UNKNOWN"),
} as const satisfies Partial<Record<BookingStatus, StatusVerdict>>;

/** Every role and every state: the table of `docs/reference/reasons.md`. */
const STATUS_RULES: Readonly<Record<LaneRole, Readonly<Record<BookingStatus, StatusVerdict>>>> = {
    "waiting-area-entry": {
        ...ANYWHERE,
        "in-queue": "pass",
        called: "pass",
        entered: refer("ALREADY_INSIDE"),
        crossed: refuse("ALREADY_CROSSED"),
    },
    "waiting-area-exit": {
        ...ANYWHERE,
        "in-queue": refuse("NOT_CALLED"),
        called: "pass",
        entered: refer("ALREADY_INSIDE"),
        crossed: refer("ALREADY_CROSSED"),
    },
    "checkpoint-entry": {
        ...ANYWHERE,
        "in-queue": refuse("NOT_CALLED"),
        called: "pass",
        entered: refer("ALREADY_INSIDE"),
        crossed: refuse("ALREADY_CROSSED"),
    },
    // Nobody is kept inside because of a list: whatever is not plainly in order goes to an officer.
    "checkpoint-exit": {
        "payment-pending": refer("NOT_INSIDE"),
        "in-queue": refer("NOT_INSIDE"),
        called: refer("NOT_INSIDE"),
        entered: "pass",
        crossed: refer("ALREADY_CROSSED"),
        revoked: refer("BOOKING_ENDED"),
        expired: refer("BOOKING_ENDED"),
        annulled: refer("BOOKING_ENDED"),
        unknown: refer("STATUS_UNKNOWN"),
    },
};

/** A read that may decide by itself, as far as reading goes. */
export function isSure(read: Pick<JudgedRead, "confidence" | "agreeing">, policy: DecisionPolicy): boolean {
    return read.confidence >= policy.confidenceMin && read.agreeing >= policy.framesMin;
}

function mostConfident(reads: readonly JudgedRead[]): JudgedRead | undefined {
    return reads.toSorted((a, b) => b.confidence - a.confidence || b.frames - a.frames)[0];
}

/**
 * Reads that do not fit the others. Different confident plates are fine when they are tractor and trailers of one booking;
 * without exactly one booked tractor among them, none can be told from a stranger.
 */
function strangersAmong(reads: readonly JudgedRead[]): readonly JudgedRead[] {
    if (new Set(reads.map((read) => read.key)).size === 1) return [];
    const tractors = reads.filter((read) => read.asTractor.length > 0);
    if (new Set(tractors.map((read) => read.key)).size !== 1) return reads;
    const plates = tractors
        .flatMap((read) => read.asTractor)
        .flatMap(({ tractor, trailers }) => [tractor, ...trailers]);
    const own = new Set(plates.map((plate) => plate.key));
    return reads.filter((read) => !own.has(read.key));
}

function candidatesOf(reads: readonly JudgedRead[]): readonly string[] {
    return [...new Set(reads.flatMap((read) => [...ids(read.asTractor), ...ids(read.near)]))].slice(0, 5);
}

function ids(bookings: readonly Booking[]): readonly string[] {
    return bookings.slice(0, 5).map((booking) => booking.id);
}

function latestOf(bookings: readonly Booking[]): Booking | undefined {
    return bookings.toSorted((a, b) => b.slotStartUtcMs - a.slotStartUtcMs)[0];
}
