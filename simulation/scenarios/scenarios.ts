/** The scenarios by the names under which they are asked for. */
import { clockChaos } from "./clock-chaos.ts";
import { fraudDay } from "./fraud-day.ts";
import { nightOffline } from "./night-offline.ts";
import { normalDay } from "./normal-day.ts";
import { peak } from "./peak.ts";
import type { Scenario } from "./scenario.ts";
import { storm } from "./storm.ts";

export const SCENARIOS = {
    "normal-day": normalDay,
    peak,
    storm,
    "fraud-day": fraudDay,
    "night-offline": nightOffline,
    "clock-chaos": clockChaos,
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export function isScenario(name: string): name is ScenarioName {
    return Object.hasOwn(SCENARIOS, name);
}
