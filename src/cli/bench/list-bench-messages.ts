/** What the process of the list bench says at its end. All in milliseconds. */
import { z } from "zod";

const Times = z.array(z.number());

export const FromLists = z.strictObject({
    is: z.literal("found"),
    /** From the first part's receipt, and from the last one's, to the list in force. */
    wholeMs: Times,
    lastPartMs: Times,
    /** From a change's receipt to a look-up that shows it. */
    deltaMs: Times,
    /** How much later than its beat each tick was while lists and changes came in. */
    tickLateMs: Times,
    keyMs: Times,
    nearMs: Times,
});

export type FromLists = z.infer<typeof FromLists>;
