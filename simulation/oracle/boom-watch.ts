/** Watches one lane's relays and boom as they really are: never both relays, never one right after the other, never without an order. */

import { RELAY } from "../../simulators/world/lane-wiring.ts";
import type { BarrierOrder } from "../../src/ports/barrier.ts";
import type { LaneRemains } from "../daemon-life.ts";
import type { Invariant } from "./violation.ts";

/** A pulse may follow its order so much later: the wait for the other relay, its gap, slow answers. */
const PULSE_AFTER_ORDER_MS = 6_000;
/** A mended relay may still have a pulse to end. */
const AFTER_REPAIR_MS = 5_000;
/** Relays are looked at every step of the world. */
const STEP_MS = 25;

export class BoomWatch {
    readonly #lane: LaneRemains;
    readonly #note: (invariant: Invariant, detail: string) => void;
    readonly #orderedMs: Record<BarrierOrder, number> = { raise: -Infinity, lower: -Infinity };
    readonly #offMs: Record<BarrierOrder, number> = { raise: -Infinity, lower: -Infinity };
    readonly #isOn: Record<BarrierOrder, boolean> = { raise: false, lower: false };
    #brokenUntilMs = -Infinity;

    constructor(lane: LaneRemains, note: (invariant: Invariant, detail: string) => void) {
        this.#lane = lane;
        this.#note = note;
    }

    ordered(order: BarrierOrder, nowMs: number): void {
        this.#orderedMs[order] = nowMs;
    }

    /** Milliseconds since this order was last given; Infinity when never. */
    since(order: BarrierOrder, nowMs: number): number {
        return nowMs - this.#orderedMs[order];
    }

    step(nowMs: number): void {
        const { boom, setup } = this.#lane;
        if (boom.isAnyRelayBroken) this.#brokenUntilMs = nowMs + AFTER_REPAIR_MS;
        const isExcused = nowMs < this.#brokenUntilMs;
        this.#follow("raise", boom.terminals.coil(RELAY.open) === true, nowMs, isExcused, setup.gapMsMin);
        this.#follow("lower", boom.terminals.coil(RELAY.close) === true, nowMs, isExcused, setup.gapMsMin);
        if (this.#isOn.raise && this.#isOn.lower && !isExcused) this.#note("both-relays", "");
    }

    #follow(which: BarrierOrder, isOn: boolean, nowMs: number, isExcused: boolean, gapMsMin: number): void {
        const wasOn = this.#isOn[which];
        this.#isOn[which] = isOn;
        if (wasOn === isOn) return;
        if (!isOn) {
            this.#offMs[which] = nowMs;
            return;
        }
        if (isExcused) return;
        const other = which === "raise" ? "lower" : "raise";
        const gapMs = nowMs - this.#offMs[other];
        if (gapMs < gapMsMin - STEP_MS) this.#note("relay-gap", `${which} ${Math.round(gapMs)} ms after ${other}`);
        const ageMs = nowMs - this.#orderedMs[which];
        if (ageMs > PULSE_AFTER_ORDER_MS) this.#note("pulse-without-order", which);
    }
}
