/** Which of the reads a decision may rest on, and whether the others belong to the same lorry. */
import type { Booking } from "../booking/booking.ts";
import { diffPlates, type PlateDifference } from "../plate/plate-similarity.ts";
import type { JudgedRead } from "./decide.ts";
import type { DecisionPolicy } from "./decision-policy.ts";

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

/** A read that may decide by itself, as far as reading goes. */
export function isSure(read: Pick<JudgedRead, "confidence" | "agreeing">, policy: DecisionPolicy): boolean {
    return read.confidence >= policy.confidenceMin && read.agreeing >= policy.framesMin;
}

/** The read to go by; undefined when there is none. */
export function mostConfident(reads: readonly JudgedRead[]): JudgedRead | undefined {
    return reads.toSorted((a, b) => b.confidence - a.confidence || b.frames - a.frames)[0];
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
    if (new Set(reads.map((read) => read.key)).size === 1) return [];
    const tractors = reads.filter(isBookedTractor);
    if (new Set(tractors.map((read) => read.key)).size !== 1) return reads;
    const plates = tractors
        .flatMap((read) => [...read.asTractor, ...(read.known?.outOfTurn ?? [])])
        .flatMap(({ tractor, trailers }) => [tractor, ...trailers]);
    const own = new Set([...tractors.map((read) => read.key), ...plates.map((plate) => plate.key)]);
    return reads.filter((read) => !own.has(read.key));
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
