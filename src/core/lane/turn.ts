/** One tick in the making: what it saw, and the orders and facts it has gathered so far. Lives for one call of `step`. */
import { type FactData, type FactDraft, type FactKind, factOf } from "../fact/fact.ts";
import type { LaneImage } from "./lane-image.ts";
import type { LanePlan } from "./lane-plan.ts";
import type { LaneFault, LaneMode, LaneState, OpeningCause, OrderTry, Visit } from "./lane-state.ts";
import { perceive, type Scene } from "./perceive.ts";

/** A barrier order; `number` grows by one per order of the lane, so that its echo can be told from an older one's. */
export interface LaneOrder {
    readonly order: "raise" | "lower";
    readonly number: number;
}

/** Collects what one tick orders and records; handlers return the next state and leave the rest here. */
export class Turn {
    /** Contacts are judged once, in `scene`: no mode can mistake an old reading for a level. */
    readonly image: Omit<LaneImage, "contacts">;
    readonly plan: LanePlan;
    readonly scene: Scene;
    readonly orders: LaneOrder[] = [];
    readonly facts: FactDraft[] = [];

    constructor(image: LaneImage, plan: LanePlan) {
        this.image = image;
        this.plan = plan;
        this.scene = perceive(image.contacts, plan);
    }

    get nowMs(): number {
        return this.image.nowMs;
    }

    /** Milliseconds since a moment; 0 when it has not come yet. */
    sinceMs(moment: number | undefined): number {
        return moment === undefined ? 0 : this.nowMs - moment;
    }

    fact<Kind extends FactKind>(kind: Kind, visit: Visit | undefined, data: FactData<Kind>): void {
        const place = { lane: this.plan.id, ...(visit === undefined ? {} : { passage: visit.passage }) };
        this.facts.push(factOf(kind, data, place));
    }

    /** The visit in hand, or a new passage for a vehicle that was not seen arriving. */
    visitOf(state: LaneState): Visit {
        const isSeen = this.scene.approach === "occupied";
        return state.visit ?? { passage: this.image.freshPassage, arrivedMs: this.nowMs, isSeen };
    }

    /** Gives a barrier order and records why, once per try. */
    give(
        order: "raise" | "lower",
        state: LaneState,
        why: OpeningCause | string,
        before?: OrderTry,
    ): { state: LaneState; order: OrderTry } {
        const number = state.orders + 1;
        this.orders.push({ order, number });
        const reason = typeof why === "string" ? { why } : why;
        this.fact("boom.commanded", state.visit, { order, number, ...reason });
        return {
            state: { ...state, orders: number, ...(order === "raise" ? { raisedMs: this.nowMs } : {}) },
            order: { number, atMs: this.nowMs, tries: (before?.tries ?? 0) + 1 },
        };
    }

    /** What became of this order: an echo of an older one says nothing. */
    echoOf(order: OrderTry): "pending" | "applied" | "failed" {
        const { echo } = this.image;
        return echo?.number === order.number ? echo.status : "pending";
    }

    /** The start of the present unbroken stretch of clearness, moved on to this tick; ready to be spread into a mode. */
    clearSince(before: number | undefined): { readonly clearSinceMs?: number } {
        return this.scene.isClear ? { clearSinceMs: before ?? this.nowMs } : {};
    }

    /** Proof enough to lower: clear now, and without a break for `clearHoldMsMin`. */
    isClearLongEnough(clearSinceMs: number | undefined): boolean {
        return (
            this.scene.isClear &&
            clearSinceMs !== undefined &&
            this.sinceMs(clearSinceMs) >= this.plan.limits.clearHoldMsMin
        );
    }

    /**
     * What stands in the way of a RAISE: two booms of a lock are never open together, and software sends nobody into an
     * occupied exit, where he would stand under the boom. Undefined: nothing.
     */
    obstacleTo(cause: OpeningCause): "INTERLOCK" | "EXIT_OCCUPIED" | undefined {
        if (!this.image.isInterlockFree) return "INTERLOCK";
        return cause.by === "decision" && this.scene.exit === "occupied" ? "EXIT_OCCUPIED" : undefined;
    }

    /** Latches a fault; a passage in hand ends with unknown outcome. Nothing is ordered. */
    fail(state: LaneState, code: LaneFault): LaneState {
        this.fact("lane.fault", state.visit, { code, mode: state.mode.at });
        return this.interrupt(enter(state, { at: "fault", sinceMs: this.nowMs, code }), code);
    }

    /** Ends a passage whose outcome nobody can tell. */
    interrupt(state: LaneState, why: string): LaneState {
        if (state.visit !== undefined) this.fact("passage.interrupted", state.visit, { why });
        return withoutVisit(state);
    }
}

/** The same state in another mode. */
export function enter(state: LaneState, mode: LaneMode): LaneState {
    return { ...state, mode };
}

/** The same state with nobody in front of or under the boom. */
export function withoutVisit(state: LaneState): LaneState {
    const { visit: _ended, ...rest } = state;
    return rest;
}

/**
 * Something under the boom is a vehicle when it is metal, or no longer on the approach, or already on the exit. A driver who
 * walks through the beam before his lorry is none of these.
 */
export function isVehicleUnder({ zone, isMetalUnder, approach, exit }: Scene): boolean {
    return zone === "occupied" && (isMetalUnder || approach !== "occupied" || exit === "occupied");
}
