/**
 * One lorry moving along the lane: runs its driver's script with real acceleration and braking.
 * It sees what a driver sees (boom, lamp, the lorry ahead) and knows nothing of sensors or relays.
 */
import type { Lorry } from "../scenarios/lorry.ts";
import { DRIVER_HABITS, type DriverHabit, type DriverStep, type Place, TURN_BACK } from "./driver-habit.ts";
import type { LaneGeometry } from "./lane-geometry.ts";
import { LORRY_SHAPES, type LorryShape } from "./lorry-shape.ts";

/** What the driver sees at this moment. */
interface RoadView {
    readonly isBoomUpright: boolean;
    readonly isGreen: boolean;
    /** As far as the bumper may go because of the lorry ahead; Infinity on a free road. */
    readonly freeToM: number;
}

/** A laden lorry's emergency braking on a yard. */
const HARD_BRAKE_MPS2 = 4;
/** A driver who sees the boom move stops this far before it. */
const BOOM_MARGIN_M = 0.6;
const ARRIVED_M = 0.03;
const ARRIVED_MPS = 0.3;

export class DrivenLorry {
    readonly lorry: Lorry;
    readonly shape: LorryShape;
    readonly habit: DriverHabit;
    frontAtM: number;
    #speedMps = 0;
    #script: readonly DriverStep[];
    #step = 0;
    #stepMs = 0;
    #isTurningBack = false;
    #isStanding = false;
    readonly #geometry: LaneGeometry;

    constructor(lorry: Lorry, geometry: LaneGeometry) {
        this.lorry = lorry;
        this.shape = LORRY_SHAPES[lorry.shape];
        this.habit = DRIVER_HABITS[lorry.driver];
        this.frontAtM = geometry.appearsAtM;
        this.#speedMps = this.habit.paceMps;
        this.#script = this.habit.script;
        this.#geometry = geometry;
    }

    get rearAtM(): number {
        return this.frontAtM - this.shape.lengthM;
    }

    /** Any part of it, drawbar included, is in the plane of the boom. */
    get isUnderBoom(): boolean {
        return this.frontAtM > 0 && this.rearAtM < 0;
    }

    /** Stands before the boom and waits for it, with or without a look at the lamp. */
    get isWaiting(): boolean {
        const doing = this.#script[this.#step]?.do;
        return doing === "await-green" || doing === "await-boom";
    }

    get isTurningBack(): boolean {
        return this.#isTurningBack;
    }

    /** It did not move, and goes on standing for as long as its driver sees what he sees now. */
    get isStanding(): boolean {
        return this.#isStanding;
    }

    /** The driver's script is at its end. */
    get isDone(): boolean {
        return this.#step >= this.#script.length;
    }

    /** Reverses out of the lane. Too late once the bumper is beyond the boom: then nothing changes. */
    turnBack(): void {
        if (this.#isTurningBack || this.frontAtM > 0) return;
        this.#isTurningBack = true;
        this.#isStanding = false;
        this.#script = TURN_BACK;
        this.#step = 0;
        this.#stepMs = 0;
    }

    advance(elapsedMs: number, view: RoadView): void {
        const step = this.#script[this.#step];
        if (step === undefined) return;
        const wasAtM = this.frontAtM;
        const isDone = this.#perform(step, elapsedMs, view);
        this.#isStanding = !isDone && step.do !== "rest" && this.#stepMs === 0 && this.frontAtM === wasAtM;
        if (isDone) {
            this.#step++;
            this.#stepMs = 0;
            this.#isTurningBack ||= this.#script[this.#step]?.do === "reverse";
        }
    }

    /** True when the step is done. */
    #perform(step: DriverStep, elapsedMs: number, view: RoadView): boolean {
        switch (step.do) {
            case "drive": {
                const goalM = this.#locate(step.to);
                const targetM = Math.min(goalM, view.freeToM, this.#boomLimitM(view));
                return this.#roll(targetM, 1, elapsedMs) && targetM === goalM;
            }
            case "reverse":
                return this.#roll(this.#locate(step.to), -1, elapsedMs);
            case "await-green":
            case "await-boom": {
                const mayGo = view.isBoomUpright && (view.isGreen || step.do === "await-boom");
                this.#stepMs = mayGo ? this.#stepMs + elapsedMs : 0;
                return this.#stepMs >= this.habit.reactionMs;
            }
            case "rest":
                this.#roll(this.frontAtM, 1, elapsedMs);
                this.#stepMs += elapsedMs;
                return this.#stepMs >= step.ms;
        }
    }

    #locate(place: Place): number {
        if (place === "stop-line") return this.#geometry.stopLineAtM + this.lorry.stopErrorM;
        if (place === "exit") return this.#geometry.leavesAtM + this.shape.lengthM + 1;
        if (place === "turn-out") return this.#geometry.turnOutAtM;
        return place.frontAtM;
    }

    #boomLimitM(view: RoadView): number {
        const heeds = this.habit.heedsBoom && !view.isBoomUpright && this.frontAtM < 0;
        return heeds ? -BOOM_MARGIN_M : Number.POSITIVE_INFINITY;
    }

    /** Moves towards the target and brakes to stand there; true once it stands. */
    #roll(targetM: number, sign: 1 | -1, elapsedMs: number): boolean {
        const seconds = elapsedMs / 1000;
        const leftM = (targetM - this.frontAtM) * sign;
        const paceMps = sign > 0 ? this.habit.paceMps : this.habit.paceMps / 2;
        const allowedMps = leftM <= 0 ? 0 : Math.min(paceMps, Math.sqrt(2 * this.habit.brakeMps2 * leftM));
        const wantedMps = Math.min(this.#speedMps + this.habit.accelMps2 * seconds, allowedMps);
        this.#speedMps = Math.max(wantedMps, this.#speedMps - HARD_BRAKE_MPS2 * seconds);
        this.frontAtM += sign * this.#speedMps * seconds;
        if ((targetM - this.frontAtM) * sign > ARRIVED_M || this.#speedMps > ARRIVED_MPS) return false;
        this.#speedMps = 0;
        return true;
    }
}
