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
    /** Replies that came after their time and were thrown away; each of them is among `timeouts` or `badReplies`, too. */
    readonly lateReplies: number;
    readonly lastRoundTripMs?: number;
    readonly meanRoundTripMs?: number;
}

/** A reply that did not come in time and may still come until `untilMs`. */
export interface OwedReply {
    readonly sentMs: number;
    readonly untilMs: number;
    readonly fault: DeviceFault;
}

export class ModbusUnitRecord {
    readonly unit: number;
    #requests = 0;
    #replies = 0;
    #timeouts = 0;
    #exceptions = 0;
    #badReplies = 0;
    #lateReplies = 0;
    #lastRoundTripMs: number | undefined;
    #roundTripMsTotal = 0;
    #failuresInRow = 0;
    #restUntilMs = 0;
    #fault: DeviceFault | undefined;
    /** By function: the question that was asked in vain. */
    readonly #owed = new Map<number, OwedReply>();
    #isSlow = false;

    constructor(unit: number) {
        this.unit = unit;
    }

    /** Why it is left alone; present from a failure to the next reply. */
    get fault(): DeviceFault | undefined {
        return this.#fault;
    }

    /** Its last reply came, and came late: another one is likely to. */
    get isSlow(): boolean {
        return this.#isSlow;
    }

    /** Why the unit may not be asked this function at this moment. */
    refusal(functionCode: number, nowMs: number): DeviceFault | undefined {
        if (nowMs < this.#restUntilMs) return this.#fault;
        const owed = this.#owed.get(functionCode);
        return owed !== undefined && nowMs < owed.untilMs ? owed.fault : undefined;
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
        this.#isSlow = false;
    }

    /** `fault` is `NO_REPLY` or `BAD_REPLY`; `backOff` says how long the unit is left alone for it. */
    failed(fault: DeviceFault, nowMs: number, backOff: BackOff): void {
        if (fault.code === "NO_REPLY") this.#timeouts++;
        else this.#badReplies++;
        this.#fault = fault;
        this.#failuresInRow++;
        this.#restUntilMs = nowMs + backOffMs(this.#failuresInRow, backOff);
        this.#isSlow = false;
    }

    /** The same function is not to be asked again before the reply to it has come or cannot come any more. */
    owes(functionCode: number, reply: OwedReply): void {
        this.#owed.set(functionCode, reply);
    }

    /** An owed reply came. While the unit rests, `fault` takes the place of the time-out's. */
    cameLate(functionCode: number, fault: (owed: OwedReply) => DeviceFault): void {
        const owed = this.#owed.get(functionCode);
        if (owed === undefined) return;
        this.#owed.delete(functionCode);
        this.#lateReplies++;
        this.#isSlow = true;
        if (this.#fault !== undefined) this.#fault = fault(owed);
    }

    statistics(): UnitStatistics {
        return {
            unit: this.unit,
            requests: this.#requests,
            replies: this.#replies,
            timeouts: this.#timeouts,
            exceptions: this.#exceptions,
            badReplies: this.#badReplies,
            lateReplies: this.#lateReplies,
            ...(this.#lastRoundTripMs === undefined
                ? {}
                : {
                      lastRoundTripMs: this.#lastRoundTripMs,
                      meanRoundTripMs: this.#roundTripMsTotal / this.#replies,
                  }),
        };
    }
}
