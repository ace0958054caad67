/**
 * One tick of a lane: one frozen image in, the next state, barrier orders, lamp and facts out. Pure.
 * Safety is judged afresh every tick from readings and their ages; time enters only as `image.nowMs`.
 */
import type { FactDraft } from "../fact/fact.ts";
import { alarmsOf } from "./alarms.ts";
import { lightOf } from "./lamp.ts";
import { control } from "./lane-control.ts";
import type { LaneImage } from "./lane-image.ts";
import type { LanePlan } from "./lane-plan.ts";
import type { LaneState } from "./lane-state.ts";
import { type LaneOrder, Turn } from "./turn.ts";
import { watchOn } from "./watch.ts";

/** What one tick comes to. Orders are requests to the barrier, never claims about it. */
export interface Step {
    readonly next: LaneState;
    /** At most one of each kind; carried out in order. */
    readonly orders: readonly LaneOrder[];
    /** Level, not edge: what the lamp shall show now. */
    readonly light: "red" | "green";
    readonly facts: readonly FactDraft[];
}

/** Computes one tick, and gives the same state back when it changes nothing: what moves the boom first, then the alarms, which nothing that moves the boom ever reads. */
export function step(state: LaneState, image: LaneImage, plan: LanePlan): Step {
    const turn = new Turn(image, plan);
    const next = noteAlarms(turn, control(turn, state), image);
    return { next, orders: turn.orders, light: lightOf(next, turn.scene), facts: turn.facts };
}

function noteAlarms(turn: Turn, state: LaneState, image: LaneImage): LaneState {
    const watch = watchOn(state.watch, image, turn.plan, turn.facts);
    const alarms = alarmsOf({ mode: state.mode, visit: state.visit, watch, image, plan: turn.plan });
    const raised = alarms.filter((code) => !state.alarms.includes(code));
    const cleared = state.alarms.filter((code) => !alarms.includes(code));
    for (const code of raised) turn.fact("alarm.raised", undefined, { code });
    for (const code of cleared) turn.fact("alarm.cleared", undefined, { code });
    const isSame = watch === state.watch && raised.length + cleared.length === 0;
    return isSame ? state : { ...state, alarms, watch };
}
