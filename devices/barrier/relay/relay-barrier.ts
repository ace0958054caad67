/**
 * A barrier whose controller takes OPEN and CLOSE as momentary contacts from two relays.
 * The two are never on together, and never one right after the other; a raise goes before everything else.
 */
import type { Barrier, BarrierOrder } from "../../../src/ports/barrier.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { DeviceFault, type DeviceHealth, type FaultCode } from "../../../src/ports/device-health.ts";
import type { DigitalIo } from "../../../src/ports/digital-io.ts";

export interface Relay {
    readonly io: DigitalIo;
    readonly output: number;
}

export interface RelayBarrierPlan {
    readonly id: string;
    /** May be on two modules. */
    readonly open: Relay;
    readonly close: Relay;
    /** Controllers want 500 to 1000 ms [U]. */
    readonly pulseMs: number;
    /** From the end of one relay's pulse to the start of the other's. Default 500 [U]. */
    readonly gapMsMin?: number;
    /** The same before an OPEN that cut a CLOSE short; default `gapMsMin`. Less only where the controller's maker says so [U]. */
    readonly raiseGapMsMin?: number;
    /** Older read-backs prove nothing. Default 500, ten polls. */
    readonly imageAgeMsMax?: number;
    readonly clock: Clock;
}

interface Job {
    readonly order: BarrierOrder;
    readonly promise: Promise<void>;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
}

/** How often the read-back is looked at while an order waits; below one poll of a module. */
const LOOK_MS = 20;
/** How much longer than its pulse a relay may be seen on before it counts as stuck [U]. */
const STUCK_MARGIN_MS = 600;

export class RelayBarrier implements Barrier {
    readonly id: string;
    readonly #relays: Readonly<Record<BarrierOrder, Relay>>;
    readonly #pulseMs: number;
    readonly #gapMsMin: Readonly<Record<BarrierOrder, number>>;
    readonly #imageAgeMsMax: number;
    readonly #clock: Clock;
    /** Until when each relay was on, or may be: Infinity after a cut until it is read back off. Pulses before the start count. */
    readonly #onMs: Record<BarrierOrder, number>;
    readonly #wasSeenOn: Record<BarrierOrder, boolean> = { raise: false, lower: false };
    #waiting: Job | undefined;
    #pulsing: Job | undefined;
    #work: Promise<void> = Promise.resolve();
    #isWorking = false;
    #isStopped = false;
    #fault: DeviceFault | undefined;
    #failures = 0;
    #wake: () => void = () => undefined;

    constructor(plan: RelayBarrierPlan) {
        this.id = plan.id;
        this.#relays = { raise: plan.open, lower: plan.close };
        this.#pulseMs = plan.pulseMs;
        const gapMsMin = plan.gapMsMin ?? 500;
        this.#gapMsMin = { raise: plan.raiseGapMsMin ?? gapMsMin, lower: gapMsMin };
        this.#imageAgeMsMax = plan.imageAgeMsMax ?? 500;
        this.#clock = plan.clock;
        const pulsedBeforeMs = plan.clock.monotonicMs() + plan.pulseMs;
        this.#onMs = { raise: pulsedBeforeMs, lower: pulsedBeforeMs };
    }

    /**
     * The same order during its own pulse is that pulse. A later order takes the place of one that waits, and a raise that
     * of a running CLOSE pulse too: the relay is switched off, read back off, and after the gap OPEN is pulsed. The promise
     * of an order that lost its place rejects with `NOT_APPLIED`; health does not count that as a failure.
     */
    order(order: BarrierOrder): Promise<void> {
        if (this.#isStopped) return Promise.reject(this.#faultOf("NOT_CONNECTED", "is stopped"));
        if (this.#pulsing?.order === order) {
            this.#replace(this.#waiting);
            return this.#pulsing.promise;
        }
        if (this.#waiting?.order === order) return this.#waiting.promise;
        this.#replace(this.#waiting);
        if (order === "raise" && this.#pulsing !== undefined) {
            this.#replace(this.#pulsing);
            this.#onMs.lower = Number.POSITIVE_INFINITY;
        }
        const job = newJob(order);
        this.#waiting = job;
        this.#wake();
        if (!this.#isWorking) this.#work = this.#serve();
        return job.promise;
    }

    health(): DeviceHealth {
        const common = { device: this.id, failures: this.#failures };
        const fault = this.#fault;
        if (fault !== undefined) return { ...common, state: "failed", code: fault.code, detail: fault.message };
        const modules = [this.#relays.raise.io.health(), this.#relays.lower.io.health()];
        const worst =
            modules.find(({ state }) => state === "failed") ?? modules.find(({ state }) => state === "starting");
        return { ...(worst ?? { state: "well" }), ...common };
    }

    /** Ends a pulse that is under way and takes no more orders; never moves the arm. */
    async stop(): Promise<void> {
        this.#isStopped = true;
        const stopped = this.#faultOf("NOT_CONNECTED", "is stopped");
        const pulsing = this.#pulsing;
        this.#waiting?.reject(stopped);
        pulsing?.reject(stopped);
        this.#waiting = undefined;
        this.#pulsing = undefined;
        this.#wake();
        await this.#work;
        if (pulsing !== undefined) await this.#release(pulsing.order).catch(() => undefined);
    }

    async #serve(): Promise<void> {
        this.#isWorking = true;
        for (let job = this.#waiting; job !== undefined; job = this.#waiting) {
            try {
                if (await this.#isReady(job)) await this.#pulse(job);
            } catch (error) {
                if (this.#waiting === job) this.#waiting = undefined;
                if (this.#pulsing === job) this.#pulsing = undefined;
                job.reject(this.#blame(error));
            }
        }
        this.#isWorking = false;
    }

    /** Waits until the order's relay may be pulsed; false when another order took its place. Throws `DeviceFault`. */
    async #isReady(job: Job): Promise<boolean> {
        const opposite = job.order === "raise" ? "lower" : "raise";
        const gapMs = this.#gapMsMin[job.order];
        const patienceEndMs = this.#clock.monotonicMs() + this.#pulseMs + STUCK_MARGIN_MS + gapMs;
        while (this.#waiting === job) {
            const nowMs = this.#clock.monotonicMs();
            const isOwnOn = this.#isOn(job.order, nowMs);
            const isOppositeOn = this.#isOn(opposite, nowMs) || this.#onMs[opposite] > nowMs;
            const waitMs = isOwnOn || isOppositeOn ? LOOK_MS : this.#onMs[opposite] + gapMs - nowMs;
            if (waitMs <= 0) return true;
            if (nowMs >= patienceEndMs) {
                throw this.#faultOf(
                    "NOT_APPLIED",
                    `the ${isOwnOn ? "own" : "opposite"} relay stays on: check relay and module`,
                );
            }
            if (job.order === "raise" && isOppositeOn) await this.#release(opposite);
            else await this.#pause(Math.min(waitMs, LOOK_MS));
        }
        return false;
    }

    /** Pulses the order's relay and stays with it until it is seen off, or until a raise or a stop takes over. */
    async #pulse(job: Job): Promise<void> {
        this.#waiting = undefined;
        this.#pulsing = job;
        const { io, output } = this.#relays[job.order];
        const end: { outcome?: "seen" | Error } = {};
        const settle = (outcome: "seen" | Error): void => {
            end.outcome = outcome;
            this.#wake();
        };
        io.pulse(output, this.#pulseMs).then(() => settle("seen"), settle);
        while (end.outcome === undefined && this.#pulsing === job) await this.#pause(LOOK_MS);
        if (this.#pulsing !== job) return;
        const seenMs = this.#clock.monotonicMs();
        this.#onMs[job.order] = seenMs + this.#pulseMs;
        if (end.outcome !== "seen") throw end.outcome;
        this.#fault = undefined;
        job.resolve();
        while (this.#pulsing === job && !this.#isSeenOffSince(job.order, seenMs)) {
            if (this.#clock.monotonicMs() >= seenMs + this.#pulseMs + STUCK_MARGIN_MS) {
                throw this.#faultOf(
                    "NOT_APPLIED",
                    "the relay is not seen off after its pulse: check relay, module and pulse width",
                );
            }
            await this.#pause(LOOK_MS);
        }
        if (this.#pulsing !== job) return;
        this.#pulsing = undefined;
        this.#onMs[job.order] = this.#clock.monotonicMs();
    }

    async #release(order: BarrierOrder): Promise<void> {
        const { io, output } = this.#relays[order];
        await io.set(output, false);
        this.#onMs[order] = this.#clock.monotonicMs();
    }

    /** Looks, and remembers until when: a relay seen off may have been on until this very look. */
    #isOn(order: BarrierOrder, nowMs: number): boolean {
        const isOn = this.#isSeenOn(order);
        if (isOn || this.#wasSeenOn[order]) this.#onMs[order] = Math.max(this.#onMs[order], nowMs);
        this.#wasSeenOn[order] = isOn;
        return isOn;
    }

    /** Throws where the read-back is missing or old: silence is not proof that a relay is off. */
    #isSeenOn(order: BarrierOrder): boolean {
        const { io, output } = this.#relays[order];
        const image = io.image();
        if (image === undefined || this.#clock.monotonicMs() - image.atMs > this.#imageAgeMsMax) {
            const { code, detail } = io.health();
            const why = detail === undefined ? "" : ` (${detail})`;
            throw this.#faultOf(code ?? "NO_REPLY", `no fresh read-back of the relays from ${io.id}${why}`);
        }
        return image.outputs[output] !== false;
    }

    #isSeenOffSince(order: BarrierOrder, sinceMs: number): boolean {
        const { io, output } = this.#relays[order];
        const image = io.image();
        return image !== undefined && image.atMs >= sinceMs && image.outputs[output] === false;
    }

    #replace(job: Job | undefined): void {
        if (job === undefined) return;
        if (this.#waiting === job) this.#waiting = undefined;
        if (this.#pulsing === job) this.#pulsing = undefined;
        job.reject(this.#faultOf("NOT_APPLIED", `a later order took the place of "${job.order}"`));
    }

    async #pause(durationMs: number): Promise<void> {
        await new Promise<void>((resolve) => {
            const cancel = this.#clock.after(durationMs, resolve);
            this.#wake = () => {
                cancel();
                resolve();
            };
        });
        this.#wake = () => undefined;
    }

    #blame(error: unknown): DeviceFault {
        const fault = error instanceof DeviceFault ? error : this.#faultOf("NOT_APPLIED", String(error));
        this.#fault = fault;
        this.#failures++;
        return fault;
    }

    #faultOf(code: FaultCode, message: string): DeviceFault {
        return new DeviceFault(this.id, code, message);
    }
}

function newJob(order: BarrierOrder): Job {
    let settle: Pick<Job, "resolve" | "reject"> | undefined;
    const promise = new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
    });
    promise.catch(() => undefined); // a job that nobody waits for any more may fail quietly; health tells
    return { order, promise, resolve: () => settle?.resolve(), reject: (error) => settle?.reject(error) };
}
