/** What the processes of the lane bench say: the daemon under test, and the simulated devices (simulators/bench/messages.ts). */
import { z } from "zod";

/** From the daemon's process; it answers every message with a report and begins a new one. */
export const FromDaemon = z.discriminatedUnion("is", [
    z.strictObject({ is: z.literal("ready") }),
    z.strictObject({
        is: z.literal("report"),
        /** Since the last report, like all the rest. */
        wallMs: z.number(),
        /** How far each interval between two heartbeats was from the tick, either way. */
        tickJitterMs: z.array(z.number()),
        /** All threads together. */
        cpuMs: z.number(),
        rssMb: z.number(),
    }),
]);

export type FromDaemon = z.infer<typeof FromDaemon>;
export type DaemonReport = Extract<FromDaemon, { is: "report" }>;

/** From the devices' process. `atMs` is on the monotonic clock that all processes share. */
export const FromDevices = z.discriminatedUnion("is", [
    z.looseObject({ is: z.literal("ready"), ports: z.array(z.number()) }),
    z.looseObject({ is: z.literal("set"), module: z.number(), atMs: z.number() }),
    z.looseObject({
        is: z.literal("coil"),
        module: z.number(),
        coil: z.number(),
        isOn: z.boolean(),
        atMs: z.number(),
    }),
    z.looseObject({ is: z.literal("refused"), reason: z.string() }),
]);

export type FromDevices = z.infer<typeof FromDevices>;
