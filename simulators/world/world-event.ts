/** What happens in the world, as its only eyewitness tells it. Not for the daemon: it has sensors for that. */
import type { Booked, Lorry } from "../scenarios/lorry.ts";

/** Who moved the boom to fully open: an OPEN pulse, the barrier's own safety chain, or somebody with its key. */
export type OpenedBy = "open-relay" | "safety-chain" | "key";

/** What the boom was doing when it met something: lying or rising, or sinking because of a CLOSE pulse or of the key. */
export type BoomMotion = "not-sinking" | "sinking-by-relay" | "sinking-by-key";

interface Witnessed {
    readonly lane: string;
    readonly lorry: number;
    readonly plate: string;
    readonly trailerPlates: readonly string[];
    readonly booked: Booked;
    readonly bookingId?: string;
    /** World time. */
    readonly atMs: number;
    /** Monotonic clock of the machine. */
    readonly realMs: number;
}

export type WorldEvent = Witnessed &
    (
        | { readonly is: "arrived" }
        /** Stands at the stop line and waits; the first time only. */
        | { readonly is: "stopped" }
        /** The boom became fully open while this lorry was first before it. 0 when it was open before the lorry stood. */
        | {
              readonly is: "opened";
              readonly by: OpenedBy;
              readonly stopToOpenMs: number;
              readonly stopToOpenRealMs: number;
          }
        /** Its bumper crossed the plane of the boom. */
        | { readonly is: "entered" }
        /** Its tail crossed the plane of the boom, in driving direction. */
        | { readonly is: "passed" }
        | { readonly is: "left"; readonly how: "through" | "turned-out" }
        /** Boom and lorry touched. A lorry that drives into a boom which lies still has itself to blame. */
        | { readonly is: "struck"; readonly boom: BoomMotion }
    );

/** Where and when: what an event needs beside the lorry. */
interface Moment {
    readonly lane: string;
    readonly atMs: number;
    readonly realMs: number;
}

export function witness(lorry: Lorry, moment: Moment): Witnessed {
    return {
        ...moment,
        lorry: lorry.number,
        plate: lorry.plate.text,
        trailerPlates: lorry.trailerPlates.map((plate) => plate.text),
        booked: lorry.booked,
        ...(lorry.bookingId === undefined ? {} : { bookingId: lorry.bookingId }),
    };
}
