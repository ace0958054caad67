/** The table of limits on mass and dimensions: data with dates and sources, beside the site file. Only gross weights are used by software. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { GrossLimit } from "../core/decision/gross-limit.ts";

const Day = z.iso.date().describe("local day");
const Row = z.strictObject({
    measure: z.enum(["grossKg", "axleKg", "axleGroupKg", "lengthMm", "heightMm", "widthMm"]),
    combination: z
        .string()
        .regex(/^[a-z0-9-]+$/)
        .describe("what it is a limit of; a site's lane names one"),
    most: z.number().positive(),
    from: Day,
    until: Day.optional().describe("first day on which it no longer holds"),
    source: z.string().min(1),
    isVerified: z.boolean().describe("read in the source, or only heard of"),
});

const Table = z.strictObject({
    about: z.string().min(1),
    utcOffset: z
        .string()
        .regex(/^[+-]\d{2}:\d{2}$/)
        .describe("of the days' beginnings"),
    rows: z.array(Row).min(1),
});

type MassLimits = z.infer<typeof Table>;

/** The file cannot be used; the message names each place that is wrong. */
export class MassLimitsError extends Error {
    override name = "MassLimitsError";
}

/** Throws `MassLimitsError`. */
export function loadMassLimits(file: string): MassLimits {
    let json: unknown;
    try {
        json = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new MassLimitsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    const result = Table.safeParse(json);
    if (result.success) return result.data;
    const places = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new MassLimitsError(`${file}: ${places.join("; ")}`);
}

/** The rows for the gross weight of one kind of vehicle, in the order of the file; none where the table does not know it. */
export function grossLimitsOf({ rows, utcOffset }: MassLimits, combination: string): readonly GrossLimit[] {
    const startOf = (day: string): number => Date.parse(`${day}T00:00:00${utcOffset}`);
    return rows
        .filter((row) => row.measure === "grossKg" && row.combination === combination)
        .map(({ most, from, until, source, isVerified }) => ({
            kg: most,
            fromUtcMs: startOf(from),
            ...(until === undefined ? {} : { untilUtcMs: startOf(until) }),
            source: isVerified ? source : `${source} [U]`,
        }));
}
