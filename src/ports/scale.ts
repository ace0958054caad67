/** A scale as the lane asks it: what its indicator says, in kilograms gross, whatever protocol it speaks. */
import type { ScaleReading } from "../core/lane/scale-reading.ts";
import type { DeviceHealth } from "./device-health.ts";

/** `over` and `under`: beyond what the scale weighs; `fault`: the indicator shows no gross weight, and says or shows why. */
export type ScaleRange = "in" | "over" | "under" | "fault";

/** One reading with the moment its frame was complete; readers judge its age, the scale does not. */
export interface ScaleSighting extends Omit<ScaleReading, "ageMs"> {
    /** Monotonic. Never later than the frame: a reading may be younger than it claims, not older. */
    readonly atMs: number;
    /** Why `isInRange` is false. */
    readonly range: ScaleRange;
    /** `given` by the indicator in the frame, or `derived` from equal frames in a row. */
    readonly stability: "given" | "derived";
}

/** One indicator with its platform. */
export interface Scale {
    readonly id: string;
    /** The newest reading; undefined until the indicator spoke once. Never throws, never waits. */
    sighting(): ScaleSighting | undefined;
    health(): DeviceHealth;
}
