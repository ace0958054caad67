/** What a scenario has to say about one run: the site, who comes, how its officers are, and what goes wrong. */
import type { Day } from "../../simulators/scenarios/day.ts";
import { REGISTRY_STATUS } from "../../simulators/scenarios/wire-booking.ts";
import type { PasserBy } from "../../simulators/world/passer-by.ts";
import type { Ambush, Incident } from "../chaos/incident.ts";
import type { OfficerHabits } from "../people/officers.ts";
import { type BuiltInSite, builtInSite, type SitePlan } from "../site-plan.ts";

export interface Run {
    readonly plan: SitePlan;
    readonly startUtcMs: number;
    readonly day: Day;
    readonly passersBy: readonly PasserBy[];
    readonly officers: OfficerHabits;
    readonly incidents: readonly Incident[];
    readonly ambushes: readonly Ambush[];
    /** The run lasts at least so long, and until the last lorry has left. */
    readonly lengthMs: number;
    /** So much longer it may take until the last lorry has left; then somebody is stuck. */
    readonly overtimeMs: number;
}

export interface RunWishes {
    readonly seed: number;
    /** From `--site`; otherwise the scenario builds its own. */
    readonly site?: SitePlan;
    /** From `--lanes`; otherwise as the scenario thinks fit. */
    readonly lanes?: number;
}

export type Scenario = (wishes: RunWishes) => Run;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export const OVERTIME_MS = 3 * HOUR_MS;

/** 2026-11-22, 10:00 at the checkpoints (UTC+5). */
export const MORNING_UTC_MS = Date.UTC(2026, 10, 22, 5);

/** Lorries with a booking do not give up; whoever has none is sent away by an officer. */
export const PATIENCE_MS: [number, number] = [25 * MINUTE_MS, 45 * MINUTE_MS];

export const CALM_OFFICERS: OfficerHabits = { reactionMs: [5_000, 40_000], wrongLaneShare: 0.01, lateShare: 0.02 };

/** The site file's lanes, or the scenario's own, of which `--lanes` can change the number. */
export function siteFor({ site, lanes }: RunWishes, own: BuiltInSite): SitePlan {
    return site ?? builtInSite({ ...own, lanes: lanes ?? own.lanes });
}

/** At an exit a lorry is in order when it has entered before. */
export function fitToRoles(day: Day, plan: SitePlan): Day {
    const leaving = new Set(
        day.lorries
            .filter(({ lane, booked }) => plan.lanes[lane]?.plan.role === "checkpoint-exit" && booked === "valid")
            .map(({ bookingId }) => bookingId),
    );
    return {
        lorries: day.lorries,
        bookings: day.bookings.map((booking) =>
            leaving.has(booking.id) ? { ...booking, status: REGISTRY_STATUS.entered } : booking,
        ),
    };
}
