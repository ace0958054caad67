/** A list thread that dies at its first order, for the test of what its owner does then. */
import { parentPort } from "node:worker_threads";

parentPort?.on("message", () => {
    throw new Error("out of memory");
});
