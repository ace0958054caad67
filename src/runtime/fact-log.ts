/** Facts as ordinary log lines, for whoever watches the box: what, where, why; plates masked, pictures and traces left out. */
import type { Fact, Json } from "../core/fact/fact.ts";
import { maskPlate } from "../core/plate/plate-mask.ts";
import type { Log } from "./log.ts";

/** Data fields that name a plate. */
const PLATES: ReadonlySet<string> = new Set(["plate", "text", "key"]);
/** Data fields worth a glance; the journal has the rest. */
const TOLD: ReadonlySet<string> = new Set([
    "order",
    "outcome",
    "reason",
    "code",
    "why",
    "by",
    "asks",
    "mode",
    "means",
    "device",
    "state",
    "version",
    "plate",
    "text",
    "confidence",
]);

/** One line per fact, on `info`; alarms and faults on `warn`. */
export function logFacts(facts: readonly Fact[], log: Log): void {
    for (const { kind, sequence, lane, passage, data } of facts) {
        const told = Object.entries(data).flatMap(([name, value]) =>
            TOLD.has(name) ? [[name, shown(name, value)] as const] : [],
        );
        const fields = { sequence, lane, passage, ...Object.fromEntries(told) };
        if (kind === "alarm.raised" || kind === "lane.fault" || kind === "emergency.raised") log.warn(fields, kind);
        else log.info(fields, kind);
    }
}

function shown(name: string, value: Json): Json {
    return PLATES.has(name) && typeof value === "string" ? maskPlate(value) : value;
}
