/** What can happen to a site beside lorries: faults of wires, relays, sensors, boom, cameras, disk and link, and people at buttons. */

import type { WireFault } from "../../simulators/wire/wire-fault.ts";
import type { ArmFault } from "../../simulators/world/arm.ts";
import type { SensorFault, SensorName } from "../../simulators/world/road-sensors.ts";
import type { ScaleTrick } from "../../simulators/world/weighing-platform.ts";
import type { StoreFaultCode } from "../../src/ports/journal.ts";
import type { RelayFault } from "../devices/io-wire.ts";
import type { CommandFlaw } from "../link/simulated-central.ts";

/** One thing that goes wrong, or that somebody does; lanes by their place in the plan. */
export type Mishap =
    | { readonly kind: "wire"; readonly lane: number; readonly module: "boom" | "panel"; readonly fault: WireFault }
    | { readonly kind: "relay"; readonly lane: number; readonly relay: "open" | "close"; readonly fault: RelayFault }
    | { readonly kind: "sensor"; readonly lane: number; readonly sensor: SensorName; readonly fault: SensorFault }
    | { readonly kind: "arm"; readonly lane: number; readonly fault: ArmFault }
    | { readonly kind: "arm-break"; readonly lane: number }
    | { readonly kind: "camera"; readonly lane: number }
    | { readonly kind: "disk"; readonly file: "journal" | "bookings"; readonly code: StoreFaultCode }
    | { readonly kind: "broker"; readonly how: "cut" | "down" | "forgets" | "mute" }
    | { readonly kind: "central-away" }
    | { readonly kind: "lost-acks"; readonly count: number }
    | { readonly kind: "scale"; readonly lane: number; readonly trick: ScaleTrick }
    | { readonly kind: "emergency"; readonly lane: number }
    | { readonly kind: "key"; readonly lane: number; readonly to: "up" | "down" }
    /** The event loop stands still. */
    | { readonly kind: "stall" }
    /** The daemon is killed; `forMs` is how long it stays away. */
    | { readonly kind: "death" }
    /** The wall clock steps; it steps back when the incident is over, unless `isKept`. */
    | { readonly kind: "clock"; readonly stepMs: number; readonly isKept: boolean }
    | { readonly kind: "command"; readonly fields: Readonly<Record<string, unknown>>; readonly flaw?: CommandFlaw };

export interface Incident {
    /** World time. */
    readonly atMs: number;
    /** How long it lasts; without meaning for what is over at once. */
    readonly forMs: number;
    readonly mishap: Mishap;
}

/** A death at the worst moment: the next time a lane comes into a mode, so many ticks later, or inside its next commit. */
export interface Ambush {
    readonly fromMs: number;
    readonly mode: string;
    readonly moment: "between-ticks" | "before-commit" | "after-commit";
    readonly afterTicks: number;
    readonly awayMs: number;
}
