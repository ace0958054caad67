/** A barrier as the lane asks it. Where the arm really is, the limit switches say; this port never claims it. */
import type { DeviceHealth } from "./device-health.ts";

/** What a barrier can be asked. */
export type BarrierOrder = "raise" | "lower";

/** One boom with its two relays. */
export interface Barrier {
    readonly id: string;
    /**
     * Pulses the relay for this order. Resolves when the relay was seen energised (the order is applied, the boom may
     * still be anywhere); rejects with `DeviceFault`, `NOT_APPLIED` when it was accepted but not seen.
     * Never both relays; opposite pulses keep their gap; a raise wins over a lower.
     */
    order(order: BarrierOrder): Promise<void>;
    health(): DeviceHealth;
}
