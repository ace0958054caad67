/** Shape of the world's configuration file. Unknown keys are errors: a typo must stop the start, not change a default. */
import { z } from "zod";
import { DayOptions } from "../scenarios/day-options.ts";
import { SCALE_DIALECTS, type ScaleDialectName } from "../wire/scale-dialects.ts";
import { SCALE_MAPS } from "../wire/scale-registers.ts";
import { LaneGeometry } from "./lane-geometry.ts";
import { PlatformPlan } from "./weighing-platform.ts";

const DIALECTS = Object.keys(SCALE_DIALECTS) as [ScaleDialectName, ...ScaleDialectName[]];
const Port = z.number().int().min(0).max(65_535);

const Scale = z.strictObject({
    /** A dialect on a serial line, or a map of Modbus registers. */
    speaks: z.enum([...DIALECTS, ...SCALE_MAPS]),
    port: Port.default(0),
    /** A serial device in place of the TCP port. */
    path: z.string().min(1).optional(),
    unit: z.number().int().min(0).max(9_999).default(1),
    /** Real time between frames. */
    periodMs: z.number().positive().default(100),
    beamsPort: Port.default(0),
    platform: PlatformPlan.prefault({}),
});

const Lane = z.strictObject({
    id: z.string().min(1),
    /** 0 = any free port; `ready` tells which. */
    modbusPort: Port.default(0),
    camera: z.boolean().default(false),
    cameraPort: Port.default(0),
    /** Full travel of the arm. */
    armTravelMs: z.number().positive().default(2_500),
    /** Width of the module's hardware pulse, in world time like everything here. */
    pulseMs: z.number().positive().default(700),
    geometry: LaneGeometry.prefault({}),
    /** A weighing platform with its indicator, and a Modbus module of its own for the beams across its ends. */
    scale: Scale.optional(),
});

export const WorldConfig = z.strictObject({
    /** Given to the simulated central system too; its seed and speed are the world's. */
    day: DayOptions,
    lanes: z
        .array(Lane)
        .min(1)
        .refine((lanes) => new Set(lanes.map((lane) => lane.id)).size === lanes.length, "two lanes have the same id"),
    /** One step of simulated time; sensors and relays change on steps only. */
    stepMs: z.number().positive().max(100).default(10),
    /** Starts with the `start` message only, unless true. */
    startsAtOnce: z.boolean().default(false),
    cameraFps: z.number().positive().default(8),
    sky: z
        .strictObject({
            light: z.strictObject({ kind: z.enum(["day", "dusk", "night"]), exposure: z.number().positive() }),
            weather: z.enum(["clear", "snow", "rain"]),
        })
        .default({ light: { kind: "day", exposure: 1 }, weather: "clear" }),
});

export type WorldConfig = z.output<typeof WorldConfig>;
/** @internal for tests. */
export type WorldConfigInput = z.input<typeof WorldConfig>;

/** Reads a configuration; throws an error that names each key that is wrong and what was expected. */
export function parseWorldConfig(json: string, file: string): WorldConfig {
    let value: unknown;
    try {
        value = JSON.parse(json);
    } catch (error) {
        throw new Error(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    const result = WorldConfig.safeParse(value);
    if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
    if (result.data.day.lanes > result.data.lanes.length) {
        throw new Error(
            `${file}: day.lanes is ${result.data.day.lanes}, but only ${result.data.lanes.length} are listed`,
        );
    }
    return result.data;
}
