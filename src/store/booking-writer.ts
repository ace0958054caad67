/** The way to the booking list's own thread: orders in, one outcome each out. A thread that died is started again. */
import { Worker } from "node:worker_threads";
import type { BookingListWriter, ListDelta, ListOutcome, ListSnapshot } from "../ports/booking-list.ts";
import { StoreFault } from "../ports/journal.ts";
import type { ListAnswer, ListOrder } from "./booking-list-worker.ts";

const THREAD = new URL("./booking-list-worker.ts", import.meta.url);

export class BookingWriter implements BookingListWriter {
    readonly #folder: string;
    readonly #thread: URL;
    #worker: Worker | undefined;
    /** Settles when the last order given has been answered; one order is out at a time. */
    #lastOrder: Promise<unknown> = Promise.resolve();

    /** `folder`: the site's state folder. The thread, a file that takes `ListOrder`s, starts with the first order. */
    constructor(folder: string, thread = THREAD) {
        this.#folder = folder;
        this.#thread = thread;
    }

    replace({ version, hash, parts }: ListSnapshot): Promise<ListOutcome> {
        return this.#inTurn(async (worker) => {
            await ask(worker, { kind: "begin" });
            for (const bytes of parts) await ask(worker, { kind: "part", bytes });
            return outcomeOf(await ask(worker, { kind: "replace", version, hash }));
        });
    }

    change(delta: ListDelta): Promise<ListOutcome> {
        return this.#inTurn(async (worker) => outcomeOf(await ask(worker, { kind: "change", ...delta })));
    }

    /** After the orders already given. */
    async close(): Promise<void> {
        await this.#lastOrder;
        if (this.#worker !== undefined) await ask(this.#worker, { kind: "close" });
        this.#worker = undefined;
    }

    #inTurn(give: (worker: Worker) => Promise<ListOutcome>): Promise<ListOutcome> {
        const outcome = this.#lastOrder.then(() => give(this.#livingWorker()));
        this.#lastOrder = outcome.catch(() => undefined);
        return outcome;
    }

    #livingWorker(): Worker {
        if (this.#worker !== undefined) return this.#worker;
        const worker = new Worker(this.#thread, { workerData: this.#folder });
        const forget = (): void => {
            if (this.#worker === worker) this.#worker = undefined;
        };
        worker.on("error", forget).on("exit", forget);
        this.#worker = worker;
        return worker;
    }
}

function outcomeOf(answer: ListAnswer): ListOutcome {
    if (answer.is === "outcome") return answer.outcome;
    if (answer.is === "fault" && answer.code !== undefined) throw new StoreFault(answer.code, answer.message);
    throw new Error(answer.is === "fault" ? answer.message : "the booking list's thread gave no outcome");
}

/** Rejects when the thread ends without an answer. */
function ask(worker: Worker, order: ListOrder): Promise<ListAnswer> {
    return new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
            worker.off("message", onMessage).off("error", onError).off("exit", onExit);
            act();
        };
        const onMessage = (answer: ListAnswer): void => settle(() => resolve(answer));
        const onError = (error: Error): void => settle(() => reject(error));
        const onExit = (): void => settle(() => reject(new Error("the booking list's thread ended without an answer")));
        worker.on("message", onMessage).on("error", onError).on("exit", onExit);
        worker.postMessage(order);
    });
}
