/**
 * The thread that writes the booking list, so that a long import never holds up the lanes. It takes one order after the
 * other; each `replace`, `change` and `close` is answered with one message.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { ListDelta, ListOutcome, ListSnapshot } from "../ports/booking-list.ts";
import { StoreFault, type StoreFaultCode } from "../ports/journal.ts";
import { BookingListUpdate } from "./booking-list-update.ts";
import { BOOKINGS_FILE, openBookingDatabase } from "./booking-schema.ts";
import { LOCK_WAIT_MS, LOG_PAGES_MAX, type OpenDatabase } from "./database.ts";
import { LogUpkeep } from "./log-upkeep.ts";

export type ListOrder =
    | { readonly kind: "begin" }
    | { readonly kind: "part"; readonly text: string }
    | ({ readonly kind: "replace" } & ListSnapshot)
    | ({ readonly kind: "change" } & ListDelta)
    | { readonly kind: "close" };

export type ListAnswer =
    | { readonly is: "outcome"; readonly outcome: ListOutcome }
    | { readonly is: "fault"; readonly code: StoreFaultCode | undefined; readonly message: string }
    | { readonly is: "done" };

const port = parentPort;
if (port === null) throw new Error("booking-list-worker.ts is a worker thread's file; booking-writer.ts starts it");

/** Parts and changes between two moves of the log into the file, some ten megabytes: each move waits for the disk, which the list needs. */
const COMMITS_UNMOVED_MAX = 64;

let list: { readonly update: BookingListUpdate; readonly db: OpenDatabase; readonly upkeep: LogUpkeep } | undefined;
/** What went wrong while a list was being staged, told when it is to take effect. */
let stagingFault: unknown;

port.on("message", (order: ListOrder) => {
    if (order.kind === "begin" || order.kind === "part") {
        stage(order);
        return;
    }
    try {
        port.postMessage(answer(order));
    } catch (error) {
        const code = error instanceof StoreFault ? error.code : undefined;
        const message = error instanceof Error ? error.message : String(error);
        port.postMessage({ is: "fault", code, message } satisfies ListAnswer);
    }
    list?.upkeep.committed();
    if (order.kind === "close") void end();
});

async function end(): Promise<void> {
    await list?.upkeep.close();
    port?.close();
}

function stage(order: Extract<ListOrder, { kind: "begin" | "part" }>): void {
    try {
        if (order.kind === "begin") {
            stagingFault = undefined;
            opened().begin();
        } else if (stagingFault === undefined) opened().stage(order.text);
        list?.upkeep.committed();
    } catch (error) {
        stagingFault = error;
    }
}

function answer(order: Exclude<ListOrder, { kind: "begin" | "part" }>): ListAnswer {
    switch (order.kind) {
        case "replace": {
            const fault = stagingFault;
            stagingFault = undefined;
            if (fault !== undefined) throw fault;
            return { is: "outcome", outcome: opened().replace(order) };
        }
        case "change":
            return { is: "outcome", outcome: opened().change(order) };
        case "close":
            list?.db.close();
            return { is: "done" };
    }
}

/** Not before the first list, so that a file which cannot be opened is an answer and not the end of the thread. */
function opened(): BookingListUpdate {
    if (list === undefined) {
        const db = openBookingDatabase(String(workerData), LOCK_WAIT_MS.background);
        db.pragma("cache_size = -65536"); // 64 MiB: a list of 100,000 bookings is written once instead of twice.
        db.pragma(`wal_autocheckpoint = ${LOG_PAGES_MAX}`);
        const upkeep = new LogUpkeep(String(workerData), BOOKINGS_FILE, COMMITS_UNMOVED_MAX);
        list = { update: new BookingListUpdate(db), db, upkeep };
    }
    return list.update;
}
