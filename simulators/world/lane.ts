/**
 * One lane of the checkpoint: road, lorries, loops, photocell, barrier and lamps, wired to an I/O module.
 * The module is the only way in for whoever controls the lane; the events are the eyewitness's account.
 */
import type { Lorry } from "../scenarios/lorry.ts";
import { RelayModule } from "../wire/relay-module.ts";
import { type ArmFault, SimulatedArm } from "./arm.ts";
import { BarrierController } from "./barrier-controller.ts";
import type { LaneGeometry } from "./lane-geometry.ts";
import { CONTACT, RELAY } from "./lane-wiring.ts";
import { covers } from "./lorry-shape.ts";
import { type PasserBy, type PasserByEvent, PassersBy } from "./passer-by.ts";
import type { Random } from "./random.ts";
import { RoadSensors, type SensorFault, type SensorName } from "./road-sensors.ts";
import type { SceneLorry } from "./scene-view.ts";
import { type Instant, Traffic, type TrafficNews, type Visit } from "./traffic.ts";
import type { LaneCounts } from "./truth.ts";
import { type PlatformPlan, type ScaleTrick, WeighingPlatform } from "./weighing-platform.ts";
import { type BoomMotion, type OpenedBy, type WorldEvent, witness } from "./world-event.ts";

interface LaneOptions {
    readonly id: string;
    readonly geometry: LaneGeometry;
    readonly armTravelMs: number;
    readonly pulseMs: number;
    readonly random: Random;
    readonly lorries: readonly Lorry[];
    readonly tell: (event: WorldEvent) => void;
    readonly passersBy: readonly PasserBy[];
    /** A scale before the boom, and the seed of what lorries weigh. */
    readonly platform?: { readonly plan: PlatformPlan; readonly seed: number };
    readonly tellOfPasserBy: (event: PasserByEvent) => void;
}

/** Where somebody has turned the key switch of the barrier to. */
export type KeyPosition = "off" | "up" | "down";

/** Below this angle the boom meets a lorry's body, 4 m high and about a metre from the post. */
const CONTACT_DEG = 70;
/** The same for somebody on foot in the middle of the lane. */
const CONTACT_ON_FOOT_DEG = 40;
/** What becomes of one step, drivers see in the next. */
const STILL_STEPS = 2;
/** Nobody steps in front of a lorry that is nearer to the boom than this. */
const STEP_OUT_M = -1.5;

export class SimulatedLane {
    readonly id: string;
    readonly module: RelayModule;
    readonly platform: WeighingPlatform | undefined;
    /** Contacts of the beams across the platform's ends: 0 where lorries come on, 1 towards the boom. Energised while intact. */
    readonly beams: RelayModule;
    readonly #arm: SimulatedArm;
    readonly #controller = new BarrierController();
    readonly #sensors: RoadSensors;
    readonly #traffic: Traffic;
    readonly #passersBy: PassersBy;
    readonly #options: LaneOptions;
    readonly #touching = new Set<Visit>();
    readonly #loweredOn = new Set<Visit>();
    #openedForNobody = 0;
    #lowersOnVehicle = 0;
    #wasUpright = false;
    #openedBy: OpenedBy = "open-relay";
    #key: KeyPosition = "off";
    #isSinkingByKey = false;
    #isStruckOnFoot = false;
    #quietSteps = 0;
    /** `nextAtMs` as it was when the lane became still. */
    #stillUntilMs = 0;
    /** As the drivers last saw the lamp. */
    #isGreen = false;
    #now: Instant = { atMs: 0, realMs: 0 };

    constructor(options: LaneOptions) {
        this.#options = options;
        this.id = options.id;
        this.module = new RelayModule(options.pulseMs);
        this.beams = new RelayModule(options.pulseMs);
        this.platform = options.platform && new WeighingPlatform(options.platform.plan, options.platform.seed);
        this.#arm = new SimulatedArm(options.random, options.armTravelMs);
        this.#sensors = new RoadSensors(options.geometry);
        this.#traffic = new Traffic(options.lorries, options.geometry, (news, visit) => this.#relate(news, visit));
        this.#passersBy = new PassersBy(options.passersBy);
        this.#energiseContacts();
    }

    get isOver(): boolean {
        return this.#traffic.isOver && this.#passersBy.isOver;
    }

    /** Nothing moves or is about to: until `nextAtMs`, or until somebody outside acts, time alone changes nothing. */
    get isStill(): boolean {
        return (
            this.#quietSteps >= STILL_STEPS &&
            !this.#isAnythingAsked() &&
            this.#isGreen === (this.module.coil(RELAY.green) === true)
        );
    }

    /** World time at which somebody wants to come or has waited long enough; Infinity when that will not be. */
    get nextAtMs(): number {
        return Math.min(this.#traffic.nextAtMs, this.#passersBy.nextAtMs);
    }

    /** Truth: any part of a vehicle, drawbar included, or somebody on foot is beneath the boom. */
    get isSomethingUnderBoom(): boolean {
        return this.#passersBy.isUnderBoom || this.#traffic.visits.some(({ driven }) => driven.isUnderBoom);
    }

    /** Who is in the lane and has no business there. */
    get passerBy(): PasserBy | undefined {
        return this.#passersBy.present;
    }

    get armAngleDeg(): number {
        return this.#arm.angleDeg;
    }

    get counts(): LaneCounts {
        const { safetyReversals, closesRefused, pulses } = this.#controller;
        return {
            openedForNobody: this.#openedForNobody,
            safetyReversals,
            closesRefused,
            lowersOnVehicle: this.#lowersOnVehicle,
            openPulses: pulses.open,
            closePulses: pulses.close,
        };
    }

    advance(elapsedMs: number, now: Instant): void {
        this.#now = now;
        if (this.isStill && now.atMs < this.#stillUntilMs) return;
        this.module.advance(elapsedMs);
        const isGreen = this.module.coil(RELAY.green) === true;
        this.#isGreen = isGreen;
        this.#letPassersBy(now.atMs);
        const { freeToM } = this.#passersBy;
        this.#traffic.advance(elapsedMs, now, { isBoomUpright: this.#arm.isUpright, isGreen, freeToM });
        this.#sensors.advance(this.#traffic.visits.map((visit) => visit.driven));
        this.platform?.advance(
            elapsedMs,
            this.#traffic.visits.map((visit) => visit.driven),
        );
        this.#driveArm(elapsedMs);
        this.#watchBoom();
        this.#energiseContacts();
        const isQuiet =
            this.#traffic.isStanding &&
            this.#passersBy.present === undefined &&
            this.#arm.drive === "off" &&
            this.#arm.fault.kind !== "bounce" &&
            this.platform?.isStill !== false &&
            !this.#isAnythingAsked();
        this.#quietSteps = isQuiet ? this.#quietSteps + 1 : 0;
        if (this.#quietSteps === STILL_STEPS) this.#stillUntilMs = this.nextAtMs;
    }

    armFault(fault: ArmFault): void {
        this.#arm.fault = fault;
        this.#quietSteps = 0;
    }

    sensorFault(sensor: SensorName, fault: SensorFault): void {
        this.#sensors.fault(sensor, fault);
        this.#quietSteps = 0;
    }

    /** False where there is no scale. */
    scaleTrick(trick: ScaleTrick): boolean {
        this.platform?.trick(trick);
        this.#quietSteps = 0;
        return this.platform !== undefined;
    }

    /** Somebody drives the boom with its key, past all electronics but the barrier's own safety chain. */
    turnKey(position: KeyPosition): void {
        this.#key = position;
        this.#quietSteps = 0;
    }

    /** The officer sends this lorry back; false when it is not before the boom of this lane. */
    waveAway(lorry: number): boolean {
        const visit = this.#traffic.visits.find(({ driven }) => driven.lorry.number === lorry && driven.frontAtM <= 0);
        visit?.driven.turnBack();
        this.#quietSteps = 0;
        return visit !== undefined;
    }

    scene(): SceneLorry[] {
        return this.#traffic.visits.map(({ driven }) => {
            const { number, plate, trailerPlates, look } = driven.lorry;
            const trailerPlate = trailerPlates[0];
            return {
                id: number,
                frontAtM: driven.frontAtM,
                ...look,
                plate,
                ...(trailerPlate === undefined ? {} : { trailerPlate }),
            };
        });
    }

    #isAnythingAsked(): boolean {
        return this.#key !== "off" || this.module.coil(RELAY.open) === true || this.module.coil(RELAY.close) === true;
    }

    #letPassersBy(worldMs: number): void {
        const isRoadFree = this.#traffic.visits.every(({ driven }) => driven.frontAtM < STEP_OUT_M);
        const who = this.#passersBy.present;
        const did = this.#passersBy.advance(worldMs, isRoadFree);
        if (did === undefined) return;
        this.#passersBy.show(this.#sensors);
        this.#tellOfPasserBy(did, who ?? this.#passersBy.present);
        this.#isStruckOnFoot = false;
    }

    #tellOfPasserBy(is: PasserByEvent["is"], who: PasserBy | undefined): void {
        if (who === undefined) return;
        this.#options.tellOfPasserBy({
            is,
            kind: who.kind,
            lane: this.id,
            atMs: this.#now.atMs,
            boom: this.#motion,
        });
    }

    #driveArm(elapsedMs: number): void {
        const { outputs } = this.#sensors;
        const isOpenAsked = this.module.coil(RELAY.open) === true || this.#key === "up";
        const isCloseAsked = this.module.coil(RELAY.close) === true;
        if (isCloseAsked || this.#key === "down") this.#isSinkingByKey = !isCloseAsked;
        this.#arm.isObstructed = this.#touching.size > 0;
        const reversalsBefore = this.#controller.safetyReversals;
        this.#arm.drive = this.#controller.advance({
            open: isOpenAsked,
            close: isCloseAsked || this.#key === "down",
            isSafe: outputs.photocell && !outputs.boomLoop,
            isForced: this.#arm.isObstructed,
            isUpright: this.#arm.isUpright,
            isDown: this.#arm.isDown,
        });
        if (isOpenAsked) this.#openedBy = this.#key === "up" ? "key" : "open-relay";
        else if (this.#controller.safetyReversals > reversalsBefore) this.#openedBy = "safety-chain";
        this.#arm.advance(elapsedMs);
    }

    /** Compares boom and lorries as they really are. */
    #watchBoom(): void {
        const isSinking = this.#arm.drive === "down";
        if (!isSinking) this.#loweredOn.clear();
        for (const visit of this.#traffic.visits) {
            const { driven } = visit;
            if (isSinking && driven.isUnderBoom && !this.#loweredOn.has(visit)) {
                this.#loweredOn.add(visit);
                this.#lowersOnVehicle++;
            }
            const touches = this.#arm.angleDeg < CONTACT_DEG && covers(driven.shape.body, driven.frontAtM, 0, 0, 0);
            if (!touches) this.#touching.delete(visit);
            else if (!this.#touching.has(visit)) {
                this.#touching.add(visit);
                this.#options.tell({ ...this.#witness(visit), is: "struck", boom: this.#motion });
            }
        }
        if (isSinking && this.#passersBy.isUnderBoom && this.#arm.angleDeg < CONTACT_ON_FOOT_DEG && !this.#arm.isDown) {
            if (!this.#isStruckOnFoot) this.#tellOfPasserBy("struck", this.#passersBy.present);
            this.#isStruckOnFoot = true;
        }
        if (this.#arm.isUpright && !this.#wasUpright) this.#noteOpened();
        this.#wasUpright = this.#arm.isUpright;
    }

    get #motion(): BoomMotion {
        if (this.#arm.drive !== "down") return "not-sinking";
        return this.#isSinkingByKey ? "sinking-by-key" : "sinking-by-relay";
    }

    #noteOpened(): void {
        const first = this.#traffic.first;
        if (first === undefined) {
            this.#openedForNobody++;
            return;
        }
        const { atMs, realMs } = first.stoppedAt ?? this.#now;
        this.#options.tell({
            ...this.#witness(first),
            is: "opened",
            by: this.#openedBy,
            stopToOpenMs: this.#now.atMs - atMs,
            stopToOpenRealMs: this.#now.realMs - realMs,
        });
    }

    #energiseContacts(): void {
        const { inputs } = this.module;
        const { outputs } = this.#sensors;
        const switches = this.#arm.switches;
        inputs[CONTACT.approachLoop] = outputs.approachLoop;
        inputs[CONTACT.boomLoop] = outputs.boomLoop;
        inputs[CONTACT.exitLoop] = outputs.exitLoop;
        inputs[CONTACT.photocell] = outputs.photocell;
        inputs[CONTACT.armOpen] = switches.open;
        inputs[CONTACT.armClosed] = switches.closed;
        const { entry = true, exit = true } = this.platform?.beams ?? {};
        this.beams.inputs[0] = entry;
        this.beams.inputs[1] = exit;
    }

    #relate(news: TrafficNews, visit: Visit): void {
        const seen = this.#witness(visit);
        if (news !== "left-through" && news !== "left-turned-out") {
            this.#options.tell({ ...seen, is: news });
            return;
        }
        this.#touching.delete(visit);
        this.#options.tell({ ...seen, is: "left", how: news === "left-through" ? "through" : "turned-out" });
    }

    #witness(visit: Visit) {
        return witness(visit.driven.lorry, { lane: this.id, ...this.#now });
    }
}
