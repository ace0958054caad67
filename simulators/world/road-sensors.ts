/** Loops and photocell of a lane: what their detectors report about the lorries above and before them. */
import type { DrivenLorry } from "./driven-lorry.ts";
import type { LaneGeometry } from "./lane-geometry.ts";
import { covers, type Stretch } from "./lorry-shape.ts";

export const SENSORS = ["approachLoop", "boomLoop", "exitLoop", "photocell"] as const;
export type SensorName = (typeof SENSORS)[number];

/** A detector whose output no longer follows the road. `on` = energised: an occupied loop, an intact beam. */
export const SENSOR_FAULTS = ["none", "stuck-on", "stuck-off"] as const;
export type SensorFault = (typeof SENSOR_FAULTS)[number];

/** Energised or not, as at the terminals. */
type SensorOutputs = Record<SensorName, boolean>;

/** What is in the lane beside lorries: the piece of lane with metal above it, and whether the beam is broken. */
interface Intruder {
    readonly breaksBeam: boolean;
    readonly metal: Stretch | undefined;
}

export class RoadSensors {
    readonly outputs: SensorOutputs = { approachLoop: false, boomLoop: false, exitLoop: false, photocell: true };
    intruder: Intruder | undefined;
    readonly #faults = new Map<SensorName, SensorFault>();
    readonly #geometry: LaneGeometry;

    constructor(geometry: LaneGeometry) {
        this.#geometry = geometry;
    }

    fault(sensor: SensorName, fault: SensorFault): void {
        this.#faults.set(sensor, fault);
    }

    advance(lorries: readonly DrivenLorry[]): void {
        for (const sensor of SENSORS) {
            const fault = this.#faults.get(sensor) ?? "none";
            this.outputs[sensor] = fault === "none" ? this.#sees(sensor, lorries) : fault === "stuck-on";
        }
    }

    #sees(sensor: SensorName, lorries: readonly DrivenLorry[]): boolean {
        if (sensor !== "photocell") return this.#isAbove(this.#geometry[sensor], lorries);
        const at = this.#geometry.photocellAtM;
        if (this.intruder?.breaksBeam === true) return false;
        return !lorries.some((lorry) => covers(lorry.shape.beamVisible, lorry.frontAtM, at, at, 0));
    }

    #isAbove([fromM, toM]: Stretch, lorries: readonly DrivenLorry[]): boolean {
        const overlapM = this.#geometry.loopOverlapM;
        const metal = this.intruder?.metal;
        if (metal !== undefined && Math.min(metal[1], toM) - Math.max(metal[0], fromM) >= overlapM) return true;
        for (const { shape, frontAtM } of lorries) {
            if (covers(shape.loopVisible, frontAtM, fromM, toM, overlapM)) return true;
        }
        return false;
    }
}
