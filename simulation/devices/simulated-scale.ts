/**
 * A scale as the lane sees it: what the world's indicator shows, told without delay. Frames, protocols and their damage are
 * judged by the tests of the device families; here it is about what people do on the platform.
 */
import type { SimulatedLane } from "../../simulators/world/lane.ts";
import type { DeviceHealth } from "../../src/ports/device-health.ts";
import type { Scale, ScaleSighting } from "../../src/ports/scale.ts";
import type { LeasedClock } from "../time/virtual-clock.ts";

/** Of the indicator, as of most families: ten frames a second. */
const FRAME_MS = 100;

export class SimulatedScale implements Scale {
    readonly id: string;
    readonly #lane: SimulatedLane;
    readonly #clock: LeasedClock;
    #sighting: ScaleSighting | undefined;
    #changes = 0;

    constructor(id: string, lane: SimulatedLane, clock: LeasedClock) {
        this.id = id;
        this.#lane = lane;
        this.#clock = clock;
    }

    /** Grows with everything that a reader could notice but the passing of time. */
    get changes(): number {
        return this.#changes;
    }

    /** Called after every step of the world. */
    look(): void {
        const shown = this.#lane.platform?.shown;
        if (shown === undefined) return;
        const { kg, isStable, isOver } = shown;
        const before = this.#sighting;
        const atMs = Math.floor(this.#clock.monotonicMs() / FRAME_MS) * FRAME_MS;
        if (before?.atMs === atMs) return;
        this.#sighting = {
            grossKg: kg,
            isStable,
            isInRange: !isOver,
            range: isOver ? "over" : "in",
            stability: "given",
            raw: String(kg),
            atMs,
        };
        if (before?.grossKg !== kg || before.isStable !== isStable) this.#changes += 1;
    }

    sighting(): ScaleSighting | undefined {
        return this.#sighting;
    }

    health(): DeviceHealth {
        return { device: this.id, state: this.#sighting === undefined ? "starting" : "well", failures: 0 };
    }
}
