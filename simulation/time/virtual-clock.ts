/**
 * Simulated time: it stands still until the simulation moves it. Timers fire in the order of their instants, and between
 * two of them everything that a promise has set going runs to its end, so that equal seeds give equal runs.
 */
import type { Cancel, Clock } from "../../src/ports/clock.ts";

/** Uptime of the simulated machine at the start; nothing may depend on it. */
const BOOTED_MS = 3_600_000;

interface Timer {
    atMs: number;
    readonly order: number;
    readonly act: () => void;
    readonly owner: LeasedClock | undefined;
    isCancelled: boolean;
}

export class VirtualClock implements Clock {
    #nowMs = BOOTED_MS;
    #order = 0;
    #isStirred = false;
    #turns = 0;
    /** Wall minus monotonic time. */
    #wallOffsetMs: number;
    readonly #startUtcMs: number;
    readonly #timers = new TimerQueue();

    constructor(startUtcMs: number) {
        this.#startUtcMs = startUtcMs;
        this.#wallOffsetMs = startUtcMs - BOOTED_MS;
    }

    monotonicMs(): number {
        return this.#nowMs;
    }

    utcMs(): number {
        return Math.floor(this.#nowMs + this.#wallOffsetMs);
    }

    /** Time since the simulation began: the world's own. */
    worldMs(): number {
        return this.#nowMs - BOOTED_MS;
    }

    /** What the wall clock would say if nobody had touched it. */
    trueUtcMs(): number {
        return this.#startUtcMs + this.worldMs();
    }

    after(delayMs: number, act: () => void): Cancel {
        return this.schedule(delayMs, act, undefined);
    }

    every(periodMs: number, act: () => void): Cancel {
        return repeat(this, periodMs, act);
    }

    sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
        return sleepOn(this, delayMs, signal);
    }

    /** A clock that can be taken away from its user: what a process has of time. */
    lease(onThrow: (error: unknown) => void): LeasedClock {
        return new LeasedClock(this, onThrow);
    }

    /** Sets the wall clock forward or back; monotonic time does not notice. */
    stepWall(stepMs: number): void {
        this.#wallOffsetMs += stepMs;
    }

    /** Says that a promise has been made or settled, so that `advance` lets its followers run. */
    stir(): void {
        this.#isStirred = true;
    }

    /** How often something other than time has come: timers that fired, promises that were settled, whoever's they were. */
    get turns(): number {
        return this.#turns;
    }

    /** When the next timer fires; Infinity when there is none. */
    nextTimerMs(): number {
        return this.#timers.first()?.atMs ?? Number.POSITIVE_INFINITY;
    }

    /** Moves on to `toMs` and fires what is due on the way, `toMs` included. Nothing to wait for where nothing was due. */
    advance(toMs: number): Promise<void> | undefined {
        if (this.#isStirred || this.nextTimerMs() <= toMs) return this.#fireUpTo(toMs);
        this.#nowMs = toMs;
        return undefined;
    }

    async #fireUpTo(toMs: number): Promise<void> {
        if (this.#isStirred) await this.#settle();
        for (let next = this.#timers.first(); next !== undefined && next.atMs <= toMs; next = this.#timers.first()) {
            this.#timers.takeFirst();
            const heldUntilMs = next.owner?.heldUntilMs ?? 0;
            if (heldUntilMs > next.atMs) {
                next.atMs = heldUntilMs;
                this.#timers.add(next);
                continue;
            }
            this.#nowMs = Math.max(this.#nowMs, next.atMs);
            if (next.owner === undefined) next.act();
            else next.owner.run(next.act);
            await this.#settle();
        }
        this.#nowMs = toMs;
    }

    /** Passes over time in which no timer is due. */
    leap(elapsedMs: number): void {
        if (this.#nowMs + elapsedMs > this.nextTimerMs()) throw new RangeError("a timer is due within the leap");
        this.#nowMs += elapsedMs;
    }

    schedule(delayMs: number, act: () => void, owner: LeasedClock | undefined): Cancel {
        const atMs = this.#nowMs + Math.max(0, delayMs);
        const timer: Timer = { atMs, order: this.#order++, act, owner, isCancelled: false };
        this.#timers.add(timer);
        this.#isStirred = true;
        return () => {
            timer.isCancelled = true;
        };
    }

    /**
     * Lets every promise's followers run, and theirs. Node.js comes to what `nextTick` was given only when none is left, if
     * it is asked from among them.
     */
    async #settle(): Promise<void> {
        this.#isStirred = false;
        this.#turns += 1;
        await Promise.resolve();
        await new Promise<void>((resolve) => process.nextTick(resolve));
    }
}

/** Time as one process has it: it can stand still for the process (a stall) and end for ever (its death). */
export class LeasedClock implements Clock {
    /** Nothing fires before this; it fires then, late, as after a stall of the event loop. */
    heldUntilMs = 0;
    isDead = false;
    readonly #clock: VirtualClock;
    readonly #onThrow: (error: unknown) => void;

    constructor(clock: VirtualClock, onThrow: (error: unknown) => void) {
        this.#clock = clock;
        this.#onThrow = onThrow;
    }

    get turns(): number {
        return this.#clock.turns;
    }

    /** Runs a part of the process, unless it is dead; what nobody in it catches is told to whoever gave the lease. */
    run(act: () => void): void {
        if (this.isDead) return;
        try {
            act();
        } catch (error) {
            this.#onThrow(error);
        }
    }

    monotonicMs(): number {
        return this.#clock.monotonicMs();
    }

    utcMs(): number {
        return this.#clock.utcMs();
    }

    after(delayMs: number, act: () => void): Cancel {
        return this.#clock.schedule(delayMs, act, this);
    }

    every(periodMs: number, act: () => void): Cancel {
        return repeat(this, periodMs, act);
    }

    sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
        return sleepOn(this, delayMs, signal);
    }

    stir(): void {
        this.#clock.stir();
    }

    /** No timer of this process fires any more. */
    kill(): void {
        this.isDead = true;
    }
}

function repeat(clock: Clock, periodMs: number, act: () => void): Cancel {
    let cancel: Cancel = () => undefined;
    const again = (): void => {
        cancel = clock.after(periodMs, () => {
            again();
            act();
        });
    };
    again();
    return () => cancel();
}

function sleepOn(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        if (signal?.aborted) {
            reject(signal.reason);
            return;
        }
        const cancel = clock.after(delayMs, resolve);
        signal?.addEventListener(
            "abort",
            () => {
                cancel();
                reject(signal.reason);
            },
            { once: true },
        );
    });
}

/** A binary heap, earliest first; equal instants in the order in which they were asked for. */
class TimerQueue {
    readonly #heap: Timer[] = [];

    first(): Timer | undefined {
        for (let top = this.#heap[0]; top !== undefined && isOver(top); top = this.#heap[0]) this.takeFirst();
        return this.#heap[0];
    }

    add(timer: Timer): void {
        const heap = this.#heap;
        let place = heap.push(timer) - 1;
        while (place > 0) {
            const above = (place - 1) >> 1;
            const parent = heap[above];
            if (parent === undefined || isBefore(parent, timer)) break;
            heap[place] = parent;
            place = above;
        }
        heap[place] = timer;
    }

    takeFirst(): void {
        const heap = this.#heap;
        const last = heap.pop();
        if (last === undefined || heap.length === 0) return;
        let place = 0;
        for (;;) {
            const left = 2 * place + 1;
            const [one, other] = [heap[left], heap[left + 1]];
            if (one === undefined) break;
            const isOther = other !== undefined && isBefore(other, one);
            const least = isOther ? other : one;
            if (isBefore(last, least)) break;
            heap[place] = least;
            place = isOther ? left + 1 : left;
        }
        heap[place] = last;
    }
}

function isOver(timer: Timer): boolean {
    return timer.isCancelled || timer.owner?.isDead === true;
}

function isBefore(one: Timer, other: Timer): boolean {
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
