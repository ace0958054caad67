/**
 * A driver of an I/O module without the wire's bytes: it polls, writes and reads back with the delays, silences and wrong
 * answers that `io-wire.ts` holds ready. What it promises is what `DigitalIo` promises; it belongs to one run of the daemon.
 */

import type { Random } from "../../simulators/world/random.ts";
import { DeviceFault, type DeviceHealth, type FaultCode } from "../../src/ports/device-health.ts";
import type { ContactImage, DigitalIo } from "../../src/ports/digital-io.ts";
import type { LeasedClock } from "../time/virtual-clock.ts";
import type { IoWire } from "./io-wire.ts";

/** The rhythm of the real driver. */
const POLL_MS = 50;
/** As in the site file: after this an answer counts as missing. */
const TIMEOUT_MS = 250;
/** With good answers no image grows older than this. */
const STEADY_AGE_MS = 2 * POLL_MS;
/** A good poll takes less than a step of the world. */
const POLL_ANSWER_MS = 0;
const WRITE_ANSWER_MS = [2, 20] as const;
/** As the real driver waits for a relay that was set. */
const SEEN_MS_MAX = 500;
/** Hardware pulses begin at this address; see simulators/wire/relay-module.ts. */
const PULSE_COILS = 0x10;

/** How one request to the module will go. */
interface Course {
    readonly isCarriedOut: boolean;
    readonly answerMs: number;
    /** Undefined: a good answer. */
    readonly code: FaultCode | undefined;
}

const GOOD_POLL: Course = { isCarriedOut: true, answerMs: POLL_ANSWER_MS, code: undefined };

interface Levels {
    readonly inputs: readonly boolean[];
    readonly outputs: readonly boolean[];
}

interface Poll {
    answeredMs: number;
    readonly code: FaultCode | undefined;
    readonly image: ContactImage;
}

interface Watch {
    readonly output: number;
    readonly isOn: boolean;
    readonly fromMs: number;
    readonly untilMs: number;
    readonly settle: (fault: DeviceFault | undefined) => void;
}

export class SimulatedIo implements DigitalIo {
    readonly id: string;
    readonly #wire: IoWire;
    readonly #clock: LeasedClock;
    readonly #random: Random;
    #known: Levels = { inputs: [], outputs: [] };
    /** Made anew with other levels only; its age is set, since polls by the million confirm what stands there. */
    #image: { -readonly [part in keyof ContactImage]: ContactImage[part] } | undefined;
    #poll: Poll | undefined;
    #nextPollMs = 0;
    #code: FaultCode | undefined;
    #failures = 0;
    #watches: Watch[] = [];
    #writing = 0;
    #changes = 0;

    constructor(id: string, wire: IoWire, clock: LeasedClock, random: Random) {
        this.id = id;
        this.#wire = wire;
        this.#clock = clock;
        this.#random = random;
    }

    /** Grows with everything that a reader could notice but the passing of time. */
    get changes(): number {
        return this.#changes;
    }

    /** Polls are answered in time, the newest one was, and nothing is being written or waited for. */
    get isSteady(): boolean {
        const image = this.#image;
        if (image === undefined || this.#clock.monotonicMs() - image.atMs > STEADY_AGE_MS) return false;
        const isBusy = this.#writing > 0 || this.#watches.length > 0;
        return !isBusy && this.#wire.fault.kind === "none" && this.#code === undefined;
    }

    /** It has not answered for so long, and nothing is being written or waited for: only time makes it more silent. */
    isSilentFor(silentMs: number): boolean {
        const isBusy = this.#writing > 0 || this.#watches.length > 0;
        const atMs = this.#image?.atMs ?? Number.NEGATIVE_INFINITY;
        return !isBusy && this.#code !== undefined && this.#clock.monotonicMs() - atMs > silentMs;
    }

    /** The newest image shows what is at the terminals now: another poll would bring nothing new. */
    get isUpToDate(): boolean {
        const image = this.#image;
        const levels = this.#levels();
        return image !== undefined && image.inputs === levels.inputs && image.outputs === levels.outputs;
    }

    image(): ContactImage | undefined {
        return this.#image;
    }

    health(): DeviceHealth {
        const common = { device: this.id, failures: this.#failures };
        if (this.#code === undefined) return { ...common, state: this.#image === undefined ? "starting" : "well" };
        return { ...common, state: "failed", code: this.#code, detail: "check the module, its supply and its cable" };
    }

    /** Called after every step of the world; true when a contact was seen to change. */
    look(): boolean {
        const nowMs = this.#clock.monotonicMs();
        const inputs = this.#image?.inputs;
        if (this.#poll !== undefined && this.#poll.answeredMs <= nowMs) this.#take(this.#poll);
        if (this.#poll === undefined && this.#nextPollMs <= nowMs) {
            this.#nextPollMs = nowMs + POLL_MS;
            if (!this.#isConfirmed(nowMs)) this.#startPoll(nowMs);
        }
        if (this.#watches.length > 0) this.#lookForRelays(nowMs);
        return inputs !== undefined && inputs !== this.#image?.inputs;
    }

    /** As many good polls later, all with the same answer. Only where `isSteady`. */
    leap(elapsedMs: number): void {
        this.#nextPollMs += elapsedMs;
        if (this.#image !== undefined) this.#image.atMs += elapsedMs;
        const poll = this.#poll;
        if (poll === undefined) return;
        const answeredMs = poll.answeredMs + elapsedMs;
        this.#poll = { ...poll, answeredMs, image: { ...poll.image, atMs: poll.image.atMs + elapsedMs } };
    }

    pulse(output: number, widthMs: number): Promise<void> {
        this.#changes += 1;
        const isRunning = this.#watches.some((watch) => watch.output === output);
        if (this.#image?.outputs[output] === true && this.#code === undefined && !isRunning) {
            return Promise.reject(new DeviceFault(this.id, "NOT_APPLIED", `output ${output} is on already`));
        }
        return this.#write(output, PULSE_COILS + output, true, widthMs);
    }

    set(output: number, isOn: boolean): Promise<void> {
        this.#changes += 1;
        return this.#write(output, output, isOn, SEEN_MS_MAX);
    }

    /** The usual poll: answered at once, and nothing has changed. */
    #isConfirmed(nowMs: number): boolean {
        const image = this.#image;
        const isWell = this.#wire.fault.kind === "none" && this.#code === undefined;
        if (image === undefined || !isWell || !this.isUpToDate) return false;
        image.atMs = nowMs;
        return true;
    }

    #startPoll(nowMs: number): void {
        const poll = this.#ask(nowMs);
        if (poll.answeredMs <= nowMs) this.#take(poll);
        else this.#poll = poll;
    }

    #ask(nowMs: number): Poll {
        const { answerMs, code } = this.#course(POLL_ANSWER_MS);
        const { inputs, outputs } = this.#levels();
        return { answeredMs: nowMs + answerMs, code, image: { atMs: nowMs, inputs, outputs } };
    }

    /** The levels at the terminals; the known arrays where nothing has changed, which is nearly always. */
    #levels(): Levels {
        const { terminals, relays } = this.#wire;
        const known = this.#known;
        let isSame = known.inputs.length === terminals.inputs.length && known.outputs.length === relays;
        for (let n = 0; isSame && n < known.inputs.length; n++) isSame = known.inputs[n] === terminals.inputs[n];
        for (let n = 0; isSame && n < relays; n++) isSame = known.outputs[n] === terminals.coil(n);
        if (isSame) return known;
        const outputs = Array.from({ length: relays }, (_, n) => terminals.coil(n) === true);
        const isSameIn = known.inputs.length > 0 && known.inputs.every((level, n) => level === terminals.inputs[n]);
        this.#known = { inputs: isSameIn ? known.inputs : [...terminals.inputs], outputs };
        return this.#known;
    }

    #take({ code, image }: Poll): void {
        this.#poll = undefined;
        if (code !== this.#code) {
            this.#changes += 1;
            if (this.#code === undefined) this.#failures += 1;
            this.#code = code;
        }
        if (code !== undefined) return;
        if (this.#image?.inputs !== image.inputs || this.#image.outputs !== image.outputs) this.#changes += 1;
        this.#image = { ...image };
    }

    #write(output: number, address: number, isOn: boolean, seenMsMax: number): Promise<void> {
        const supersededBy = `output ${output}: a later order took its place`;
        this.#settle((watch) =>
            watch.output === output ? new DeviceFault(this.id, "NOT_APPLIED", supersededBy) : "wait",
        );
        this.#writing += 1;
        return new Promise((resolve, reject) => {
            const settle = (fault: DeviceFault | undefined): void => {
                this.#clock.stir();
                if (fault === undefined) resolve();
                else reject(fault);
            };
            const wayMs = this.#random.between(...WRITE_ANSWER_MS);
            this.#clock.after(wayMs, () => {
                const { isCarriedOut, answerMs, code } = this.#course(wayMs);
                if (isCarriedOut) this.#wire.write(output, address, isOn);
                this.#clock.after(answerMs, () => {
                    this.#writing -= 1;
                    const nowMs = this.#clock.monotonicMs();
                    if (code !== undefined) settle(new DeviceFault(this.id, code, `output ${output}: no good answer`));
                    else this.#watches.push({ output, isOn, fromMs: nowMs, untilMs: nowMs + seenMsMax, settle });
                });
            });
        });
    }

    #lookForRelays(nowMs: number): void {
        const image = this.#image;
        this.#settle(({ output, isOn, fromMs, untilMs }) => {
            if (image !== undefined && image.atMs >= fromMs && image.outputs[output] === isOn) return "seen";
            if (nowMs < untilMs) return "wait";
            return new DeviceFault(this.id, this.#code ?? "NOT_APPLIED", `output ${output} is not seen as ordered`);
        });
    }

    #settle(verdictOn: (watch: Watch) => "seen" | "wait" | DeviceFault): void {
        this.#watches = this.#watches.filter((watch) => {
            const verdict = verdictOn(watch);
            if (verdict === "wait") return true;
            watch.settle(verdict === "seen" ? undefined : verdict);
            return false;
        });
    }

    #course(usualMs: number): Course {
        const { fault } = this.#wire;
        switch (fault.kind) {
            case "none":
                return usualMs === POLL_ANSWER_MS ? GOOD_POLL : { ...GOOD_POLL, answerMs: usualMs };
            case "delay":
                return fault.ms > TIMEOUT_MS
                    ? { isCarriedOut: true, answerMs: TIMEOUT_MS, code: "NO_REPLY" }
                    : { isCarriedOut: true, answerMs: fault.ms, code: undefined };
            case "silence":
                return { isCarriedOut: false, answerMs: TIMEOUT_MS, code: "NO_REPLY" };
            case "lost-reply":
                return { isCarriedOut: true, answerMs: TIMEOUT_MS, code: "NO_REPLY" };
            case "garbage":
            case "wrong-unit":
                return { isCarriedOut: true, answerMs: usualMs, code: "BAD_REPLY" };
            case "partial": // half an answer is waited for to the end of its time
                return { isCarriedOut: true, answerMs: TIMEOUT_MS, code: "BAD_REPLY" };
            case "disconnect":
                return { isCarriedOut: false, answerMs: usualMs, code: "NOT_CONNECTED" };
            case "exception":
                return { isCarriedOut: false, answerMs: usualMs, code: "BAD_REPLY" };
        }
    }
}
