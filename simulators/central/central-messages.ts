/**
 * What the simulated central system and its parent say to each other over the IPC channel, one JSON object a message.
 * Standing alone, the process takes no orders and prints its messages as lines.
 */
import { z } from "zod";
import type { LedgerReport } from "./event-ledger.ts";

const Booking = z.looseObject({ id: z.string().min(1), version: z.int().min(1) });
const Count = z.int().min(1);

/** From the parent. */
export const ToCentral = z.discriminatedUnion("do", [
    /** Gone: connections cut, an own broker's port refused; `forget` loses the own broker's sessions and retained messages. */
    z.strictObject({ do: z.literal("vanish"), forget: z.boolean().default(false) }),
    z.strictObject({ do: z.literal("return") }),
    /** The own broker keeps its connections and neither reads nor answers any more, until `vanish`. */
    z.strictObject({ do: z.literal("fall-silent") }),
    /** The next acknowledgements are stored and not sent. */
    z.strictObject({ do: z.literal("lose-acks"), count: Count }),
    /** Sends the newest acknowledgement again. */
    z.strictObject({ do: z.literal("repeat-ack") }),
    /** Acknowledges what the box has not sent yet. */
    z.strictObject({ do: z.literal("future-ack"), ahead: Count }),
    /** The own broker answers the next events with this PUBACK code and does not take them. */
    z.strictObject({ do: z.literal("refuse-events"), count: Count, code: z.int().min(0x80).max(0xff) }),
    /** Publishes any text on a topic of the site, e.g. `commands`. */
    z.strictObject({
        do: z.literal("say"),
        topic: z.string().min(1),
        text: z.string(),
        retain: z.boolean().default(false),
    }),
    /** A change of the list; `isAnnounced: false` leaves the sites to find out by asking. */
    z.strictObject({
        do: z.literal("change"),
        upsert: z.array(Booking).default([]),
        remove: z.array(z.string()).default([]),
        isAnnounced: z.boolean().default(true),
    }),
    /** Changes the status word of one booking. */
    z.strictObject({ do: z.literal("set-status"), id: z.string(), status: z.string() }),
    /** Answers the next requests with snapshots that miss their last part. */
    z.strictObject({ do: z.literal("cut-snapshots"), count: Count }),
    /** Sends a command; times and nonce are filled in unless `fields` has them. */
    z.strictObject({ do: z.literal("command"), fields: z.looseObject({ order: z.string() }) }),
    /** Asks for a `report` message. */
    z.strictObject({ do: z.literal("report") }),
]);
export type ToCentral = z.output<typeof ToCentral>;

/** To the parent. */
export type FromCentral =
    | { readonly is: "ready"; readonly url: string; readonly list: { readonly version: number; readonly hash: string } }
    | ({ readonly is: "report"; readonly requests: number; readonly list: number } & LedgerReport)
    /** Everything up to here is stored and (unless `isLost`) acknowledged. */
    | { readonly is: "stored"; readonly upTo: number; readonly isLost: boolean }
    /** The site's retained `status`, parsed. */
    | { readonly is: "status"; readonly status: unknown }
    | { readonly is: "device"; readonly device: string; readonly health: unknown }
    | { readonly is: "request"; readonly request: unknown }
    /** Answer to a command. */
    | { readonly is: "answer"; readonly correlation: string; readonly answer: unknown }
    | { readonly is: "gone" }
    | { readonly is: "back" }
    /** An order that was not understood; nothing was changed. */
    | { readonly is: "refused"; readonly reason: string };
