/**
 * Contact bounce taken out of input levels. A change is told at once and then stands for a while: nothing is told late, and a
 * contact that chatters without end shows as changing again and again instead of seeming to stand still.
 */
export class Debouncer {
    readonly #holdMs: number;
    #levels: readonly { readonly isOn: boolean; readonly untilMs: number }[] = [];

    #lookAgainMs: number | undefined;

    constructor(holdMs: number) {
        this.#holdMs = holdMs;
    }

    /** When to look again, at the latest: a line has changed back and may not be told of yet. */
    get lookAgainMs(): number | undefined {
        return this.#lookAgainMs;
    }

    /** The levels to go by at `nowMs` when the lines show `seen`. */
    settle(seen: readonly boolean[], nowMs: number): readonly boolean[] {
        this.#lookAgainMs = undefined;
        this.#levels = seen.map((isOn, input) => {
            const told = this.#levels[input];
            if (told === undefined) return { isOn, untilMs: Number.NEGATIVE_INFINITY };
            if (told.isOn === isOn) return told;
            if (nowMs < told.untilMs) {
                this.#lookAgainMs = Math.min(this.#lookAgainMs ?? told.untilMs, told.untilMs);
                return told;
            }
            return { isOn, untilMs: nowMs + this.#holdMs };
        });
        return this.#levels.map(({ isOn }) => isOn);
    }

    /** What is seen next is told as it is. */
    forget(): void {
        this.#levels = [];
    }
}
