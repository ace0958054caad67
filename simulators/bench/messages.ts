/** What the bench's process of devices and its parent say to each other over the IPC channel, one JSON object a message. */
import { z } from "zod";
import { WireFault } from "../wire/wire-fault.ts";

const Module = z.int().min(0).describe("counted from 0");

/** From the parent. */
export const ToBench = z.discriminatedUnion("do", [
    /** All at the same instant, so that one poll sees all or none. */
    z.strictObject({
        do: z.literal("set"),
        module: Module,
        inputs: z.array(z.tuple([z.int().min(0), z.boolean()])),
    }),
    z.strictObject({ do: z.literal("fault"), module: Module, fault: WireFault }),
]);

export type ToBench = z.output<typeof ToBench>;

/** To the parent. `atMs` is CLOCK_MONOTONIC, the same in every process of the machine. */
export type FromBench =
    /** Every module answers; ports in the order of the modules. */
    | { readonly is: "ready"; readonly ports: readonly number[] }
    | { readonly is: "set"; readonly module: number; readonly atMs: number }
    /** Somebody wrote a coil, whether that changed it or not. */
    | {
          readonly is: "coil";
          readonly module: number;
          readonly coil: number;
          readonly isOn: boolean;
          readonly atMs: number;
      }
    /** An order that was not understood or named what is not there; nothing was changed. */
    | { readonly is: "refused"; readonly reason: string };
