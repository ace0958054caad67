/**
 * Exhaustive choice: runs the same play again and again until every combination of choices that it really asked for has been
 * taken. What a play never asks for costs nothing, and provably does not matter to it.
 */

export class Choices {
    readonly #path: { taken: number; readonly of: number }[] = [];
    #depth = 0;

    /** One of `of` possibilities, counted from 0; the same question in the same place gets the next answer in a later run. */
    pick(of: number): number {
        let choice = this.#path[this.#depth];
        if (choice === undefined) {
            choice = { taken: 0, of };
            this.#path.push(choice);
        }
        this.#depth += 1;
        return choice.taken;
    }

    /** Goes on to the next combination; false when there is none. Choices not asked for in this run are not combined. */
    next(): boolean {
        this.#path.length = this.#depth;
        this.#depth = 0;
        for (let last = this.#path.at(-1); last !== undefined; last = this.#path.at(-1)) {
            last.taken += 1;
            if (last.taken < last.of) return true;
            this.#path.pop();
        }
        return false;
    }
}
