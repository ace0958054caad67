/** Where and when a promise of the software was broken, in words that stay the same from release to release. */

/** Each has a line in docs/how-to/simulate.md. */
export type Invariant =
    | "boom-struck"
    | "lowered-on-vehicle"
    | "lowered-unproven"
    | "lowered-in-emergency"
    | "opened-without-authority"
    | "flawed-command-obeyed"
    | "interlock"
    | "emergency-late"
    | "moved-by-restart"
    | "both-relays"
    | "relay-gap"
    | "pulse-without-order"
    | "weighed-wrong"
    | "fact-lost"
    | "fact-doubled"
    | "chain-broken"
    | "not-settled"
    | "honest-not-through"
    | "daemon-threw";

export interface Violation {
    readonly invariant: Invariant;
    readonly atMs: number;
    readonly lane?: string;
    readonly detail?: string;
}

/** Once a lane breaks a promise it often does so every tick; one line in ten seconds is enough. */
const SAME_MS = 10_000;

export class Violations {
    readonly list: Violation[] = [];
    readonly #lastMs = new Map<string, number>();

    note(violation: Violation): void {
        const key = `${violation.invariant} ${violation.lane ?? ""}`;
        const lastMs = this.#lastMs.get(key);
        this.#lastMs.set(key, violation.atMs);
        if (lastMs === undefined || violation.atMs - lastMs >= SAME_MS) this.list.push(violation);
    }
}
