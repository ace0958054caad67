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

/**
 * Why a vehicle goes before the others (order 505 of 2025 and § 3 of the Temporary Scheme of 2022, from secondary sources);
 * `other` for what a later order adds. The post has a quota of its own.
 */
export const PRIORITY_CATEGORIES = [
    "postal",
    "animals",
    "perishable",
    "dangerous",
    "export",
    "humanitarian",
    "military",
    "diplomatic",
    "oversized",
    "investment",
    "other",
] as const;

export type PriorityCategory = (typeof PRIORITY_CATEGORIES)[number];

/** What a permitted mass is for: a lorry by itself, a tractor with a semitrailer, a lorry with a trailer. */
export const COMBINATIONS = ["single", "semitrailer", "road-train"] as const;

export type Combination = (typeof COMBINATIONS)[number];

/**
 * The one hold that does not stop a lorry: the account that booked it is blocked, and what it has booked still passes
 * (the electronic queue's operator, 2023). Every other hold goes to an officer.
 */
export const BOOKER_BLOCKED = "booker-blocked";

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
    /** Why it goes before the others; absent where nobody said. */
    readonly category?: PriorityCategory;
    /** Codes of what is held against it, in the central system's words. */
    readonly holds?: readonly string[];
    /** When it was called to the checkpoint, and until when that call is good; absent where the central system does not say. */
    readonly calledAtUtcMs?: number;
    readonly calledUntilUtcMs?: number;
    /** Gross mass that its papers allow, kilograms. */
    readonly permittedMassKg?: number;
    readonly combination?: Combination;
    /** Id of the out-of-turn list it was handed over with: then it is no booking of the central system, and its slot is its validity. */
    readonly list?: string;
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
