/** The thread behind `log-upkeep.ts`: one connection, one kind of order. */
import { parentPort, workerData } from "node:worker_threads";
import { checkpoint, LOCK_WAIT_MS, openAgain } from "./database.ts";

export type UpkeepOrder = "checkpoint" | "close";

const port = parentPort;
if (port === null) throw new Error("log-upkeep-worker.ts is a worker thread's file; log-upkeep.ts starts it");

const db = openAgain(String(workerData), LOCK_WAIT_MS.background);

port.on("message", (order: UpkeepOrder) => {
    if (order === "close") {
        db.close();
        port.close();
        return;
    }
    try {
        checkpoint(db);
    } catch {
        // A disk that refuses this refuses the commits too: whoever makes them tells of it, with its code.
    }
});
