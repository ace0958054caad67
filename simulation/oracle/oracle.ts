/**
 * Judges a run: every order against the raw contacts and reads of its tick and against what really stood under the boom.
 * It knows the world's truth and what people asked; it never asks the lane, and never calls its code.
 */

import type { PasserByEvent } from "../../simulators/world/passer-by.ts";
import type { WorldEvent } from "../../simulators/world/world-event.ts";
import type { Fact } from "../../src/core/fact/fact.ts";
import type { LaneRequest } from "../../src/core/lane/lane-image.ts";
import type { BarrierOrder } from "../../src/ports/barrier.ts";
import type { LaneRemains, LifeLane } from "../daemon-life.ts";
import { type SimulatedContact, WIRING } from "../site-plan.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";
import { Authority } from "./authority.ts";
import type { BookedPlates } from "./booked-plates.ts";
import { BoomWatch } from "./boom-watch.ts";
import { type Invariant, Violations } from "./violation.ts";

/** What must be seen clear before a boom comes down (EN 12453, and the exit loop for high beds). */
const CLEAR_SENSORS = [
    "boomLoop",
    "photocell1",
    "photocell2",
    "exitLoop",
] as const satisfies readonly SimulatedContact[];
const UNDER_BOOM = ["boomLoop", "photocell1"] as const satisfies readonly SimulatedContact[];
/** The other boom of a lock that has been asked to rise counts as open, although it has not moved yet. */
const RISING_MS = 3_000;
/** A command reaches its lane within this, or it is void. */
const COMMAND_MS = 25_000;

interface Watched {
    readonly remains: LaneRemains;
    readonly authority: Authority;
    readonly boom: BoomWatch;
    /** In this run of the daemon. */
    hasStarted: boolean;
    hasCauseToLower: boolean;
    /** The emergency button was seen pressed before this tick, and nothing has risen for it yet. */
    isRaiseDue: boolean;
    commandMs: number;
    /** Number of the lorry that stands at the stop line, or was the last to. */
    lorry: number | undefined;
}

/** Of an accepted weight from the truth: the display's step twice, and what a swinging lorry may be out. */
const WEIGHED_WRONG_KG = 100;

export class Oracle {
    readonly violations = new Violations();
    /** Opened for a lorry without a valid booking because its plate was read as a booked one: clones, sure misreads. */
    deceived = 0;
    wrongOpens = 0;
    readonly #lanes: ReadonlyMap<string, Watched>;
    readonly #booked: BookedPlates;
    readonly #clock: VirtualClock;

    constructor(lanes: readonly LaneRemains[], booked: BookedPlates, clock: VirtualClock) {
        this.#booked = booked;
        this.#clock = clock;
        this.#lanes = new Map(
            lanes.map((remains) => {
                const id = remains.setup.plan.id;
                const boom = new BoomWatch(remains, (invariant, detail) => this.note(invariant, id, detail));
                return [
                    id,
                    { remains, authority: new Authority(), boom, ...fresh(), commandMs: -Infinity, lorry: undefined },
                ];
            }),
        );
    }

    note(invariant: Invariant, lane?: string, detail?: string): void {
        this.violations.note({
            invariant,
            atMs: this.#clock.worldMs(),
            ...(lane === undefined ? {} : { lane }),
            ...(detail === undefined || detail === "" ? {} : { detail }),
        });
    }

    /** A run of the daemon begins; what the last one knew is gone. */
    restart(): void {
        for (const watched of this.#lanes.values()) {
            watched.authority.restart();
            Object.assign(watched, fresh());
        }
    }

    /** A command of the central system leaves; a spoilt one gives nobody a right to anything. */
    command(lane: unknown, isSpoilt: boolean): void {
        const watched = this.#lanes.get(String(lane));
        if (watched !== undefined && !isSpoilt) watched.commandMs = this.#clock.worldMs();
    }

    request(lane: string, { asks, by }: LaneRequest): void {
        const watched = this.#lanes.get(lane);
        if (watched === undefined) return;
        if (by.kind === "central" && this.#clock.worldMs() - watched.commandMs > COMMAND_MS) {
            this.note("flawed-command-obeyed", lane, asks);
            return;
        }
        if (asks === "accept" || asks === "open" || asks === "hold-open") {
            watched.authority.grantByPerson(this.#clock.worldMs());
        }
        if (asks === "close") watched.hasCauseToLower = true;
    }

    /** Before a tick of this lane: what it is about to be shown. */
    tick(lane: LifeLane, listVersion: () => number): void {
        const watched = this.#of(lane);
        watched.authority.look(lane, this.#clock.worldMs(), this.#booked, listVersion);
        if (lane.runner.plan.contacts.includes("emergency") && this.#isActive(lane, "emergency")) {
            if (!watched.authority.isEmergency) watched.isRaiseDue = true;
            watched.authority.isEmergency = true;
        }
        if (UNDER_BOOM.some((name) => this.#isActive(lane, name))) {
            watched.hasCauseToLower = true;
        }
    }

    /** After all lanes had their tick. */
    endTick(): void {
        for (const [id, watched] of this.#lanes) {
            if (!watched.isRaiseDue) continue;
            watched.isRaiseDue = false;
            this.note("emergency-late", id);
        }
    }

    order(lane: LifeLane, order: BarrierOrder): void {
        const watched = this.#of(lane);
        const id = lane.runner.plan.id;
        const nowMs = this.#clock.worldMs();
        const cause = watched.authority.order(order, nowMs, lane);
        // An emergency takes up a lane that has not seen where its boom is yet.
        if (cause === "emergency") watched.hasStarted = true;
        if (!watched.hasStarted) this.note("moved-by-restart", id, order);
        if (order === "lower") this.#judgeLower(lane, watched);
        else {
            watched.isRaiseDue = false;
            watched.hasCauseToLower = true;
            if (cause === "none") {
                this.wrongOpens += 1;
                this.note("opened-without-authority", id);
            }
            if (cause !== "emergency" && cause !== "take-back") this.#judgeLock(watched, id, nowMs);
        }
        watched.boom.ordered(order, nowMs);
    }

    /** After every step of the world. */
    step(): void {
        for (const { boom } of this.#lanes.values()) boom.step(this.#clock.worldMs());
    }

    event(event: WorldEvent): void {
        const watched = this.#lanes.get(event.lane);
        if (watched !== undefined && event.is === "stopped") watched.lorry = event.lorry;
        if (event.is === "struck" && event.boom === "sinking-by-relay") this.note("boom-struck", event.lane);
        if (event.is !== "opened" || event.by !== "open-relay" || event.booked === "valid") return;
        if (this.#lanes.get(event.lane)?.authority.lastCause === "read") this.deceived += 1;
    }

    passerBy({ is, boom, lane, kind }: PasserByEvent): void {
        if (is === "struck" && boom === "sinking-by-relay") this.note("boom-struck", lane, kind);
    }

    durable(facts: readonly Fact[]): void {
        for (const { kind, lane, data } of facts) {
            const watched = this.#lanes.get(lane ?? "");
            if (watched === undefined) continue;
            if (kind === "weighing.completed" && data["problem"] === null) this.#judgeWeight(watched, data["grossKg"]);
            if (kind === "lane.started") watched.hasStarted = true;
            if (kind === "emergency.reset") watched.authority.isEmergency = false;
        }
    }

    /**
     * A weight that is believed is the whole weight of the lorry there, whatever people tried. Less than any lorry weighs goes before an
     * officer, as does an empty platform behind a loop that is stuck.
     */
    #judgeWeight({ remains, lorry }: Watched, grossKg: unknown): void {
        if (Number(grossKg) < remains.setup.plan.policy.grossKgMin) return;
        const trueKg = lorry === undefined ? undefined : remains.lane.platform?.grossKgOf(lorry);
        const isRight = trueKg !== undefined && Math.abs(Number(grossKg) - trueKg) <= WEIGHED_WRONG_KG;
        if (!isRight) this.note("weighed-wrong", remains.setup.plan.id, `${String(grossKg)} kg, in truth ${trueKg}`);
    }

    #judgeLower(lane: LifeLane, watched: Watched): void {
        const { plan } = lane.runner;
        const unproven = CLEAR_SENSORS.filter(
            (name) => plan.contacts.includes(name) && !this.#isProvenClear(lane, name),
        );
        if (unproven.length > 0) this.note("lowered-unproven", plan.id, unproven.join(" "));
        if (watched.remains.lane.isSomethingUnderBoom) this.note("lowered-on-vehicle", plan.id);
        if (watched.authority.isEmergency) this.note("lowered-in-emergency", plan.id);
        if (!watched.hasCauseToLower) this.note("moved-by-restart", plan.id, "lowered what it had not seen used");
    }

    #judgeLock({ remains }: Watched, id: string, nowMs: number): void {
        const other = this.#lanes.get(remains.setup.plan.interlockedWith ?? "");
        if (other === undefined) return;
        const isDown = other.remains.lane.armAngleDeg < 1;
        const isAsked = other.boom.since("raise", nowMs) < Math.min(RISING_MS, other.boom.since("lower", nowMs));
        if (!isDown || isAsked) this.note("interlock", id, isDown ? "the other was asked to rise" : "the other is up");
    }

    #of(lane: LifeLane): Watched {
        const watched = this.#lanes.get(lane.runner.plan.id);
        if (watched === undefined) throw new Error(`the oracle does not know lane "${lane.runner.plan.id}"`);
        return watched;
    }

    /** Fresh and active, by the raw image. */
    #isActive(lane: LifeLane, name: SimulatedContact): boolean {
        const reading = this.#reading(lane, name);
        return reading?.isFresh === true && reading.isActive;
    }

    #isProvenClear(lane: LifeLane, name: SimulatedContact): boolean {
        const reading = this.#reading(lane, name);
        return reading?.isFresh === true && !reading.isActive;
    }

    #reading(lane: LifeLane, name: SimulatedContact): { isActive: boolean; isFresh: boolean } | undefined {
        const { module, input, isActiveWhenOn } = WIRING[name];
        const io = module === "boom" ? lane.boomIo : lane.panelIo;
        const image = io.image();
        const level = image?.inputs[input];
        if (image === undefined || level === undefined) return undefined;
        const ageMs = this.#clock.monotonicMs() - image.atMs;
        return { isActive: level === isActiveWhenOn, isFresh: ageMs <= lane.runner.plan.limits.readingAgeMsMax };
    }
}

function fresh(): Pick<Watched, "hasStarted" | "hasCauseToLower" | "isRaiseDue"> {
    return { hasStarted: false, hasCauseToLower: false, isRaiseDue: false };
}
