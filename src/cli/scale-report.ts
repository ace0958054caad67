/** What `kordon check` says about the scales of a site: which model, on which wire, and how far its word goes. */
import type { Site } from "../config/site-schema.ts";
import { lineSettings, lineText, scaleProfileOf } from "./site-scales.ts";

export interface ScaleReport {
    readonly id: string;
    readonly model: string;
    readonly where: string;
    readonly settings: string;
    readonly weighs: string;
    readonly stability: string;
    readonly notes: readonly string[];
}

/** One report per scale, in file order. Throws `CommandFailure` for a profile that cannot be used. */
export function checkScales(site: Site): readonly ScaleReport[] {
    return Object.entries(site.scales).map(([id, scale]) => {
        const profile = scaleProfileOf(id, scale);
        const { stability, maker, model, maturity, notes } = profile;
        return {
            id,
            model: `${maker} ${model} (${maturity})`,
            where: lineText(scale.line),
            settings: lineSettings(scale.line, profile),
            weighs: `up to ${scale.capacityKg} kg in steps of ${scale.divisionKg} kg`,
            stability:
                stability.kind === "given"
                    ? "tells when it stands still"
                    : `stands still after ${stability.frames} equal weights over ${stability.overMs} ms`,
            notes,
        };
    });
}
