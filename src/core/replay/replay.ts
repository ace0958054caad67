/**
 * Runs a recorded stretch of a lane again: the same pure `step` on the same inputs must give the same orders, lamp and facts.
 * Says where it does not: which tick, which field, what was recorded and what comes out now.
 */
import type { FactDraft } from "../fact/fact.ts";
import type { LaneImage } from "../lane/lane-image.ts";
import type { LanePlan } from "../lane/lane-plan.ts";
import type { LaneMode, LaneState } from "../lane/lane-state.ts";
import { type Step, step } from "../lane/lane-step.ts";
import type { LaneOrder } from "../lane/turn.ts";

/** One tick as it was recorded: what the lane saw, and what was done with the result. */
export interface RecordedTick {
    readonly image: LaneImage;
    /** As handed to the barrier. */
    readonly orders: readonly LaneOrder[];
    readonly light: Step["light"];
    /** Where this tick's facts stand in the journal; `first` is without meaning when there are none. */
    readonly facts: { readonly first: number; readonly count: number };
}

/** A stretch of ticks without a gap that mattered: ticks that changed nothing at all are left out. */
export interface Recording {
    /** The program that drove the lane, such as `kordon 0.1.0`. */
    readonly program: string;
    /** The plan of that day, not today's. */
    readonly plan: LanePlan;
    /** The lane's state before the first tick. */
    readonly state: LaneState;
    readonly ticks: readonly RecordedTick[];
}

/** The first thing that comes out otherwise. */
export interface Difference {
    /** In which tick, counted from 1 over all recordings of the passage; absent when it concerns no single one. */
    readonly at?: { readonly tick: number; readonly nowMs: number; readonly utcMs: number };
    /** Path, such as `facts[0].data.reason`. */
    readonly field: string;
    /** Undefined: not there. */
    readonly recorded: unknown;
    readonly recomputed: unknown;
}

/** One tick as it came out now. */
export interface ReplayedTick {
    readonly image: LaneImage;
    readonly mode: LaneMode["at"];
    readonly orders: readonly LaneOrder[];
    readonly light: Step["light"];
    readonly facts: readonly FactDraft[];
}

/** Ends at the first difference; `end` is the state after the last replayed tick. */
export interface Replay {
    readonly ticks: readonly ReplayedTick[];
    readonly end: LaneState;
    readonly difference?: Difference;
}

/**
 * Recomputes everything; `factAt` looks a recorded fact up by its sequence, `ticksBefore` are those of earlier recordings.
 * Never throws for the content of a recording.
 */
export function replay(
    recording: Recording,
    factAt: (sequence: number) => FactDraft | undefined,
    ticksBefore = 0,
): Replay {
    const ticks: ReplayedTick[] = [];
    let state = recording.state;
    for (const [index, tick] of recording.ticks.entries()) {
        const { image } = tick;
        const differs = (field: string, recorded: unknown, recomputed: unknown): Replay => ({
            ticks,
            end: state,
            difference: {
                at: { tick: ticksBefore + index + 1, nowMs: image.nowMs, utcMs: image.utcMs },
                field,
                recorded,
                recomputed,
            },
        });
        let result: Step;
        try {
            result = step(state, image, recording.plan);
        } catch (error) {
            return differs("image", "inputs that can be computed with", String(error));
        }
        const { orders, light, facts } = result;
        const recorded = { orders: tick.orders, light: tick.light, facts: recordedFacts(tick, factAt) };
        const found = findDifference(recorded, { orders, light, facts: facts.map(plainFact) }, "");
        if (found !== undefined) return differs(found.field, found.recorded, found.recomputed);
        ticks.push({ image, mode: result.next.mode.at, orders, light, facts });
        state = result.next;
    }
    return { ticks, end: state };
}

function recordedFacts({ facts }: RecordedTick, factAt: (sequence: number) => FactDraft | undefined): unknown[] {
    return Array.from({ length: facts.count }, (_, index) => plainFact(factAt(facts.first + index)));
}

/** What the core says of a fact; clock, sequence and hash are the store's. */
function plainFact(fact: FactDraft | undefined): unknown {
    return fact && { kind: fact.kind, lane: fact.lane, passage: fact.passage, data: fact.data };
}

type Found = { readonly field: string; readonly recorded: unknown; readonly recomputed: unknown };

function findDifference(recorded: unknown, recomputed: unknown, field: string): Found | undefined {
    if (recorded === recomputed) return undefined;
    if (!isTree(recorded) || !isTree(recomputed) || Array.isArray(recorded) !== Array.isArray(recomputed)) {
        return { field, recorded, recomputed };
    }
    for (const member of new Set([...Object.keys(recorded), ...Object.keys(recomputed)])) {
        const path = Array.isArray(recorded) ? `${field}[${member}]` : `${field}${field === "" ? "" : "."}${member}`;
        const found = findDifference(recorded[member], recomputed[member], path);
        if (found !== undefined) return found;
    }
    return undefined;
}

function isTree(value: unknown): value is { readonly [member: string]: unknown } {
    return typeof value === "object" && value !== null;
}
