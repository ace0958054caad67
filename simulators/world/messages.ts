/**
 * What the world's process and its parent say to each other over the IPC channel, one JSON object a message.
 * Standing alone, the process takes no orders, starts by itself and prints its messages as lines.
 */
import { z } from "zod";
import { ScaleFault } from "../wire/scale-fault.ts";
import { WireFault } from "../wire/wire-fault.ts";
import { ArmFault } from "./arm.ts";
import { SENSOR_FAULTS, SENSORS } from "./road-sensors.ts";
import type { Truth } from "./truth.ts";
import { ScaleTrick } from "./weighing-platform.ts";
import type { WorldEvent } from "./world-event.ts";

const Lane = z.string();

/** The faults of `camera/camera-server.ts`, where they are described. */
const CameraFault = z.enum(["none", "frozen", "black", "silent", "disconnect", "broken-jpeg", "slow"]);

/** From the parent. */
export const ToWorld = z.discriminatedUnion("do", [
    /** World time begins to run and lorries come. Before that the devices work on an empty road. */
    z.strictObject({ do: z.literal("start") }),
    /** The officer sends the lorry with this number back. Nothing happens when it is already under the boom or gone. */
    z.strictObject({ do: z.literal("wave-away"), lorry: z.number().int() }),
    z.strictObject({ do: z.literal("boom"), lane: Lane, fault: ArmFault }),
    z.strictObject({
        do: z.literal("sensor"),
        lane: Lane,
        sensor: z.enum(SENSORS),
        fault: z.enum(SENSOR_FAULTS),
    }),
    z.strictObject({ do: z.literal("wire"), lane: Lane, fault: WireFault }),
    z.strictObject({ do: z.literal("scale-trick"), lane: Lane, trick: ScaleTrick }),
    /** An indicator on a line of bytes; one with Modbus registers takes the kinds that `wire` has, too. */
    z.strictObject({ do: z.literal("scale-wire"), lane: Lane, fault: ScaleFault }),
    z.strictObject({ do: z.literal("camera"), lane: Lane, fault: CameraFault }),
    /** Asks for a `truth` message. */
    z.strictObject({ do: z.literal("report") }),
]);

export type ToWorld = z.output<typeof ToWorld>;

/** To the parent. */
export type FromWorld =
    | { readonly is: "ready"; readonly lanes: readonly LanePorts[] }
    | WorldEvent
    /** Answer to `report`. */
    | { readonly is: "truth"; readonly atMs: number; readonly truth: Truth }
    /** The last lorry has left. Devices go on answering until the parent goes or a signal comes. */
    | { readonly is: "finished"; readonly atMs: number; readonly truth: Truth }
    /** An order that was not understood or named an unknown lane; nothing was changed. */
    | { readonly is: "refused"; readonly reason: string };

export interface LanePorts {
    readonly id: string;
    readonly modbusPort: number;
    /** Absent for a lane without a camera. */
    readonly cameraPort?: number;
    /** Absent for a lane without a scale; `port` is 0 on a serial device. */
    readonly scale?: { readonly port: number; readonly beamsPort: number };
}
