/**
 * What a simulated day is made of. The world and the simulated central system are given the same object,
 * so the lorries that come and the list that is published belong together.
 */
import { z } from "zod";

const Share = z.number().min(0).max(1);
const Weight = z.number().min(0);

export const DayOptions = z.strictObject({
    seed: z.number().int(),
    /** How many lorries arrive. */
    passages: z.number().int().min(0).max(100_000),
    /** Code of the checkpoint in the bookings, e.g. `nur-zholy`. */
    checkpoint: z.string().min(1),
    /** When the world will start, milliseconds since the Unix epoch: slots are laid around it. */
    startUtcMs: z.number().int().positive(),
    /** World seconds per real second; slots are laid in real time. */
    speed: z.number().positive().default(1),
    lanes: z.number().int().min(1).default(1),
    /** Called, slot running. */
    bookedShare: Share.default(0.75),
    /** Booked, but in queue, annulled, expired or revoked. The rest has no booking. */
    invalidShare: Share.default(0.1),
    /** Of those without a booking: one character away from a booked plate. Default: what a yard with fleet numbers showed. */
    nearShare: Share.default(0.28),
    /** Of the bookings: typed with dashes, spaces or Cyrillic letters. */
    typedShare: Share.default(0.2),
    /** Of the Kazakh tractors: two-row plate. */
    twoRowShare: Share.default(0.05),
    gapMsMin: z.number().min(0).default(20_000),
    gapMsMean: z.number().positive().default(60_000),
    patienceMs: z.tuple([z.number().positive(), z.number().positive()]).default([90_000, 240_000]),
    countries: z
        .strictObject({ KZ: Weight, RU: Weight, UZ: Weight, KG: Weight, CN: Weight })
        .partial()
        .default({ KZ: 50, RU: 20, UZ: 14, KG: 10, CN: 6 }),
    shapes: z
        .strictObject({
            "low-semitrailer": Weight,
            "high-semitrailer": Weight,
            "drawbar-trailer": Weight,
            "high-drawbar-trailer": Weight,
        })
        .partial()
        .default({ "low-semitrailer": 55, "high-semitrailer": 25, "drawbar-trailer": 14, "high-drawbar-trailer": 6 }),
    drivers: z
        .strictObject({
            normal: Weight,
            slow: Weight,
            "backs-out": Weight,
            "stays-under-boom": Weight,
            tailgater: Weight,
            overshoots: Weight,
        })
        .partial()
        .default({ normal: 85, slow: 12, "backs-out": 3 }),
    /** Bookings of lorries that do not come today, for a list of real size. */
    otherBookings: z.number().int().min(0).max(1_000_000).default(0),
});

/** As written in a configuration: everything with a default may be left out. */
export type DayOptionsInput = z.input<typeof DayOptions>;
export type DayOptions = z.output<typeof DayOptions>;
