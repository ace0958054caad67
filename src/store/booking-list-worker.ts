/**
 * The thread that writes the booking list, so that a long import never holds up the lanes. It takes one order after the
 * other and answers each with one message.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { ListDelta, ListOutcome, ListSnapshot } from "../ports/booking-list.ts";
import { StoreFault, type StoreFaultCode } from "../ports/journal.ts";
import { BookingListUpdate } from "./booking-list-update.ts";
import { openBookingDatabase } from "./booking-schema.ts";
import { LOCK_WAIT_MS } from "./database.ts";

/** A snapshot comes as `begin`, its parts one by one, and `replace`: copying it at once would hold up the other thread. */
export type ListOrder =
    | { readonly kind: "begin" }
    | { readonly kind: "part"; readonly bytes: Uint8Array }
    | ({ readonly kind: "replace" } & Omit<ListSnapshot, "parts">)
    | ({ readonly kind: "change" } & ListDelta)
    | { readonly kind: "close" };

export type ListAnswer =
    | { readonly is: "outcome"; readonly outcome: ListOutcome }
    | { readonly is: "fault"; readonly code: StoreFaultCode | undefined; readonly message: string }
    | { readonly is: "done" };

const port = parentPort;
if (port === null) throw new Error("booking-list-worker.ts is a worker thread's file; booking-writer.ts starts it");

let list: { readonly update: BookingListUpdate; close(): void } | undefined;
let parts: Uint8Array[] = [];

port.on("message", (order: ListOrder) => {
    try {
        port.postMessage(answer(order));
    } catch (error) {
        const code = error instanceof StoreFault ? error.code : undefined;
        const message = error instanceof Error ? error.message : String(error);
        port.postMessage({ is: "fault", code, message } satisfies ListAnswer);
    }
    if (order.kind === "close") port.close();
});

function answer(order: ListOrder): ListAnswer {
    switch (order.kind) {
        case "begin":
            parts = [];
            return { is: "done" };
        case "part":
            parts.push(order.bytes);
            return { is: "done" };
        case "replace": {
            const snapshot = { ...order, parts };
            parts = [];
            return { is: "outcome", outcome: opened().replace(snapshot) };
        }
        case "change":
            return { is: "outcome", outcome: opened().change(order) };
        case "close":
            list?.close();
            return { is: "done" };
    }
}

/** Not before the first list, so that a file which cannot be opened is an answer and not the end of the thread. */
function opened(): BookingListUpdate {
    if (list === undefined) {
        const db = openBookingDatabase(String(workerData), LOCK_WAIT_MS.background);
        db.pragma("cache_size = -65536"); // 64 MiB: a list of 100,000 bookings is written once instead of twice.
        list = { update: new BookingListUpdate(db), close: () => db.close() };
    }
    return list.update;
}
