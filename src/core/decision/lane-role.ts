/** What a lane is for; each role admits other bookings and gives a completed passage another meaning. */

/** The four places a lane can stand at, in the order a lorry meets them. */
export const LANE_ROLES = ["waiting-area-entry", "waiting-area-exit", "checkpoint-entry", "checkpoint-exit"] as const;

export type LaneRole = (typeof LANE_ROLES)[number];

/** What a completed passage means for the booking, in the words of the electronic queue. */
export const PASSAGE_MEANING: Readonly<Record<LaneRole, "arrived" | "left-waiting-area" | "entered" | "crossed">> = {
    "waiting-area-entry": "arrived",
    "waiting-area-exit": "left-waiting-area",
    "checkpoint-entry": "entered",
    "checkpoint-exit": "crossed",
};
