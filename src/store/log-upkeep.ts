/**
 * Moves a file's write-ahead log into the file, little by little, in a thread of its own. SQLite would do so inside one
 * commit in many, which then waits for several flushes of the disk; in the journal that commit is a lane's.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { UpkeepOrder } from "./log-upkeep-worker.ts";

export class LogUpkeep {
    readonly #worker: Worker;
    readonly #commitsMax: number;
    #commits = 0;
    #isWell = true;

    /** `file` exists and has its schema. After so many commits the log is moved: some hundred pages, little for the disk at once. */
    constructor(folder: string, file: string, commitsMax: number) {
        this.#commitsMax = commitsMax;
        this.#worker = new Worker(new URL("./log-upkeep-worker.ts", import.meta.url), {
            workerData: join(folder, file),
        });
        // Without the thread the commits do the work again, later and more at a time: LOG_PAGES_MAX.
        const stop = (): void => {
            this.#isWell = false;
        };
        this.#worker.on("error", stop).on("exit", stop);
        this.#worker.unref();
    }

    /** A transaction has been committed. */
    committed(): void {
        this.#commits += 1;
        if (this.#commits < this.#commitsMax) return;
        this.#commits = 0;
        this.#order("checkpoint");
    }

    async close(): Promise<void> {
        if (!this.#isWell) return;
        // Nothing else may hold the process any more, and its end must still be waited for.
        this.#worker.ref();
        const ended = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
        this.#order("close");
        await ended;
    }

    #order(order: UpkeepOrder): void {
        if (this.#isWell) this.#worker.postMessage(order);
    }
}
