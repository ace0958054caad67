/** The way to the booking list's own thread: orders in, their outcomes out in the same order. A thread that died is started again. */
import { Worker } from "node:worker_threads";
import type { BookingListWriter, ListDelta, ListOutcome, ListSnapshot } from "../ports/booking-list.ts";
import { StoreFault } from "../ports/journal.ts";
import type { ListAnswer, ListOrder } from "./booking-list-worker.ts";

const THREAD = new URL("./booking-list-worker.ts", import.meta.url);

interface Waiting {
    readonly resolve: (answer: ListAnswer) => void;
    readonly reject: (error: Error) => void;
}

interface Thread {
    readonly worker: Worker;
    /** Who waits for an answer, in the order of the orders. */
    readonly waiting: Waiting[];
}

export class BookingWriter implements BookingListWriter {
    readonly #folder: string;
    readonly #file: URL;
    #thread: Thread | undefined;
    /** Settles when the last order given has been answered. */
    #lastOrder: Promise<unknown> = Promise.resolve();

    /** `folder`: the site's state folder. The thread, a file that takes `ListOrder`s, starts with the first order. */
    constructor(folder: string, thread = THREAD) {
        this.#folder = folder;
        this.#file = thread;
    }

    begin(): void {
        this.#tell({ kind: "begin" });
    }

    /** Where the thread died in between, the new one lacks the parts before: the hash then says so. */
    stage(text: string): void {
        this.#tell({ kind: "part", text });
    }

    async replace(snapshot: ListSnapshot): Promise<ListOutcome> {
        return outcomeOf(await this.#ask({ kind: "replace", ...snapshot }));
    }

    async change(delta: ListDelta): Promise<ListOutcome> {
        return outcomeOf(await this.#ask({ kind: "change", ...delta }));
    }

    /** After the orders already given. */
    async close(): Promise<void> {
        await this.#lastOrder;
        if (this.#thread !== undefined) await this.#ask({ kind: "close" });
        this.#thread = undefined;
    }

    #tell(order: ListOrder): void {
        this.#living().worker.postMessage(order);
    }

    /** Rejects when the thread ends without an answer. */
    #ask(order: ListOrder): Promise<ListAnswer> {
        const { worker, waiting } = this.#living();
        const answer = new Promise<ListAnswer>((resolve, reject) => waiting.push({ resolve, reject }));
        this.#lastOrder = answer.catch(() => undefined);
        worker.postMessage(order);
        return answer;
    }

    #living(): Thread {
        if (this.#thread !== undefined) return this.#thread;
        const thread: Thread = { worker: new Worker(this.#file, { workerData: this.#folder }), waiting: [] };
        const end = (error: Error): void => {
            if (this.#thread === thread) this.#thread = undefined;
            for (const { reject } of thread.waiting.splice(0)) reject(error);
        };
        thread.worker
            .on("message", (answer: ListAnswer) => thread.waiting.shift()?.resolve(answer))
            .on("error", end)
            .on("exit", () => end(new Error("the booking list's thread ended without an answer")));
        this.#thread = thread;
        return thread;
    }
}

function outcomeOf(answer: ListAnswer): ListOutcome {
    if (answer.is === "outcome") return answer.outcome;
    if (answer.is === "fault" && answer.code !== undefined) throw new StoreFault(answer.code, answer.message);
    throw new Error(answer.is === "fault" ? answer.message : "the booking list's thread gave no outcome");
}
