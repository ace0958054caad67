/** One order about the queue to a running daemon, and what it says. */
import type { QueueOrder } from "../../runtime/control-protocol.ts";
import { askOnce, ControlFailure } from "../control-client.ts";
import { CommandFailure, EXIT } from "../outcome.ts";

/** Resolves when it is done. Throws `CommandFailure` when it is refused, or nobody is there to do it. */
export async function orderQueue(controlSocket: string, order: QueueOrder): Promise<void> {
    const answer = await askOnce(controlSocket, { ask: "order-queue", order }).catch((error: unknown) => {
        throw error instanceof ControlFailure ? new CommandFailure(EXIT.failed, error.message) : error;
    });
    if (answer.is === "done") return;
    const why = answer.is === "refused" ? `${answer.code}: ${answer.message}` : "the daemon answered something else";
    throw new CommandFailure(EXIT.failed, `refused: ${why}`);
}
