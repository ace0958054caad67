/** Forgets what the site may no longer keep: photographs by age and size, old facts that the central system has. Each deletion is a fact. */
import { type FactDraft, factOf } from "../core/fact/fact.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Log } from "./log.ts";

/** First soon after the start, then hourly: limits are in days. */
const FIRST_MS = 60_000;
const PERIOD_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Between two batches, so that lanes are not held up by deleting. */
const PAUSE_MS = 200;

export interface RetentionParts {
    readonly journalDaysMax: number;
    readonly clock: Clock;
    readonly log: Log;
    /** A clock that runs ahead would delete everything: nothing is deleted while this is false. */
    readonly isClockTrusted: () => boolean;
    readonly pruneEvidence: (nowUtcMs: number) => Promise<readonly { readonly bytes: number }[]>;
    readonly pruneJournal: (beforeUtcMs: number) => {
        readonly facts: number;
        readonly inputs: number;
        readonly isDone: boolean;
    };
    readonly remember: (facts: readonly FactDraft[]) => void;
}

export class Retention {
    readonly #parts: RetentionParts;
    #cancel: Cancel = () => {};
    #isStopped = false;

    constructor(parts: RetentionParts) {
        this.#parts = parts;
    }

    start(): void {
        this.#plan(FIRST_MS);
    }

    stop(): void {
        this.#isStopped = true;
        this.#cancel();
    }

    /** One round; never rejects: what could not be deleted now is deleted in the next round. */
    async run(): Promise<void> {
        const { clock, log, isClockTrusted } = this.#parts;
        if (!isClockTrusted()) return;
        try {
            await this.#forgetPictures(clock.utcMs());
            await this.#forgetFacts(clock.utcMs() - this.#parts.journalDaysMax * DAY_MS);
        } catch (error) {
            log.warn({ error: String(error) }, "retention: not everything could be deleted, tried again in an hour");
        }
    }

    #plan(delayMs: number): void {
        this.#cancel = this.#parts.clock.after(delayMs, () => {
            void this.run().then(() => {
                if (!this.#isStopped) this.#plan(PERIOD_MS);
            });
        });
    }

    async #forgetPictures(nowUtcMs: number): Promise<void> {
        const gone = await this.#parts.pruneEvidence(nowUtcMs);
        if (gone.length === 0) return;
        const bytes = gone.reduce((sum, picture) => sum + picture.bytes, 0);
        this.#parts.remember([factOf("evidence.deleted", { pictures: gone.length, bytes })]);
    }

    async #forgetFacts(beforeUtcMs: number): Promise<void> {
        let facts = 0;
        for (let isDone = false; !isDone && !this.#isStopped; ) {
            const pruned = this.#parts.pruneJournal(beforeUtcMs);
            facts += pruned.facts;
            isDone = pruned.isDone;
            if (!isDone) await this.#parts.clock.sleep(PAUSE_MS);
        }
        if (facts > 0) this.#parts.remember([factOf("journal.pruned", { facts, beforeUtcMs })]);
    }
}
