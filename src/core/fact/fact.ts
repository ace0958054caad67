/**
 * Facts: what was seen, decided and done, in the order it happened.
 * A fact is written to the journal together with its outbox row, before anybody hears of its effect.
 */

/** Every kind of fact. The name is the last part of the CloudEvents type (`kz.kordon.<kind>.v1`). */
export const FACT_KINDS = [
    "lane.started", // the daemon took up the lane: what it saw
    "vehicle.arrived", // presence on the approach side
    "vehicle.recognised", // a voted read bound to the passage
    "decision.made", // admit, refuse or refer, with reason, rule trace, booking and list version
    "vehicle.referred", // the lane waits for an officer
    "vehicle.refused", // told to leave; ends when it has left
    "vehicle.left", // went away without passing
    "boom.commanded", // a pulse was ordered: raise or lower, why
    "boom.opened", // the upper limit switch said so
    "boom.closed", // the lower limit switch said so
    "boom.moved-unasked", // somebody or something else moved it
    "passage.begun", // under the boom
    "passage.completed", // through and clear; carries the role's meaning (arrived, left, entered, crossed)
    "passage.backed-out",
    "passage.tailgated",
    "passage.wrong-way",
    "passage.no-show", // opened, nobody came
    "passage.interrupted", // the daemon ended while it was going on: outcome unknown
    "passage.recorded", // all its inputs are in the journal: how many chunks, their hash
    "weighing.completed",
    "officer.ordered", // who, what, why
    "read.linked", // a named officer ties what was read to a booking
    "order.refused", // a stale, repeated or impossible officer or central order
    "emergency.raised",
    "emergency.reset",
    "lane.fault", // latched until a named officer resets it
    "lane.reset",
    "lane.mode", // out of service, back in service, manual
    "alarm.raised",
    "alarm.cleared",
    "device.health",
    "clock.trust",
    "list.changed",
    "out-of-turn.loaded", // a list from outside the queue: who loaded it, its entries
    "out-of-turn.withdrawn",
    "booking.called", // by this site itself, while the central system was away
    "booking.contradicted", // the central system says otherwise than this site saw
    "booking.confirmed", // it has come round to what this site saw or did
    "continuity.started", // a named officer lets the site call lorries itself
    "continuity.ended",
    "evidence.deleted", // photographs beyond the site's retention
    "journal.pruned", // facts beyond the site's retention; the chain goes on
] as const;

export type FactKind = (typeof FACT_KINDS)[number];

/** Kinds that end a passage: it is over for the journal once one of them stands there with its id. */
export const PASSAGE_ENDINGS: ReadonlySet<FactKind> = new Set([
    "vehicle.left",
    "passage.completed",
    "passage.backed-out",
    "passage.interrupted",
    "passage.no-show",
    "passage.recorded",
]);

/** JSON values only, so that a fact survives disk, broker and years unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A fact as the core states it: no clock, no sequence, no hash yet. The store adds those. */
export interface FactDraft {
    readonly kind: FactKind;
    /** Lane id, or undefined for a fact about the whole site. */
    readonly lane?: string;
    /** Passage the fact belongs to. */
    readonly passage?: string;
    readonly data: { readonly [key: string]: Json };
}

/** A fact as it stands in the journal. */
export interface Fact extends FactDraft {
    /** Unique for ever and stable over retries: `<journal id>-<sequence>`. */
    readonly id: string;
    /** Site-wide, starts at 1, no gaps. */
    readonly sequence: number;
    /** Wall time of recording; `isClockTrusted` says what it is worth. */
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
    /** SHA-256 over the previous fact's hash and this fact's canonical JSON, lower-case hex. */
    readonly hash: string;
    readonly previousHash: string;
}
