/** Ends this process with SIGKILL after a while, from another thread, so that the first may be anywhere in its work. */
import { Worker } from "node:worker_threads";

const WAIT_AND_KILL = `
    const { workerData } = require("node:worker_threads");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workerData);
    process.kill(process.pid, "SIGKILL");
`;

/** Resolves when the other thread has begun to wait. */
export function dieAfter(delayMs: number): Promise<void> {
    const killer = new Worker(WAIT_AND_KILL, { eval: true, workerData: delayMs });
    return new Promise((resolve) => killer.once("online", () => resolve()));
}
