/** The local copy of the central system's booking list: always exactly one published version. */
import type { Booking } from "../core/booking/booking.ts";
import type { PlateKey } from "../core/plate/plate-key.ts";

/** Which published list is active here. */
export interface ListVersion {
    /** 0 when no list has ever arrived. */
    readonly version: number;
    /** Lower-case hex, 64 characters; 64 zeros for version 0. Defined in `docs/reference/mqtt-contract.md`. */
    readonly hash: string;
    readonly bookings: number;
}

/** A whole list as it was published; its bookings have been staged part by part. */
export interface ListSnapshot {
    readonly version: number;
    readonly hash: string;
    /** Somebody answers for it that the list may have a lower version than the one here, as after a restored backup. */
    readonly mayGoBack?: boolean;
}

/** A change to a list as it came over the wire. */
export interface ListDelta {
    readonly from: number;
    readonly to: number;
    /** Hash of the list after the change. */
    readonly hash: string;
    /** JSON text: `{"upsert": [bookings in wire form], "remove": [ids]}`. */
    readonly changes: string;
}

/** `applied`; `ignored`: old or repeated, nothing changed; `refused`: does not follow or its hash is wrong, ask for the list again. */
export type ListOutcome =
    | { readonly outcome: "applied" | "ignored"; readonly now: ListVersion }
    | {
          readonly outcome: "refused";
          readonly code: "LIST_GAP" | "LIST_HASH" | "LIST_CONTENT";
          readonly reason: string;
      };

/** Reading side: in the lane's process, microseconds a look-up. Throws `StoreFault`. */
export interface BookingList {
    version(): ListVersion;
    /** Bookings whose tractor or trailer has exactly this key; `role` says which. */
    byPlate(key: PlateKey): readonly PlateHit[];
    /**
     * Bookings whose tractor key has one sign exchanged, missing or extra, beside any number of signs that cameras
     * confuse; nearest first, the key itself not among them, at most `limit`. For the officer only.
     */
    near(key: PlateKey, limit: number): readonly Booking[];
    byId(id: string): Booking | undefined;
}

/** A look through the whole list, piece by piece: for whoever may take minutes and must never hold a lane up. */
export interface BookingSlots {
    /**
     * Of the next `rows` bookings after the place `after` (0: the beginning), those whose slot begins between the two instants,
     * both included; `next` is the place to go on from, undefined at the end. Throws `StoreFault`.
     */
    inSlots(
        after: number,
        rows: number,
        slotStart: { readonly fromUtcMs: number; readonly untilUtcMs: number },
    ): { readonly bookings: readonly Booking[]; readonly next: number | undefined };
}

/** Those that the central system has called: what boards show. */
export interface BookingCalls {
    /** Bookings whose state is «called», in no order, at most `limit`. Throws `StoreFault`. */
    called(limit: number): readonly Booking[];
}

/** A booking that carries the plate looked for, and in which place. */
export interface PlateHit {
    readonly booking: Booking;
    readonly role: "tractor" | "trailer";
}

/**
 * Writing side, in a thread of its own. Each call is one transaction; readers see the old list or the new one. Calls are
 * served in the order they were made. They reject with `StoreFault` when the disk refuses: the old list stands.
 */
export interface BookingListWriter {
    /** A new list begins to arrive: whatever is staged is thrown away. */
    begin(): void;
    /**
     * Takes a part of the list that is arriving, in any order: the text of the JSON message that it came as. Its `bookings`
     * (`core/booking/booking-wire.ts`) are read now and count from `replace` on; what is wrong with them comes out there.
     */
    stage(part: string): void;
    /** Puts what is staged in the place of the list that is there. */
    replace(snapshot: ListSnapshot): Promise<ListOutcome>;
    change(delta: ListDelta): Promise<ListOutcome>;
    close(): Promise<void>;
}
