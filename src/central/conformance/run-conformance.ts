/** All cases, and a run of them one after the other: each begins with a connected box, whatever the one before did to it. */
import { ACK_CASES } from "./cases-ack.ts";
import { BROKER_CASES } from "./cases-broker.ts";
import { COMMAND_CASES } from "./cases-command.ts";
import { EVENT_CASES } from "./cases-event.ts";
import { LIST_CASES } from "./cases-list.ts";
import { RECONNECT_CASES } from "./cases-reconnect.ts";
import { CaseSkipped, type ConformanceCase } from "./conformance-case.ts";
import { ConformanceKit, type ConformanceOptions, reasonOf } from "./conformance-kit.ts";

export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
    ...BROKER_CASES,
    ...ACK_CASES,
    ...EVENT_CASES,
    ...LIST_CASES,
    ...RECONNECT_CASES,
    ...COMMAND_CASES,
];

export interface CaseResult {
    readonly name: string;
    readonly claim: string;
    readonly outcome: "kept" | "broken" | "skipped";
    /** What was seen; empty when kept. */
    readonly seen: string;
    readonly ms: number;
}

/** `pattern`: parts of names with `*` for any text, separated by commas; `ack.*`, `list.hash`. */
export function casesNamed(pattern: string): readonly ConformanceCase[] {
    const forms = pattern.split(",").map(
        (part) =>
            new RegExp(
                `^${part
                    .trim()
                    .replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")
                    .replaceAll("*", ".*")}$`,
            ),
    );
    return CONFORMANCE_CASES.filter(({ name }) => forms.some((form) => form.test(name)));
}

/** Never rejects: a broker that cannot be reached fails every case. `onResult` hears of each as soon as it is over. */
export async function runConformance(
    options: ConformanceOptions,
    cases: readonly ConformanceCase[],
    onResult: (result: CaseResult) => void = () => undefined,
): Promise<readonly CaseResult[]> {
    const kit = new ConformanceKit(options);
    const results: CaseResult[] = [];
    let refusals = 0;
    for (const each of cases) {
        const startMs = options.clock.monotonicMs();
        if (kit.box.isClosed && refusals < REFUSALS_MAX) refusals = (await isConnected(kit)) ? 0 : refusals + 1;
        const { outcome, seen } = kit.box.isClosed ? NO_CONNECTION : await tried(kit, each);
        const ms = Math.round(options.clock.monotonicMs() - startMs);
        const result = { name: each.name, claim: each.claim, outcome, seen, ms };
        results.push(result);
        onResult(result);
    }
    await kit.box.end();
    return results;
}

/** Cases in a row without a connection; the rest is then not tried. */
const REFUSALS_MAX = 2;
const NO_CONNECTION = { outcome: "broken", seen: "no connection: the broker refuses it or does not answer" } as const;

async function isConnected(kit: ConformanceKit): Promise<boolean> {
    try {
        await kit.connect();
        return true;
    } catch {
        return false;
    }
}

async function tried(kit: ConformanceKit, each: ConformanceCase): Promise<Pick<CaseResult, "outcome" | "seen">> {
    try {
        await each.run(kit);
        return { outcome: "kept", seen: "" };
    } catch (error) {
        return { outcome: error instanceof CaseSkipped ? "skipped" : "broken", seen: reasonOf(error) };
    }
}
