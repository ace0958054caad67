/** Asks an indicator over and over: one question at a time, each with its time limit, and quiet after an answer that did not come. */
import type { ByteLine } from "../../src/ports/byte-line.ts";
import type { Cancel, Clock } from "../../src/ports/clock.ts";
import type { FrameCutter } from "./frame-cutter.ts";
import type { ScalePoll, ScaleWord } from "./scale-protocol.ts";

export interface PolledLinePlan {
    readonly line: ByteLine;
    readonly poll: ScalePoll;
    readonly cutter: () => FrameCutter;
    readonly clock: Clock;
    readonly periodMs: number;
    /** `atMs` is from before the first question: the weight may be younger, never older. */
    readonly tell: (word: ScaleWord, answers: Uint8Array, atMs: number) => void;
}

/** An answer longer than this is none. */
const ANSWER_BYTES_MAX = 256;

export class PolledLine {
    readonly #plan: PolledLinePlan;
    readonly #stopping = new AbortController();
    #asking: Promise<void> | undefined;
    #isGreeted = false;
    #noise = 0;
    #hear: (bytes: Uint8Array) => void = () => undefined;

    constructor(plan: PolledLinePlan) {
        this.#plan = plan;
    }

    /** Bytes that answered nothing. */
    get noise(): number {
        return this.#noise;
    }

    start(): void {
        this.#asking ??= this.#ask(this.#stopping.signal);
    }

    async stop(): Promise<void> {
        this.#stopping.abort(new Error("stopped"));
        await this.#asking;
    }

    opened(): void {
        this.#isGreeted = false;
    }

    heard(bytes: Uint8Array): void {
        this.#hear(bytes);
    }

    async #ask(signal: AbortSignal): Promise<void> {
        const { clock, periodMs, poll } = this.#plan;
        while (!signal.aborted) {
            const startedMs = clock.monotonicMs();
            const isAnswered = await this.#turn(signal, startedMs).catch(() => false);
            // What comes late must not be taken for the answer to the next question.
            if (!isAnswered) this.#isGreeted = false;
            const waitMs = isAnswered ? startedMs + periodMs - clock.monotonicMs() : 2 * poll.answerMsMax;
            await clock.sleep(Math.max(1, waitMs), signal).catch(() => undefined);
        }
    }

    /** One reading; false when an answer failed to come. */
    async #turn(signal: AbortSignal, startedMs: number): Promise<boolean> {
        const { poll, clock, tell } = this.#plan;
        const { hello } = poll;
        if (hello !== undefined && !this.#isGreeted) {
            const isHeard = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes(Buffer.from(hello.answer));
            if ((await this.#exchange(hello.ask, signal, (all) => (isHeard(all) ? all : undefined))) === undefined)
                return false;
            this.#isGreeted = true;
            await clock.sleep(hello.pauseMs, signal);
        }
        const answers: Uint8Array[] = [];
        for (const ask of poll.asks) {
            const answer = await this.#answerTo(ask, signal);
            if (answer === undefined) return false;
            answers.push(answer);
        }
        tell(poll.join(answers), Buffer.concat(answers), startedMs);
        return true;
    }

    #answerTo(ask: Uint8Array, signal: AbortSignal): Promise<Uint8Array | undefined> {
        if (this.#plan.poll.answerGapMs !== undefined) return this.#exchange(ask, signal, undefined);
        const cutter = this.#plan.cutter();
        let length = 0;
        const take = (all: Uint8Array): Uint8Array | undefined => {
            const [frame] = cutter.push(all.subarray(length));
            length = all.length;
            return frame;
        };
        return this.#exchange(ask, signal, take);
    }

    /**
     * Sends and waits until `take` finds an answer in all that was heard; without `take`, until silence follows. Undefined
     * when the time is over; rejects when the line is not open.
     */
    async #exchange(
        ask: Uint8Array,
        signal: AbortSignal,
        take: ((all: Uint8Array) => Uint8Array | undefined) | undefined,
    ): Promise<Uint8Array | undefined> {
        const { line, clock, poll } = this.#plan;
        let resolve: (answer: Uint8Array | undefined) => void = () => undefined;
        const promise = new Promise<Uint8Array | undefined>((settle) => {
            resolve = settle;
        });
        let all: Uint8Array = new Uint8Array(0);
        let endOfGap: Cancel = () => undefined;
        this.#hear = (bytes) => {
            all = Buffer.concat([all, bytes]).subarray(0, ANSWER_BYTES_MAX);
            const answer = take?.(all);
            if (answer !== undefined) return resolve(answer);
            endOfGap();
            if (take === undefined) endOfGap = clock.after(poll.answerGapMs ?? 0, () => resolve(all));
        };
        const cancel = clock.after(poll.answerMsMax, () => resolve(undefined));
        const giveUp = (): void => resolve(undefined);
        signal.addEventListener("abort", giveUp, { once: true });
        try {
            // The time limit holds for the sending too: a line must not be able to end the asking for good.
            const answer = await Promise.race([line.send(ask).then(() => promise), promise]);
            if (answer === undefined) this.#noise += all.length;
            return answer;
        } finally {
            cancel();
            endOfGap();
            signal.removeEventListener("abort", giveUp);
            this.#hear = (bytes) => {
                this.#noise += bytes.length;
            };
        }
    }
}
