/** One tick in the making: what it saw, and the orders and facts it has gathered so far. Lives for one call of `step`. */
import type { FactDraft, FactKind, Json } from "../fact/fact.ts";
import type { LaneImage } from "./lane-image.ts";
import type { LanePlan } from "./lane-plan.ts";
import type { LaneFault, LaneMode, LaneState, OpeningCause, OrderTry, Visit } from "./lane-state.ts";
import type { Scene } from "./perceive.ts";

/** A barrier order; `number` grows by one per order of the lane, so that its echo can be told from an older one's. */
export interface LaneOrder {
    readonly order: "raise" | "lower";
    readonly number: number;
}

/** Collects what one tick orders and records; handlers return the next state and leave the rest here. */
export class Turn {
    readonly image: LaneImage;
    readonly plan: LanePlan;
    readonly scene: Scene;
    readonly orders: LaneOrder[] = [];
    readonly facts: FactDraft[] = [];

    constructor(image: LaneImage, plan: LanePlan, scene: Scene) {
        this.image = image;
        this.plan = plan;
        this.scene = scene;
    }

    get nowMs(): number {
        return this.image.nowMs;
    }

    /** Whole milliseconds since a moment that may not have come yet. */
    sinceMs(moment: number | undefined): number {
        return moment === undefined ? 0 : this.nowMs - moment;
    }

    fact(kind: FactKind, visit: Visit | undefined, data: { readonly [key: string]: Json }): void {
        this.facts.push({ kind, lane: this.plan.id, ...(visit === undefined ? {} : { passage: visit.passage }), data });
    }

    /** The visit in hand, or a new passage for a vehicle that was not seen arriving. */
    visitOf(state: LaneState): Visit {
        return state.visit ?? { passage: this.image.freshPassage, arrivedMs: this.nowMs };
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
        const reason: { readonly [key: string]: Json } = typeof why === "string" ? { why } : { ...why };
        this.fact("boom.commanded", state.visit, { order, number, ...reason });
        return {
            state: { ...state, orders: number },
            order: { number, atMs: this.nowMs, tries: (before?.tries ?? 0) + 1 },
        };
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
