/** Shape of the simulated central system's configuration file. Unknown keys are errors. */
import { z } from "zod";
import { DayOptions } from "../scenarios/day-options.ts";
import { DEFECT_NAMES } from "./planted-defects.ts";

const Booking = z.looseObject({ id: z.string().min(1), version: z.int().min(1) });

export const CentralConfig = z
    .strictObject({
        site: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
        /** URL of a broker that runs already, e.g. `mqtt://127.0.0.1:1883`; without it an own one is opened. */
        broker: z.string().optional(),
        /** Of the own broker, on the loopback; 0 = any free port, `ready` tells which. */
        port: z.int().min(0).max(65_535).default(0),
        /** Limits that the own broker announces. */
        receiveMaximum: z.int().min(1).max(65_535).default(100),
        packetBytesMax: z
            .int()
            .min(1_024)
            .default(1 << 20),
        /** JSON-lines file of the events; what it holds already counts as stored. */
        ledger: z.string().min(1),
        /** Acknowledgements are gathered for so long. */
        ackMs: z.number().positive().max(100).default(50),
        bookingsPerPart: z.int().min(1).default(400),
        /** The same object as the world's, so that lorries and bookings belong together. */
        day: DayOptions.optional(),
        bookings: z.array(Booking).default([]),
        /** Mistakes of a central system, for whoever must find them. */
        defects: z.array(z.enum(DEFECT_NAMES)).default([]),
    })
    .refine(({ day, bookings }) => day === undefined || bookings.length === 0, "give day or bookings, not both");
export type CentralConfig = z.output<typeof CentralConfig>;
/** @internal for tests. */
export type CentralConfigInput = z.input<typeof CentralConfig>;

/** Reads a configuration; throws an error that names each key that is wrong and what was expected. */
export function parseCentralConfig(json: string, file: string): CentralConfig {
    let value: unknown;
    try {
        value = JSON.parse(json);
    } catch (error) {
        throw new Error(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    const result = CentralConfig.safeParse(value);
    if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
    return result.data;
}
