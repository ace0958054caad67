/** One lorry of a simulated day: what is painted on it, what is booked for it, and how it will behave. */
import type { DriverHabitName } from "../world/driver-habit.ts";
import type { LorryShapeName } from "../world/lorry-shape.ts";
import type { ScenePlate } from "../world/scene-view.ts";

/** `valid`: called, slot running. `invalid`: booked, but in a state that does not admit. `none`: no booking has this plate. */
export type Booked = "valid" | "invalid" | "none";

export interface Lorry {
    /** 1-based, in order of arrival. */
    readonly number: number;
    /** 0-based place in the list of lanes. */
    readonly lane: number;
    /** World time. */
    readonly arrivesAtMs: number;
    readonly plate: ScenePlate;
    readonly trailerPlates: readonly ScenePlate[];
    readonly booked: Booked;
    readonly bookingId?: string;
    /** An unbooked lorry whose plate differs from this booking's in one character. */
    readonly nearBookingId?: string;
    readonly shape: LorryShapeName;
    readonly driver: DriverHabitName;
    /** World time at the stop line before the driver gives up. */
    readonly patienceMs: number;
    /** How far beyond the stop line the bumper comes to rest. */
    readonly stopErrorM: number;
    readonly look: LorryLook;
}

export interface LorryLook {
    /** `#rrggbb`. */
    readonly colour: string;
    readonly cab: number;
    readonly lateralM: number;
    /** 0 to 1. */
    readonly dirt: number;
}
