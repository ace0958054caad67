/**
 * The officers of the site: they look at lanes that call for somebody, judge with their own eyes, and ask the daemon. They
 * take their time, now and then at the wrong lane or too late, and look again until nothing calls for them.
 */

import type { Lorry } from "../../simulators/scenarios/lorry.ts";
import type { SimulatedLane } from "../../simulators/world/lane.ts";
import type { Random } from "../../simulators/world/random.ts";
import type { Fact, FactKind } from "../../src/core/fact/fact.ts";
import type { LaneRequest } from "../../src/core/lane/lane-image.ts";
import type { LaneState } from "../../src/core/lane/lane-state.ts";
import type { LanePanel } from "../devices/lane-panel.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";

export interface OfficerHabits {
    /** From the call to the look, milliseconds. */
    readonly reactionMs: readonly [number, number];
    /** Of the requests: meant for this lane and given to another one. */
    readonly wrongLaneShare: number;
    /** Of the requests: given long after the look. */
    readonly lateShare: number;
}

/** One lane as an officer sees it: through the window and on the screen. */
export interface OfficersLane {
    readonly id: string;
    readonly lane: SimulatedLane;
    readonly panel: LanePanel;
    /** Undefined while the daemon is away. */
    readonly screen: () => LaneState | undefined;
}

export interface OfficersWorld {
    readonly clock: VirtualClock;
    readonly random: Random;
    readonly lanes: readonly OfficersLane[];
    readonly lorries: readonly Lorry[];
    readonly ask: (lane: string, request: Omit<LaneRequest, "id" | "expiresMs">) => void;
}

const CALLS: ReadonlySet<FactKind> = new Set([
    "vehicle.referred",
    "vehicle.refused",
    "lane.fault",
    "lane.mode",
    "emergency.raised",
    "boom.moved-unasked",
    "alarm.raised",
    "passage.interrupted",
]);
const PATROL_MS = [40_000, 80_000] as const;
const AGAIN_MS = [6_000, 15_000] as const;
const LATE_MS = [8_000, 60_000] as const;
/** A lorry that nobody asked about although it has stood so long is helped by hand. */
const FORGOTTEN_MS = 40_000;
/** What counts as standing before the boom, and what as far enough behind it. */
const BEFORE_M = -8;
const BEHIND_M = 0;
const ABOUT_TO_M = -1;

export class Officers {
    readonly #world: OfficersWorld;
    readonly #habits: OfficerHabits;
    readonly #busy = new Set<string>();
    readonly #standingSinceMs = new Map<number, number>();

    constructor(world: OfficersWorld, habits: OfficerHabits) {
        this.#world = world;
        this.#habits = habits;
        this.#patrol();
    }

    hear(facts: readonly Fact[]): void {
        for (const { kind, lane } of facts) if (lane !== undefined && CALLS.has(kind)) this.#call(lane);
    }

    #patrol(): void {
        const { clock, random, lanes } = this.#world;
        clock.after(random.between(...PATROL_MS), () => {
            this.#patrol();
            for (const { id } of lanes) this.#call(id);
        });
    }

    #call(id: string): void {
        if (this.#busy.has(id)) return;
        this.#busy.add(id);
        this.#lookAfter(id, this.#world.random.between(...this.#habits.reactionMs));
    }

    #lookAfter(id: string, delayMs: number): void {
        this.#world.clock.after(delayMs, () => {
            if (this.#look(id)) this.#lookAfter(id, this.#world.random.between(...AGAIN_MS));
            else this.#busy.delete(id);
        });
    }

    /** Does what the lane calls for; false when nothing does. */
    #look(id: string): boolean {
        const seen = this.#world.lanes.find((each) => each.id === id);
        const state = seen?.screen();
        if (seen === undefined || state === undefined) return false;
        const { mode } = state;
        switch (mode.at) {
            case "referred":
            case "refused":
                this.#judge(seen, state);
                return true;
            case "fault":
                this.#ask(id, { asks: "reset", reason: "looked at the barrier" });
                return true;
            case "emergency-open":
                if (!seen.panel.isPressed) this.#ask(id, { asks: "reset", reason: "the emergency is over" });
                return true;
            case "manual":
                if (mode.why !== "key" && isFree(seen.lane))
                    this.#ask(id, { asks: "close", reason: "nobody is under it" });
                return true;
            case "out-of-service":
                this.#ask(id, { asks: "in-service", reason: "the lane is needed" });
                return true;
            case "idle":
                return this.#helpForgotten(seen);
            default:
                return false;
        }
    }

    /** Looks at plate and papers of the lorry at the boom: an eye is not fooled by a screen. */
    #judge(seen: OfficersLane, { mode, visit }: LaneState): void {
        const lorry = this.#lorryAt(seen.lane);
        if (lorry === undefined) return;
        const passage = visit === undefined ? {} : { passage: visit.passage };
        const isGood = lorry.booked === "valid" && lorry.bookingId !== undefined;
        if (isGood && lorry.bookingId !== undefined) {
            this.#ask(seen.id, {
                asks: "accept",
                reason: "plate and papers compared",
                bookingId: lorry.bookingId,
                ...passage,
            });
        } else if (mode.at === "refused") seen.lane.waveAway(lorry.number);
        else this.#ask(seen.id, { asks: "refuse", reason: "no valid booking", ...passage });
    }

    /** The lane does not know of the lorry that stands there: a dead loop, a lamp that stayed red. */
    #helpForgotten(seen: OfficersLane): boolean {
        const lorry = this.#lorryAt(seen.lane);
        if (lorry === undefined) return false;
        const nowMs = this.#world.clock.monotonicMs();
        const sinceMs = this.#standingSinceMs.get(lorry.number) ?? nowMs;
        this.#standingSinceMs.set(lorry.number, sinceMs);
        if (nowMs - sinceMs < FORGOTTEN_MS) return true;
        this.#standingSinceMs.delete(lorry.number);
        if (lorry.booked !== "valid") seen.lane.waveAway(lorry.number);
        else if (lorry.bookingId !== undefined) {
            this.#ask(seen.id, { asks: "open", reason: "the loop does not see the lorry", bookingId: lorry.bookingId });
        }
        return true;
    }

    #lorryAt(lane: SimulatedLane): Lorry | undefined {
        const scene = lane.scene().find(({ frontAtM }) => frontAtM >= BEFORE_M && frontAtM <= BEHIND_M);
        return scene === undefined ? undefined : this.#world.lorries[scene.id - 1];
    }

    #ask(id: string, request: Pick<LaneRequest, "asks" | "reason" | "bookingId" | "passage">): void {
        const { clock, random, lanes, ask } = this.#world;
        const others = lanes.filter((each) => each.id !== id);
        const isWrong = others.length > 0 && random.chance(this.#habits.wrongLaneShare);
        const lane = isWrong ? random.pick(others).id : id;
        const lateMs = random.chance(this.#habits.lateShare) ? random.between(...LATE_MS) : 0;
        clock.after(lateMs, () => ask(lane, { ...request, by: { kind: "officer", name: "officer-1" } }));
    }
}

/** Nobody beneath the boom, and nobody about to be. */
function isFree(lane: SimulatedLane): boolean {
    return (
        !lane.isSomethingUnderBoom && lane.scene().every(({ frontAtM }) => frontAtM < ABOUT_TO_M || frontAtM > BEHIND_M)
    );
}
