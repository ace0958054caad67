/** Times and bounds of the CarGoRuqsat adapter; the interface's documentation names none, so each is a choice of ours. */
import type { BackOff } from "../back-off.ts";

export interface CgrLimits {
    /** A call without a complete reply for so long has failed, and nobody knows whether it was taken. */
    readonly callMsMax: number;
    /** Least time between two reports of one point. */
    readonly pauseMs: number;
    /** After a report that was not taken. */
    readonly retry: BackOff;
    /** After a registration that was not accepted, or a token that did not hold: long, since only a person can help. */
    readonly registration: BackOff;
    /** Refusals of one report before others are tried, to learn whether the report or the server is to blame. */
    readonly refusalsMax: number;
    /** Longer replies are not read to their end. */
    readonly replyBytesMax: number;
    /** How long the end of the daemon waits for a call that is under way. */
    readonly farewellMs: number;
}

export const CGR_LIMITS: Omit<CgrLimits, "callMsMax" | "pauseMs"> = {
    retry: { firstMs: 2_000, longestMs: 300_000 },
    registration: { firstMs: 30_000, longestMs: 3_600_000 },
    refusalsMax: 3,
    replyBytesMax: 8 << 20,
    farewellMs: 3_000,
};
