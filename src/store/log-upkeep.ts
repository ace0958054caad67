/**
 * A thread that moves the journal's write-ahead log into the file. SQLite would do so inside one commit in many, which then
 * waits for several flushes of the disk; here that commit is a lane's.
 */
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { checkpoint, LOCK_WAIT_MS, openAgain } from "./database.ts";

/** Commits between two calls: some hundred pages, a few milliseconds of work for the disk. */
const COMMITS = 100;

export class LogUpkeep {
    readonly #worker: Worker;
    #commits = 0;
    #isWell = true;

    /** `file` exists and has its schema. */
    constructor(folder: string, file: string) {
        this.#worker = new Worker(new URL(import.meta.url), { workerData: join(folder, file) });
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
        if (this.#commits < COMMITS || !this.#isWell) return;
        this.#commits = 0;
        this.#worker.postMessage("checkpoint");
    }

    async close(): Promise<void> {
        if (!this.#isWell) return;
        const ended = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
        this.#worker.postMessage("close");
        await ended;
    }
}

if (!isMainThread && typeof workerData === "string") {
    const db = openAgain(workerData, LOCK_WAIT_MS.background);
    parentPort?.on("message", (order: "checkpoint" | "close") => {
        if (order === "checkpoint") {
            try {
                checkpoint(db);
            } catch {
                // A disk that refuses this refuses the commits too: the lanes' thread tells of it, with its code.
            }
            return;
        }
        db.close();
        parentPort?.close();
    });
}
