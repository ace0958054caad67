/**
 * People and cars that have no business in the lane and come all the same: somebody on foot who stands in the light beam
 * (with a printed plate held up to the camera, if he means ill), a car that noses in from the exit side.
 */
import type { RoadSensors } from "./road-sensors.ts";
import type { ScenePlate } from "./scene-view.ts";
import type { BoomMotion } from "./world-event.ts";

export interface PasserBy {
    readonly kind: "pedestrian" | "wrong-way-car";
    /** 0-based place in the list of lanes. */
    readonly lane: number;
    /** World time; comes later when a lorry is in the way. */
    readonly arrivesAtMs: number;
    readonly staysMs: number;
    /** Held up to the camera. */
    readonly plate?: ScenePlate;
}

/** What became of a passer-by, told like the events of lorries. */
export interface PasserByEvent {
    readonly is: "came" | "left" | "struck";
    readonly kind: PasserBy["kind"];
    readonly lane: string;
    readonly atMs: number;
    readonly boom: BoomMotion;
}

/** Nose of a car that came in from the exit side, and where drivers before the boom then stay. */
const CAR_NOSE_M = 2.5;
const WAITING_M = -1;

/** The passers-by of one lane, one at a time. */
export class PassersBy {
    readonly #due: PasserBy[];
    #present: PasserBy | undefined;
    #leavesAtMs = 0;

    /** `due` in order of arrival. */
    constructor(due: readonly PasserBy[]) {
        this.#due = [...due];
    }

    get isOver(): boolean {
        return this.#due.length === 0 && this.#present === undefined;
    }

    get present(): PasserBy | undefined {
        return this.#present;
    }

    /** World time at which the next one wants to come; Infinity when none is left. */
    get nextAtMs(): number {
        return this.#due[0]?.arrivesAtMs ?? Number.POSITIVE_INFINITY;
    }

    /** On foot in the plane of the boom; the car stays clear of it. */
    get isUnderBoom(): boolean {
        return this.#present?.kind === "pedestrian";
    }

    /** As far as a lorry's bumper may go because of him. */
    get freeToM(): number {
        return this.#present === undefined ? Number.POSITIVE_INFINITY : WAITING_M;
    }

    /** `isRoadFree`: no lorry under the boom or beyond it. Returns what changed. */
    advance(worldMs: number, isRoadFree: boolean): "came" | "left" | undefined {
        if (this.#present !== undefined) {
            if (worldMs < this.#leavesAtMs) return undefined;
            this.#present = undefined;
            return "left";
        }
        const next = this.#due[0];
        if (next === undefined || next.arrivesAtMs > worldMs || !isRoadFree) return undefined;
        this.#due.shift();
        this.#present = next;
        this.#leavesAtMs = worldMs + next.staysMs;
        return "came";
    }

    /** Shows him to the detectors that can see him: legs break the beam, a car's metal detunes the exit loop. */
    show(sensors: RoadSensors): void {
        sensors.intruder =
            this.#present === undefined
                ? undefined
                : this.#present.kind === "pedestrian"
                  ? { breaksBeam: true, metal: undefined }
                  : { breaksBeam: false, metal: [CAR_NOSE_M, CAR_NOSE_M + 4.5] };
    }
}
