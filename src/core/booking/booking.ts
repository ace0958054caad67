/**
 * A booking as the box keeps it: what the decision needs and nothing more.
 * No names, no documents: plates, times, states and quotas only.
 */
import type { PlateKey } from "../plate/plate-key.ts";

/**
 * States of a booking in the electronic queue, in the central system's words (CarGoRuqsat public registry, October 2024).
 * `unknown` stands for any text this version does not know: the lane then asks the officer.
 */
export const BOOKING_STATUSES = [
    "payment-pending", // «Производится оплата»
    "in-queue", // «В очереди»
    "called", // «Вызван на пункт пропуска»
    "entered", // «Въехал на пункт пропуска»
    "crossed", // «Пересёк пункт пропуска»
    "revoked", // «Отозван»
    "expired", // «Просрочен»
    "annulled", // «Аннулирован»
    "unknown",
] as const;

export type BookingStatus = (typeof BOOKING_STATUSES)[number];

/** How the booking came into the queue; out-of-turn and accelerated ones are capped by daily quotas (order 505 of 2025). */
export type BookingPriority = "in-turn" | "out-of-turn" | "accelerated";

/** A plate as the booking states it: `text` as typed by the booker, `key` for matching, country where it is known. */
export interface BookedPlate {
    readonly text: string;
    readonly key: PlateKey;
    /** ISO 3166-1 alpha-2; absent when the booker did not say. Never derived from the plate's pattern. */
    readonly country?: string;
}

/** One booking. Times are milliseconds since the Unix epoch (UTC). */
export interface Booking {
    readonly id: string;
    /** Place in the electronic queue, 1-based; absent when the central system gives none. */
    readonly queueNumber?: number;
    readonly slotStartUtcMs: number;
    readonly slotEndUtcMs: number;
    /** Code of the road checkpoint, e.g. `nur-zholy`. */
    readonly checkpoint: string;
    readonly tractor: BookedPlate;
    /** 0 to 2 trailers. */
    readonly trailers: readonly BookedPlate[];
    readonly status: BookingStatus;
    /** A flag beside the state, not a state: the registry shows «Опаздывает» together with «В очереди». */
    readonly isLate: boolean;
    readonly priority: BookingPriority;
    /** Record version, strictly growing per booking. */
    readonly version: number;
}

/** Which published list a decision was made with. */
export interface ListStamp {
    /** Version of the active list, `0` when no list has ever arrived. */
    readonly version: number;
    /** SHA-256 of the list's canonical form, lower-case hex; empty when version is 0. */
    readonly hash: string;
    /** Milliseconds since the central system last confirmed this list (monotonic clock); Infinity when never. */
    readonly ageMs: number;
}
