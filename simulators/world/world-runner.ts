/**
 * Lets the world follow the machine's clock: real time times speed, in fixed steps.
 * A late timer is made up for; after a long stop of the process the world goes on from where it was instead of racing.
 */
import type { Cancel, Clock } from "./clock.ts";
import type { World } from "./world.ts";

const TICK_MS = 5;
/** Real time made up for at most in one go. */
const CATCH_UP_MS_MAX = 500;

interface RunnerOptions {
    readonly world: World;
    readonly clock: Clock;
    readonly speed: number;
    readonly stepMs: number;
    /** Called once, when the last lorry has left. The devices keep running. */
    readonly onFinished: () => void;
}

export class WorldRunner {
    readonly #options: RunnerOptions;
    readonly #stop: Cancel;
    #lastRealMs: number;
    #owedMs = 0;
    #isFinished = false;

    /** Runs from now on until `stop`. */
    constructor(options: RunnerOptions) {
        this.#options = options;
        this.#lastRealMs = options.clock.monotonicMs();
        this.#stop = options.clock.every(TICK_MS, () => this.#tick());
    }

    stop(): void {
        this.#stop();
    }

    #tick(): void {
        const { world, clock, speed, stepMs } = this.#options;
        const realMs = clock.monotonicMs();
        this.#owedMs += Math.min(CATCH_UP_MS_MAX, realMs - this.#lastRealMs) * speed;
        this.#lastRealMs = realMs;
        for (; this.#owedMs >= stepMs; this.#owedMs -= stepMs) world.advance(stepMs, realMs);
        if (world.isOver && !this.#isFinished) {
            this.#isFinished = true;
            this.#options.onFinished();
        }
    }
}
