/** Lets a bench wait for one among many messages; a wait that takes too long, or whose source has ended, fails the bench. */
import type { Clock } from "../../ports/clock.ts";
import { CommandFailure, EXIT } from "../outcome.ts";

/** A machine under any load answers sooner. */
const PATIENCE_MS = 30_000;

interface Waiting<M> {
    readonly offer: (message: M) => void;
    readonly reject: (error: Error) => void;
}

export class Hearing<M> {
    readonly #clock: Clock;
    readonly #waiting = new Set<Waiting<M>>();
    #end: Error | undefined;

    constructor(clock: Clock) {
        this.#clock = clock;
    }

    hear(message: M): void {
        for (const { offer } of this.#waiting) offer(message);
    }

    /** Nothing more will be heard: all that wait, and all that ever will, fail with this. */
    end(error: Error): void {
        this.#end ??= error;
        for (const { reject } of this.#waiting) reject(this.#end);
    }

    /** What `pick` takes from the first message that has it. Rejects with `CommandFailure`, where `what` names it. */
    next<T>(pick: (message: M) => T | undefined, what: string, patienceMs = PATIENCE_MS): Promise<T> {
        const heard = new Promise<T>((resolve, reject) => {
            if (this.#end !== undefined) return reject(this.#end);
            const stop = (): void => {
                cancel();
                this.#waiting.delete(waiting);
            };
            const waiting: Waiting<M> = {
                offer: (message) => {
                    const found = pick(message);
                    if (found === undefined) return;
                    stop();
                    resolve(found);
                },
                reject: (error) => {
                    stop();
                    reject(error);
                },
            };
            const cancel = this.#clock.after(patienceMs, () =>
                waiting.reject(new CommandFailure(EXIT.failed, `waited ${patienceMs / 1_000} s in vain for ${what}`)),
            );
            this.#waiting.add(waiting);
        });
        // Whoever waits for several things at once hears of the first failure; the others must not end the process.
        heard.catch(() => undefined);
        return heard;
    }
}
