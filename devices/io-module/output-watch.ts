/**
 * Waits for relays to be seen as they were ordered, in images asked for after the order was accepted.
 * Accepted is not applied: an order counts when the module's own read-back shows it.
 */
import type { Cancel, Clock } from "../../src/ports/clock.ts";
import type { ContactImage } from "../../src/ports/digital-io.ts";

/** How an order ended: seen; not seen in time; or a later order on the same relay took its place. */
export type Sighting = "seen" | "unseen" | "superseded";

interface Awaited {
    readonly isOn: boolean;
    readonly sinceMs: number;
    readonly settle: (sighting: Sighting) => void;
}

export class OutputWatch {
    readonly #clock: Clock;
    readonly #awaited = new Map<number, Awaited>();

    constructor(clock: Clock) {
        this.#clock = clock;
    }

    /** Resolves when an image not older than this call shows `output` as `isOn`, or after `withinMs`. Never rejects. */
    await(output: number, isOn: boolean, withinMs: number): Promise<Sighting> {
        this.supersede(output);
        return new Promise((resolve) => {
            let cancel: Cancel = () => undefined;
            const awaited: Awaited = {
                isOn,
                sinceMs: this.#clock.monotonicMs(),
                settle: (sighting) => {
                    cancel();
                    if (this.#awaited.get(output) === awaited) this.#awaited.delete(output);
                    resolve(sighting);
                },
            };
            cancel = this.#clock.after(Math.max(0, withinMs), () => awaited.settle("unseen"));
            this.#awaited.set(output, awaited);
        });
    }

    look(image: ContactImage): void {
        for (const [output, { isOn, sinceMs, settle }] of [...this.#awaited]) {
            if (image.atMs >= sinceMs && image.outputs[output] === isOn) settle("seen");
        }
    }

    supersede(output: number): void {
        this.#awaited.get(output)?.settle("superseded");
    }

    supersedeAll(): void {
        for (const output of [...this.#awaited.keys()]) this.supersede(output);
    }
}
