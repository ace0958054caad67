/** Which of the reads a decision may rest on, and whether the others belong to the same lorry. */
import type { Booking } from "../booking/booking.ts";
import type { PlateKey } from "../plate/plate-key.ts";
import { diffPlates, type PlateDifference } from "../plate/plate-similarity.ts";
import type { JudgedRead } from "./decide.ts";
import type { DecisionPolicy } from "./decision-policy.ts";
import type { ReadDoubt } from "./read-doubt.ts";

/** Candidates put before an officer. */
const CANDIDATES_MAX = 5;

/** A booking almost like the read: in which characters they differ. */
export type Comparison = {
    readonly bookingId: string;
    /** Key of the booked plate. */
    readonly plate: string;
    /** From left to right; `a` is the read's sign, `b` the booking's. */
    readonly differences: readonly PlateDifference[];
};

/** A read that may decide by itself, as far as reading goes. A camera that reads by itself has counted its own frames. */
export function isSure(
    read: Pick<JudgedRead, "camera" | "confidence" | "agreeing" | "isUnrated">,
    policy: DecisionPolicy,
): boolean {
    const reader = policy.readers?.[read.camera];
    if (reader === undefined) return read.confidence >= policy.confidenceMin && read.agreeing >= policy.framesMin;
    if (read.isUnrated === true) return reader.isUnratedTrusted;
    return reader.confidenceMin !== undefined && read.confidence >= reader.confidenceMin;
}

/** Whether a camera reads by itself, and not by us. */
export function isOwnReader(camera: string, { readers }: DecisionPolicy): boolean {
    return readers?.[camera] !== undefined;
}

/** Of two readers that look at the same plate, an unsure one counts as another opinion when it differs in this much. */
const SAME_PLATE_SIGNS = 1;

/**
 * Where a lane is read twice, by us and by a camera itself: the read with which the other of the two gainsays this one. It did
 * not see the same plate, and is sure of another, or sees one so like it that both must be looking at the same. Tractor and
 * trailers of one booking are no contradiction.
 */
export function contradictionTo(
    read: JudgedRead,
    reads: readonly JudgedRead[],
    policy: DecisionPolicy,
    rearCameras: readonly string[],
): JudgedRead | undefined {
    const isByCamera = isOwnReader(read.camera, policy);
    const isRear = rearCameras.includes(read.camera);
    const others = reads.filter(
        ({ camera }) => isOwnReader(camera, policy) !== isByCamera && rearCameras.includes(camera) === isRear,
    );
    const seen = keyOf(read);
    if (others.some((other) => keyOf(other) === seen)) return undefined;
    const own = platesOf([read]);
    return others.find(
        (other) =>
            !own.has(other.key) &&
            (isSure(other, policy) || diffPlates(keyOf(other), seen).distance <= SAME_PLATE_SIGNS),
    );
}

/** A plate in national script and the Latin key that it folds to are one. */
function keyOf({ key, foldedTo }: JudgedRead): PlateKey {
    return foldedTo ?? key;
}

/** The read to go by; undefined when there is none. */
export function mostConfident(reads: readonly JudgedRead[]): JudgedRead | undefined {
    return reads.toSorted((a, b) => b.confidence - a.confidence || b.frames - a.frames)[0];
}

/**
 * What speaks against believing the plates. A plate that nobody saw come is excused when another read of it was seen to come,
 * or where the site's policy says so; nothing else is. A camera that cannot tell excuses nothing.
 */
export function doubtsAmong(
    reads: readonly JudgedRead[],
    { unseenArrival = "refer" }: DecisionPolicy,
): readonly { readonly key: string; readonly doubt: ReadDoubt }[] {
    const isSeenComing = (key: string): boolean =>
        reads.some((read) => read.key === key && read.doubts !== undefined && !read.doubts.includes("arrival-unseen"));
    const counting = reads.flatMap(({ key, doubts = [] }) =>
        doubts
            .filter((doubt) => doubt !== "arrival-unseen" || (unseenArrival === "refer" && !isSeenComing(key)))
            .map((doubt) => ({ key, doubt })),
    );
    return counting.filter(
        ({ key, doubt }, index) => counting.findIndex((each) => each.key === key && each.doubt === doubt) === index,
    );
}

/** The list, or a list from outside the queue, has this plate as a tractor's. */
export function isBookedTractor(read: JudgedRead): boolean {
    return read.asTractor.length > 0 || (read.known?.outOfTurn.length ?? 0) > 0;
}

/**
 * Reads that do not fit the others. Different confident plates are fine when they are tractor and trailers of one booking;
 * without exactly one booked tractor among them, none can be told from a stranger.
 */
export function strangersAmong(reads: readonly JudgedRead[]): readonly JudgedRead[] {
    if (new Set(reads.map(keyOf)).size === 1) return [];
    const tractors = reads.filter(isBookedTractor);
    if (new Set(tractors.map(keyOf)).size !== 1) return reads;
    const own = platesOf(tractors);
    return reads.filter((read) => !own.has(read.key));
}

/** The reads' own keys, and those of tractors and trailers of their bookings. */
function platesOf(reads: readonly JudgedRead[]): ReadonlySet<PlateKey> {
    const booked = reads
        .flatMap((read) => [...read.asTractor, ...(read.known?.outOfTurn ?? [])])
        .flatMap(({ tractor, trailers }) => [tractor, ...trailers]);
    return new Set([...reads, ...booked].map(({ key }) => key));
}

/** Bookings that any of the reads may stand for, at most 5. */
export function candidatesOf(reads: readonly JudgedRead[]): readonly string[] {
    return [...new Set(reads.flatMap((read) => [...ids(read.asTractor), ...ids(read.near)]))].slice(0, CANDIDATES_MAX);
}

/** Their ids, at most 5. */
export function ids(bookings: readonly Booking[]): readonly string[] {
    return bookings.slice(0, CANDIDATES_MAX).map((booking) => booking.id);
}

/** The near bookings with the characters in which they differ from the read, nearest first. */
export function comparisonsOf(read: JudgedRead): readonly Comparison[] {
    return read.near.slice(0, CANDIDATES_MAX).map(({ id, tractor }) => ({
        bookingId: id,
        plate: tractor.key,
        differences: diffPlates(read.key, tractor.key).differences,
    }));
}
