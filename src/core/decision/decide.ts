/**
 * The decision: may this vehicle go in, on what grounds, and by which list.
 * Only an exact key of a confident read admits. Everything near is put before the officer, never admitted.
 */
import type { Booking, ListStamp } from "../booking/booking.ts";
import type { PlateKey } from "../plate/plate-key.ts";
import { hasReached, type KnownBooking, NOTHING_KNOWN, type PlateKnowledge } from "../queue/local-knowledge.ts";
import { type Case, judgeBooking } from "./booking-rules.ts";
import type { DecisionPolicy } from "./decision-policy.ts";
import { type LaneRole, PASSAGE_MEANING } from "./lane-role.ts";
import { quotasOf } from "./quota.ts";
import {
    type Comparison,
    candidatesOf,
    comparisonsOf,
    contradictionTo,
    doubtsAmong,
    ids,
    isBookedTractor,
    isSure,
    mostConfident,
    strangersAmong,
} from "./read-choice.ts";
import type { ReadDoubt, Travel } from "./read-doubt.ts";
import { ENDED, refer, type Verdict } from "./status-rules.ts";
import type { Weight } from "./weight.ts";

/** Stable codes; each has a line in `docs/reference/reasons.md`. */
export const DECISION_REASONS = [
    "BOOKED",
    "OUT_OF_TURN",
    "INSIDE",
    "OFFICER",
    "NO_READ",
    "READ_UNSURE",
    "SEVERAL_PLATES",
    "READERS_DISAGREE",
    "REAR_DIFFERS",
    "NOT_LIVE",
    "SEEN_ELSEWHERE",
    "NOT_LISTED",
    "NEAR_MATCH",
    "TRAILER_PLATE_ONLY",
    "TRAILER_DIFFERS",
    "TRAILER_NOT_SEEN",
    "COUNTRY_DIFFERS",
    "SEVERAL_BOOKINGS",
    "STATUS_UNKNOWN",
    "HELD",
    "NOT_CALLED",
    "CALL_OVER",
    "NOT_PAID",
    "ALREADY_INSIDE",
    "ALREADY_CROSSED",
    "ALREADY_PASSED",
    "NOT_INSIDE",
    "NO_WAITING_AREA",
    "CONTRADICTED",
    "BOOKING_ENDED",
    "TOO_EARLY",
    "TOO_LATE",
    "QUOTA_FULL",
    "CLOCK_NOT_TRUSTED",
    "LIST_OLD",
    "NO_LIST",
    "OFFICER_WANTED",
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
    /** The reader gave no usable confidence. */
    readonly isUnrated?: boolean;
    /** ISO 3166-1 alpha-2, where the reader saw it on the plate itself. */
    readonly country?: string;
    /** Direction of the plate's last clear movement; absent: not seen to move, or the camera cannot tell. */
    readonly travel?: Travel;
    /** Why the plate may belong to no vehicle before the camera; absent: the camera cannot tell. */
    readonly doubts?: readonly ReadDoubt[];
    /** Bookings whose tractor has exactly this key, or the one that a national-script key folds to. */
    readonly asTractor: readonly Booking[];
    /** The Latin key under which that one booking was found. */
    readonly foldedTo?: PlateKey;
    /** Bookings that carry this key as a trailer. */
    readonly asTrailer: readonly Booking[];
    /** Bookings within one edit of the key, nearest first, at most 5. */
    readonly near: readonly Booking[];
    /** What this site itself knows of the plate; absent: nothing. */
    readonly known?: PlateKnowledge;
    /** Another lane where the same plate stands, or passed too short a time ago for one lorry. */
    readonly seenElsewhere?: string;
}

/** An officer's word that the vehicle here belongs to this booking. */
export interface OfficerLink {
    readonly by: string;
    readonly bookingId: string;
    /** As the list has it now, and what the site knows of it; absent: the list has it no more. */
    readonly held?: { readonly booking: Booking; readonly known: KnownBooking };
}

/** Everything a decision may rest on, frozen. */
export interface DecisionInput {
    readonly role: LaneRole;
    readonly checkpoint: string;
    readonly reads: readonly JudgedRead[];
    readonly list: ListStamp;
    /** The link to the central system is up. */
    readonly isOnline: boolean;
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
    readonly policy: DecisionPolicy;
    /** Something stands on the approach loop at this moment: nobody is let in by a plate alone. */
    readonly isPresent: boolean;
    /** Cameras that see the vehicle from behind. */
    readonly rearCameras: readonly string[];
    /** Names of the daily quotas that are used up. */
    readonly fullQuotas: readonly string[];
    readonly link?: OfficerLink;
    /** What the scale said; absent where the lane has none, or has not weighed yet. */
    readonly weight?: Weight;
}

/** The verdict with its one reason, the way to it, and the list it was made with. Plain JSON. */
export interface Decision extends Verdict {
    /** Rules in the order they were asked, each with what it found. */
    readonly trace: readonly string[];
    readonly bookingId?: string;
    /** Daily quotas that the booking uses up when the vehicle enters; absent: none. */
    readonly quotas?: readonly string[];
    /** The read it rests on. */
    readonly plate?: string;
    /** Booking ids for the officer, nearest first, at most 5; never admitted by software. */
    readonly candidates: readonly string[];
    /** Near candidates with the characters in which they differ from the read. */
    readonly comparisons?: readonly Comparison[];
    readonly listVersion: number;
}

/** Decides once, from frozen inputs; the same inputs give the same decision years later. */
export function decide(input: DecisionInput): Decision {
    const trace: string[] = [];
    const { verdict, found } =
        input.link === undefined ? judgeReads(input, trace) : judgeLink(input, input.link, trace);
    const quotas = found.booking === undefined ? [] : quotasOf(found.booking);
    return {
        ...verdict,
        trace,
        candidates: found.candidates ?? [],
        listVersion: input.list.version,
        ...(found.comparisons === undefined ? {} : { comparisons: found.comparisons }),
        ...(found.booking === undefined ? {} : { bookingId: found.booking.id }),
        ...(quotas.length === 0 ? {} : { quotas }),
        ...(found.read === undefined ? {} : { plate: found.read.key }),
    };
}

interface Found {
    readonly booking?: Booking | undefined;
    readonly read?: JudgedRead | undefined;
    readonly candidates?: readonly string[];
    readonly comparisons?: readonly Comparison[];
}

interface Judged {
    readonly verdict: Verdict;
    readonly found: Found;
}

function judgeReads(input: DecisionInput, trace: string[]): Judged {
    const plausible = input.reads.filter((read) => read.key.length > 0);
    trace.push(`reads: ${input.reads.length}, with a key: ${plausible.length}`);
    if (plausible.length === 0) return { verdict: refer("NO_READ"), found: {} };

    const sure = plausible.filter((read) => isSure(read, input.policy));
    trace.push(`confident reads: ${sure.length} (confidence >= ${input.policy.confidenceMin})`);
    const read = mostConfident(sure.filter(isBookedTractor)) ?? mostConfident(sure);
    if (read === undefined) {
        const found = { read: mostConfident(plausible), candidates: candidatesOf(plausible) };
        return { verdict: refer("READ_UNSURE"), found };
    }
    const contradiction = contradictionTo(read, plausible, input.policy, input.rearCameras);
    if (contradiction !== undefined) {
        const [one, other] = [read, contradiction].map(({ camera, key }) => `${camera} ${key}`);
        trace.push(`readers disagree: ${one}, ${other}`);
        return { verdict: refer("READERS_DISAGREE"), found: { read, candidates: candidatesOf([read, contradiction]) } };
    }
    const doubts = doubtsAmong(sure, input.policy);
    if (doubts.length > 0) {
        for (const { key, doubt } of doubts) trace.push(`doubted: ${key}, ${doubt}`);
        return { verdict: refer("NOT_LIVE"), found: { read, candidates: candidatesOf(sure) } };
    }
    const strangers = strangersAmong(sure);
    if (strangers.length > 0) {
        trace.push(`confident reads disagree: ${[...new Set(sure.map(({ key }) => key))].join(", ")}`);
        const isTrailer = strangers.every(({ key, camera }) => key !== read.key && input.rearCameras.includes(camera));
        const reason =
            isBookedTractor(read) && isTrailer
                ? "TRAILER_DIFFERS"
                : isRearAlone(sure, input)
                  ? "REAR_DIFFERS"
                  : "SEVERAL_PLATES";
        return { verdict: refer(reason), found: { read, candidates: candidatesOf(sure) } };
    }
    if (read.seenElsewhere !== undefined) {
        trace.push(`the same plate is at lane ${read.seenElsewhere}`);
        return { verdict: refer("SEEN_ELSEWHERE"), found: { read, candidates: ids(read.asTractor) } };
    }
    return judgeRead(input, read, trace);
}

/** Those in front agree, and those behind have read something else. */
function isRearAlone(sure: readonly JudgedRead[], { rearCameras }: DecisionInput): boolean {
    const front = sure.filter(({ camera }) => !rearCameras.includes(camera));
    return front.length < sure.length && new Set(front.map(({ key }) => key)).size === 1;
}

/** By the central system's list; where that alone would not let it in, by lists from outside the queue. */
function judgeRead(input: DecisionInput, read: JudgedRead, trace: string[]): Judged {
    if (!hasList(input, trace)) return { verdict: refer("NO_LIST"), found: { read } };
    const judged = judgeByList(input, read, trace);
    if (!OVERRULED.has(judged.verdict.reason)) return judged;
    const entry = entryFor(input, read);
    if (entry === undefined) return judged;
    trace.push(`out-of-turn list ${entry.list}, entry ${entry.id}`);
    return { verdict: judgeBooking(caseOf(input, read, entry, trace)), found: { read, booking: entry } };
}

/** What a list handed over from outside the queue is there to overrule; what is odd about a vehicle, it never does. */
const OVERRULED: ReadonlySet<DecisionReason> = new Set([
    "NOT_LISTED",
    "NEAR_MATCH",
    "NOT_CALLED",
    "CALL_OVER",
    "NOT_PAID",
    "NOT_INSIDE",
    "ALREADY_CROSSED",
    "BOOKING_ENDED",
    "TOO_EARLY",
    "TOO_LATE",
]);

/** Of several entries, for a lorry that comes more than once: one not used here yet and valid now, else the latest. */
function entryFor(
    { checkpoint, role, utcMs }: DecisionInput,
    { known = NOTHING_KNOWN }: JudgedRead,
): Booking | undefined {
    const entries = known.outOfTurn.filter((entry) => entry.checkpoint === checkpoint);
    const isUnused = ({ id }: Booking): boolean => !hasReached(known.bookings[id]?.stage, PASSAGE_MEANING[role]);
    const isInside = ({ id }: Booking): boolean => known.bookings[id]?.stage === "entered";
    const isValid = (entry: Booking): boolean => utcMs >= entry.slotStartUtcMs && utcMs <= entry.slotEndUtcMs;
    if (role === "checkpoint-exit") return entries.find(isInside) ?? latestOf(entries);
    return entries.find((entry) => isUnused(entry) && isValid(entry)) ?? latestOf(entries);
}

function judgeByList(input: DecisionInput, read: JudgedRead, trace: string[]): Judged {
    if (read.asTractor.length === 0) return judgeUnlisted(input, read, trace);
    if (read.foldedTo !== undefined) trace.push(`national script, booked as ${read.foldedTo}`);
    const here = read.asTractor.filter((booking) => booking.checkpoint === input.checkpoint);
    trace.push(`bookings of the plate: ${read.asTractor.length}, at this checkpoint: ${here.length}`);
    if (here.length === 0) {
        const outcome = unlistedOutcome(input);
        return { verdict: { outcome, reason: "NOT_LISTED" }, found: { read, candidates: ids(read.asTractor) } };
    }
    const booking = chooseBooking(input, read, here);
    if (booking === undefined) {
        const live = read.asTractor.filter(({ status }) => !ENDED.has(status));
        return { verdict: refer("SEVERAL_BOOKINGS"), found: { read, candidates: ids(live) } };
    }
    return { verdict: judgeBooking(caseOf(input, read, booking, trace)), found: { read, booking } };
}

/** The one active booking that a vehicle may have (Temporary Scheme § 14), wherever it is; undefined when there are several. */
function chooseBooking(
    { role }: DecisionInput,
    { asTractor, known = NOTHING_KNOWN }: JudgedRead,
    here: readonly Booking[],
): Booking | undefined {
    const live = here.filter(({ status }) => !ENDED.has(status));
    const inside = live.filter(({ id, status }) => status === "entered" || known.bookings[id]?.stage === "entered");
    if (role === "checkpoint-exit" && inside.length === 1) return inside[0];
    const isElsewhere = asTractor.some(({ id, status }) => !ENDED.has(status) && here.every((each) => each.id !== id));
    if (live.length > 1 || (live.length === 1 && isElsewhere)) return undefined;
    return live[0] ?? latestOf(here);
}

function judgeUnlisted(input: DecisionInput, read: JudgedRead, trace: string[]): Judged {
    if (input.role === "checkpoint-exit" && read.known?.isInside) {
        trace.push("inside, by this site's own record");
        return {
            verdict: input.isPresent ? { outcome: "admit", reason: "INSIDE" } : refer("NOT_PRESENT"),
            found: { read },
        };
    }
    if (read.asTrailer.length > 0) {
        trace.push("the plate is booked as a trailer only");
        return { verdict: refer("TRAILER_PLATE_ONLY"), found: { read, candidates: ids(read.asTrailer) } };
    }
    if (read.near.length > 0) {
        trace.push(`not listed; ${read.near.length} bookings one character away`);
        const found = { read, candidates: ids(read.near), comparisons: comparisonsOf(read) };
        return { verdict: refer("NEAR_MATCH"), found };
    }
    trace.push("not listed");
    return { verdict: { outcome: unlistedOutcome(input), reason: "NOT_LISTED" }, found: { read } };
}

/** What the plate would say counts no more, also when the booking is gone meanwhile: the officer has said whose it is. */
function judgeLink(input: DecisionInput, { by, bookingId, held }: OfficerLink, trace: string[]): Judged {
    const read = mostConfident(input.reads.filter(({ key }) => key.length > 0));
    trace.push(`linked to ${bookingId} by ${by}`);
    const found = { read, booking: held?.booking };
    if (!hasList(input, trace)) return { verdict: refer("NO_LIST"), found };
    if (held === undefined) {
        trace.push("not listed");
        return { verdict: refer("NOT_LISTED"), found };
    }
    const { booking, known } = held;
    if (booking.checkpoint !== input.checkpoint) return { verdict: refer("NOT_LISTED"), found };
    const about: Case = {
        input,
        ...(read === undefined ? {} : { read }),
        booking,
        known,
        isInside: read?.known?.isInside ?? false,
        isListOld: isListOld(input),
        isLinked: true,
        trace,
    };
    return { verdict: judgeBooking(about), found };
}

function caseOf(input: DecisionInput, read: JudgedRead, booking: Booking, trace: string[]): Case {
    const { bookings, isInside } = read.known ?? NOTHING_KNOWN;
    const known = bookings[booking.id] ?? {};
    return { input, read, booking, known, isInside, isListOld: isListOld(input), isLinked: false, trace };
}

function hasList(input: DecisionInput, trace: string[]): boolean {
    const { version } = input.list;
    trace.push(`list version ${version}, ${isListOld(input) ? "old" : "fresh"}`);
    return version > 0;
}

/** An age that is no number is old. */
function isListOld({ list, policy }: DecisionInput): boolean {
    return !(list.ageMs <= policy.listAgeMsMax);
}

/** Nobody is kept inside because of a list. */
function unlistedOutcome(input: DecisionInput): "refuse" | "refer" {
    if (input.role === "checkpoint-exit") return "refer";
    const isCurrent = input.isOnline && !isListOld(input);
    return isCurrent ? input.policy.unlistedOnFreshList : input.policy.unlistedOnOldList;
}

function latestOf(bookings: readonly Booking[]): Booking | undefined {
    return bookings.toSorted((a, b) => b.slotStartUtcMs - a.slotStartUtcMs)[0];
}
