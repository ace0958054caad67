/** Waiting for something to become true: looked at again whenever something happened, and never by sleeping. */

interface Waiter {
    readonly look: () => boolean;
    readonly resolve: () => void;
}

const DEADLINE_MS = 25_000;

export class Condition {
    #waiters: Waiter[] = [];

    /** Something happened. */
    poke(): void {
        const [met, unmet] = [this.#waiters.filter(({ look }) => look()), this.#waiters.filter(({ look }) => !look())];
        this.#waiters = unmet;
        for (const { resolve } of met) resolve();
    }

    /** Resolves as soon as `look` is true; rejects after `deadlineMs` with what was waited for. */
    async until(what: string, look: () => boolean, deadlineMs: number = DEADLINE_MS): Promise<void> {
        if (look()) return;
        await new Promise<void>((resolve, reject) => {
            const late = setTimeout(() => reject(new Error(`waited in vain until ${what}`)), deadlineMs);
            const done = (): void => {
                clearTimeout(late);
                resolve();
            };
            this.#waiters.push({ look, resolve: done });
        });
    }
}
