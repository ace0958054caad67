/**
 * The whole checkpoint: all lanes and one day's lorries, advanced in fixed steps of simulated time.
 * No clock, no sockets: a test can run a day in seconds, and an equal seed with equal orders gives the equal day.
 */
import type { Lorry } from "../scenarios/lorry.ts";
import { SimulatedLane } from "./lane.ts";
import type { LaneGeometry } from "./lane-geometry.ts";
import type { PasserBy, PasserByEvent } from "./passer-by.ts";
import { Random } from "./random.ts";
import type { SceneLight, SceneView, SceneWeather } from "./scene-view.ts";
import { Ledger, type Truth } from "./truth.ts";
import type { PlatformPlan } from "./weighing-platform.ts";
import type { WorldEvent } from "./world-event.ts";

interface WorldOptions {
    readonly seed: number;
    readonly lanes: readonly WorldLane[];
    readonly lorries: readonly Lorry[];
    readonly sky: { readonly light: SceneLight; readonly weather: SceneWeather };
    readonly tell: (event: WorldEvent) => void;
    /** Default: nobody. */
    readonly passersBy?: readonly PasserBy[];
    readonly tellOfPasserBy?: (event: PasserByEvent) => void;
}

interface WorldLane {
    readonly id: string;
    readonly geometry: LaneGeometry;
    readonly armTravelMs: number;
    readonly pulseMs: number;
    readonly scale?: { readonly platform: PlatformPlan } | undefined;
}

export class World {
    readonly lanes: readonly SimulatedLane[];
    readonly #options: WorldOptions;
    readonly #ledger = new Ledger();
    #nowMs = 0;
    #isStarted = false;

    constructor(options: WorldOptions) {
        this.#options = options;
        this.lanes = options.lanes.map(
            (lane, index) =>
                new SimulatedLane({
                    ...lane,
                    ...(lane.scale === undefined
                        ? {}
                        : { platform: { plan: lane.scale.platform, seed: options.seed } }),
                    random: new Random(options.seed, `lane/${lane.id}`),
                    lorries: options.lorries.filter((lorry) => lorry.lane === index),
                    passersBy: (options.passersBy ?? []).filter((passerBy) => passerBy.lane === index),
                    tellOfPasserBy: options.tellOfPasserBy ?? (() => undefined),
                    tell: (event) => {
                        this.#ledger.note(event);
                        options.tell(event);
                    },
                }),
        );
    }

    /** From now on lorries come. Until then devices live and world time stands at 0. */
    start(): void {
        this.#isStarted = true;
    }

    /** World time since the start. */
    get nowMs(): number {
        return this.#nowMs;
    }

    /** Every lorry has come and gone. */
    get isOver(): boolean {
        return this.#isStarted && this.lanes.every((lane) => lane.isOver);
    }

    /** Nothing moves anywhere; see `SimulatedLane.isStill`. */
    get isStill(): boolean {
        return this.lanes.every((lane) => lane.isStill);
    }

    /** World time at which anybody wants to come or to turn back next; Infinity when nobody will. */
    get nextAtMs(): number {
        return this.lanes.reduce((least, lane) => Math.min(least, lane.nextAtMs), Number.POSITIVE_INFINITY);
    }

    /** One step. `realMs` only labels the events; without a real clock it is the world's own time. */
    advance(elapsedMs: number, realMs = this.#nowMs + elapsedMs): void {
        if (this.#isStarted) this.#nowMs += elapsedMs;
        const now = { atMs: this.#nowMs, realMs };
        for (const lane of this.lanes) lane.advance(elapsedMs, now);
    }

    /** Undefined when there is no such lane. */
    lane(id: string): SimulatedLane | undefined {
        return this.lanes.find((lane) => lane.id === id);
    }

    /** The lane's driver hears it; false when no lane has this lorry before its boom. */
    waveAway(lorry: number): boolean {
        return this.lanes.some((lane) => lane.waveAway(lorry));
    }

    scene(lane: SimulatedLane): SceneView {
        return {
            lorries: lane.scene(),
            armAngleDeg: lane.armAngleDeg,
            ...this.#options.sky,
            worldMs: this.#nowMs,
        };
    }

    truth(): Truth {
        return this.#ledger.truth(this.lanes.map((lane) => lane.counts));
    }
}
