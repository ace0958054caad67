/** Follows the lorries that have every right to pass and mean to: did they get through, and how long did they stand. */

import type { Lorry } from "../../simulators/scenarios/lorry.ts";
import type { DriverHabitName } from "../../simulators/world/driver-habit.ts";
import type { WorldEvent } from "../../simulators/world/world-event.ts";

const WILLING: ReadonlySet<DriverHabitName> = new Set(["normal", "slow", "stays-under-boom"]);
/** Standing longer than this at the boom counts as delayed: an officer's look takes most of it. */
const DELAYED_MS = 120_000;

export class HonestLorries {
    readonly #waiting = new Set<number>();
    readonly #stoppedMs = new Map<number, number>();
    #delayed = 0;

    constructor(lorries: readonly Lorry[]) {
        for (const { number, booked, driver } of lorries) {
            if (booked === "valid" && WILLING.has(driver)) this.#waiting.add(number);
        }
    }

    note({ is, lorry, atMs }: WorldEvent): void {
        if (!this.#waiting.has(lorry)) return;
        if (is === "stopped") this.#stoppedMs.set(lorry, atMs);
        if (is === "entered" && atMs - (this.#stoppedMs.get(lorry) ?? atMs) > DELAYED_MS) this.#delayed += 1;
        if (is === "passed") this.#waiting.delete(lorry);
    }

    get delayed(): number {
        return this.#delayed;
    }

    /** Numbers of those that did not get through. */
    get notThrough(): readonly number[] {
        return [...this.#waiting];
    }
}
