/** What the bus remembers of one unit: how it answers, and until when it is left alone. */
import type { DeviceFault } from "../ports/device-health.ts";
import { type BackOff, backOffMs } from "./back-off.ts";

/** Counts since the start. `requests` are those sent; `meanRoundTripMs` is over all replies, exceptions included. */
export interface UnitStatistics {
    readonly unit: number;
    readonly requests: number;
    readonly replies: number;
    readonly timeouts: number;
    readonly exceptions: number;
    readonly badReplies: number;
    readonly lastRoundTripMs?: number;
    readonly meanRoundTripMs?: number;
}

export class ModbusUnitRecord {
    readonly unit: number;
    #requests = 0;
    #replies = 0;
    #timeouts = 0;
    #exceptions = 0;
    #badReplies = 0;
    #lastRoundTripMs: number | undefined;
    #roundTripMsTotal = 0;
    #failuresInRow = 0;
    #restUntilMs = 0;
    #fault: DeviceFault | undefined;

    constructor(unit: number) {
        this.unit = unit;
    }

    /** Why the unit is being left alone at this moment. */
    resting(nowMs: number): DeviceFault | undefined {
        return nowMs < this.#restUntilMs ? this.#fault : undefined;
    }

    sent(): void {
        this.#requests++;
    }

    /** A reply in good form came, be it an exception. */
    replied(roundTripMs: number, isException: boolean): void {
        this.#replies++;
        if (isException) this.#exceptions++;
        this.#lastRoundTripMs = roundTripMs;
        this.#roundTripMsTotal += roundTripMs;
        this.#failuresInRow = 0;
        this.#fault = undefined;
    }

    /** `fault` is `NO_REPLY` or `BAD_REPLY`; `backOff` says how long the unit is left alone for it. */
    failed(fault: DeviceFault, nowMs: number, backOff: BackOff): void {
        if (fault.code === "NO_REPLY") this.#timeouts++;
        else this.#badReplies++;
        this.#fault = fault;
        this.#failuresInRow++;
        this.#restUntilMs = nowMs + backOffMs(this.#failuresInRow, backOff);
    }

    statistics(): UnitStatistics {
        return {
            unit: this.unit,
            requests: this.#requests,
            replies: this.#replies,
            timeouts: this.#timeouts,
            exceptions: this.#exceptions,
            badReplies: this.#badReplies,
            ...(this.#lastRoundTripMs === undefined
                ? {}
                : {
                      lastRoundTripMs: this.#lastRoundTripMs,
                      meanRoundTripMs: this.#roundTripMsTotal / this.#replies,
                  }),
        };
    }
}
