/**
 * By whose word a boom may rise: kept per lane from what people asked, what the cameras read and what the emergency button
 * showed. Never asks the lane why it did it.
 */

import { REGISTRY_STATUS } from "../../simulators/scenarios/wire-booking.ts";
import type { BarrierOrder } from "../../src/ports/barrier.ts";
import type { LifeLane } from "../daemon-life.ts";
import { WIRING } from "../site-plan.ts";
import type { BookedPlates } from "./booked-plates.ts";

export type Cause = "emergency" | "take-back" | "person" | "read" | "none";

/** States of a booking that let a lorry in, by the role of the lane: the queue's own rules. */
const ADMITTING: Readonly<Record<string, readonly string[]>> = {
    "waiting-area-entry": [REGISTRY_STATUS.inQueue, REGISTRY_STATUS.called],
    "waiting-area-exit": [REGISTRY_STATUS.called],
    "checkpoint-entry": [REGISTRY_STATUS.called],
    "checkpoint-exit": [REGISTRY_STATUS.entered],
};
/** From an order to the relay that is seen on, waits for the relay's gap and for slow answers included. */
const APPLYING_MS = 5_000;
const GONE_MS = 2_000;

export class Authority {
    /** Pressed and not yet reset by a named officer, as far as this run of the daemon can know. */
    isEmergency = false;
    #personMs = Number.NEGATIVE_INFINITY;
    #readMs = Number.NEGATIVE_INFINITY;
    #thereSinceMs: number | undefined;
    #goneSinceMs: number | undefined;
    #loweredMs: number | undefined;
    #lastCause: Cause = "none";

    /** The newest raise was for this. */
    get lastCause(): Cause {
        return this.#lastCause;
    }

    /** A new run of the daemon knows nothing of the last one's orders and latches. */
    restart(): void {
        this.isEmergency = false;
        this.#loweredMs = undefined;
    }

    grantByPerson(nowMs: number): void {
        this.#personMs = nowMs;
    }

    /** What contacts and cameras tell before a tick. `version`: of the list that is in force on the box. */
    look(lane: LifeLane, nowMs: number, booked: BookedPlates, version: () => number): void {
        if (levelOf(lane, "limitClosed") === true) this.#loweredMs = undefined;
        if (levelOf(lane, "limitOpen") === true) this.#personMs = Number.NEGATIVE_INFINITY;
        const isThere = levelOf(lane, "approachLoop");
        if (isThere === undefined) return;
        this.#follow(isThere, nowMs);
        const sinceMs = this.#thereSinceMs;
        const reads = lane.camera.reads();
        if (sinceMs === undefined || reads.length === 0) return;
        const { policy, role } = lane.runner.plan;
        const isGood = reads.some(
            (read) =>
                read.confidence >= policy.confidenceMin &&
                read.agreeing >= policy.framesMin &&
                read.lastSeenMs >= sinceMs &&
                booked.has(read.text, version(), ADMITTING[role] ?? []),
        );
        if (isGood) this.#readMs = nowMs;
    }

    /** A read is good for the vehicle that was read; when the loop has been clear for a while, it has gone. */
    #follow(isThere: boolean, nowMs: number): void {
        if (isThere) {
            this.#thereSinceMs ??= nowMs;
            this.#goneSinceMs = undefined;
            return;
        }
        this.#goneSinceMs ??= nowMs;
        if (nowMs - this.#goneSinceMs < GONE_MS) return;
        this.#thereSinceMs = undefined;
        this.#readMs = Number.NEGATIVE_INFINITY;
    }

    order(order: BarrierOrder, nowMs: number, { runner }: LifeLane): Cause {
        if (order === "lower") {
            this.#loweredMs = nowMs;
            return "none";
        }
        const { interlockMsMax, orderRetryMs, orderTriesMax, travelMsMax } = runner.plan.limits;
        const givingMs = interlockMsMax + orderTriesMax * (orderRetryMs + APPLYING_MS);
        const closingMs = travelMsMax + orderTriesMax * (orderRetryMs + APPLYING_MS);
        const isRecent = (sinceMs: number | undefined, ageMsMax: number): boolean =>
            sinceMs !== undefined && nowMs - sinceMs <= ageMsMax;
        this.#lastCause = this.isEmergency
            ? "emergency"
            : isRecent(this.#loweredMs, closingMs)
              ? "take-back"
              : isRecent(this.#personMs, givingMs)
                ? "person"
                : isRecent(this.#readMs, givingMs)
                  ? "read"
                  : "none";
        return this.#lastCause;
    }
}

/** The contact as the wire last told it, however old; undefined before the first answer. */
function levelOf({ boomIo }: LifeLane, name: "limitOpen" | "limitClosed" | "approachLoop"): boolean | undefined {
    const { input, isActiveWhenOn } = WIRING[name];
    const level = boomIo.image()?.inputs[input];
    return level === undefined ? undefined : level === isActiveWhenOn;
}
