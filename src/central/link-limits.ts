/** Bounds and times of the link, with the values that hold where the configuration says nothing. */
import type { CommandLimits } from "./command-intake.ts";
import type { ListSyncLimits } from "./list-sync.ts";
import type { ConnectionLimits } from "./mqtt-connection.ts";
import type { DrainLimits } from "./outbox-drain.ts";

export interface LinkLimits {
    readonly connection: ConnectionLimits;
    readonly drain: DrainLimits;
    readonly lists: ListSyncLimits;
    readonly commands: CommandLimits;
    /** Between two `status` messages. */
    readonly statusMs: number;
}

export const LINK_LIMITS: LinkLimits = {
    connection: {
        keepaliveS: 20,
        connectMsMax: 10_000,
        sessionExpiryS: 3_600,
        willDelayS: 5,
        // One snapshot part: parsing it holds the lanes' thread for a few milliseconds.
        incomingBytesMax: 256 << 10,
        backOff: { firstMs: 1_000, longestMs: 60_000 },
    },
    drain: {
        inFlightMax: 256,
        // Mosquitto keeps 1,000 messages for a client that is away and drops the rest without a word.
        unconfirmedMax: 900,
        eventBytesMax: 128 << 10,
        silentMsMax: 30_000,
        backOff: { firstMs: 1_000, longestMs: 60_000 },
    },
    lists: {
        askMs: 30_000,
        troubleBackOff: { firstMs: 2_000, longestMs: 120_000 },
        partMsMax: 30_000,
        listBytesMax: 64 << 20,
        waitingMax: 100,
    },
    commands: { lifetimeMsMax: 60_000, skewMsMax: 2_000, runningMax: 16, answerMsMax: 15_000 },
    statusMs: 60_000,
};
