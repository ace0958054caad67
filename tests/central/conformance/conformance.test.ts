/** The kit passes the simulated central system as it is, and finds every mistake that is planted in it. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseCentralConfig } from "../../../simulators/central/central-config.ts";
import { CentralProcess } from "../../../simulators/central/central-process.ts";
import { realCentralClock } from "../../../simulators/central/clock.ts";
import { EventLedger } from "../../../simulators/central/event-ledger.ts";
import { DEFECT_NAMES, type DefectName } from "../../../simulators/central/planted-defects.ts";
import {
    type CaseResult,
    CONFORMANCE_CASES,
    casesNamed,
    runConformance,
} from "../../../src/central/conformance/run-conformance.ts";
import { TestJournal } from "../../../src/central/conformance/test-journal.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { channels } from "../asyncapi.ts";
import { wireBookings } from "../wire-bookings.ts";

const SITE = "test-site";

interface Run {
    readonly only?: string;
    readonly defects?: readonly DefectName[];
    readonly waitMs?: number;
    readonly quietMs?: number;
    readonly hasOperator?: boolean;
    /** Orders to the central system before the run. */
    readonly before?: readonly object[];
}

/** A central system of its own, in this process, for one run of the kit. */
async function conform({
    only = "*",
    defects = [],
    waitMs = 400,
    quietMs = 150,
    hasOperator = true,
    before = [],
}: Run): Promise<readonly CaseResult[]> {
    const ledger = join(mkdtempSync(join(tmpdir(), "kordon-conformance-")), "events.jsonl");
    const config = { site: SITE, ledger, ackMs: 5, bookings: wireBookings(25), bookingsPerPart: 10, defects };
    let url = "";
    const central = await CentralProcess.open(
        parseCentralConfig(JSON.stringify(config), "test"),
        realCentralClock,
        (told) => {
            if (told.is === "ready") url = told.url;
        },
    );
    const ask = (what: string): void => {
        const order = what.includes("command")
            ? { do: "command", fields: { order: "sync" } }
            : { do: "set-status", id: "B-1", status: "Въехал на пункт пропуска" };
        void central.obey(order);
    };
    try {
        for (const order of before) await central.obey(order);
        return await runConformance(
            {
                site: SITE,
                broker: { url, clientId: `kordon-${SITE}` },
                clock: systemClock,
                waitMs,
                quietMs,
                ...(hasOperator ? { ask } : {}),
            },
            casesNamed(only),
        );
    } finally {
        await central.close();
    }
}

test("a hundred cases, each with a name and a claim of its own, and all kept by the simulated central system", async () => {
    const results = await conform({ waitMs: 10_000 });
    expect(results.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(100);
    expect(new Set(results.map(({ name }) => name)).size).toBe(results.length);
    expect(new Set(results.map(({ claim }) => claim)).size).toBe(results.length);
});

/** Which case must find which mistake; others may find it too. */
const FOUND_BY: { readonly [defect in DefectName]: string } = {
    "acks-over-gaps": "ack.gap-holds",
    "acks-ahead": "ack.not-ahead",
    "acks-without-hash": "ack.form",
    "acks-wrong-hash": "ack.hash",
    "acks-not-retained": "ack.retained",
    "acks-qos0": "ack.qos1",
    "acks-go-back": "ack.monotonic",
    "adopts-conflicts": "ack.conflict",
    "never-acks": "ack.first",
    "ignores-repetitions": "ack.replay-answered",
    "dies-on-malformed": "malformed.not-json",
    "drops-unknown-types": "event.unknown-type",
    "drops-withheld": "event.withheld",
    "drops-large": "event.large",
    "drops-other-scripts": "event.unicode",
    "drops-untrusted-times": "event.clock-1970",
    "drops-site-facts": "event.site-wide",
    "drops-broken-links": "chain.wrong-link",
    "knows-one-journal": "journal.new",
    "waits-for-the-lost": "journal.lost-beginning",
    "answers-wrong-ref": "list.answered",
    "answers-retained": "list.answer-live",
    "answers-first": "list.new-box",
    "loses-last-part": "snapshot.complete",
    "sums-up-wrongly": "snapshot.hash",
    "tells-names": "snapshot.bookings",
    "lists-twice": "snapshot.ids",
    "mixes-versions": "snapshot.one-list",
    "always-sends-all": "list.nothing-missing",
    "never-sends-all": "list.wrong-hash",
    "deltas-skip": "delta.follows",
    "deltas-wrong-hash": "delta.hash",
    "deltas-silent": "delta.announced",
    "commands-retained": "command.live",
    "commands-kept-for-ever": "command.expiry",
    "commands-live-long": "command.lifetime",
    "commands-same-nonce": "command.nonce",
    "commands-without-correlation": "command.correlation",
    "commands-answered-elsewhere": "command.answer-topic",
    "commands-more-fields": "command.form",
    "commands-twice": "command.not-repeated",
    "commands-from-future": "command.fresh",
};

test.each(DEFECT_NAMES)("planted: %s", async (defect) => {
    const [result, ...others] = await conform({ only: FOUND_BY[defect], defects: [defect] });
    expect(others).toEqual([]);
    expect(result).toMatchObject({ name: FOUND_BY[defect], outcome: "broken" });
    expect(result?.seen).not.toBe("");
    expect(result?.seen).not.toMatch(/TypeError|ReferenceError/);
});

test("a retained command is found by whoever comes later", async () => {
    const before = [{ do: "say", topic: "commands", text: "{}", retain: true }];
    const results = await conform({ only: "command.none-kept", before });
    expect(results.map(({ outcome, seen }) => [outcome, seen])).toEqual([["broken", "one is retained"]]);
});

test("what nobody at the central system is there for is skipped, not passed", async () => {
    const results = await conform({ only: "command.form,delta.hash", hasOperator: false });
    expect(results.map(({ outcome }) => outcome)).toEqual(["skipped", "skipped"]);
});

test("without a broker every case fails and says so", async () => {
    const broker = { url: "mqtt://127.0.0.1:9", clientId: "kordon-x" };
    const options = { site: SITE, broker, clock: systemClock, waitMs: 300, quietMs: 10 };
    const results = await runConformance(options, casesNamed("broker.mqtt5,ack.*"));
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["broken"]));
    expect(results[0]?.seen).toMatch(/^no connection/);
});

test("names are chosen by patterns, and only whole ones", () => {
    expect(casesNamed("*")).toEqual(CONFORMANCE_CASES);
    expect(casesNamed("ack.first, list.*").map(({ name }) => name)).toContain("list.stable");
    expect(casesNamed("ack")).toEqual([]);
    expect(casesNamed("a.k.first")).toEqual([]);
});

test("what the kit says for a box keeps to the contract, where it does not break it on purpose", async () => {
    const journal = new TestJournal(SITE, "abc123", () => 1_900_000_000_000);
    const events = [
        journal.next(),
        journal.next({ n: 1 }, { lane: null }),
        journal.next({}, { passage: "lane-1-7", isClockTrusted: false, utcMs: 7 }),
        journal.nextWithheld(),
    ];
    const event = channels.find(({ name }) => name === "events");
    for (const each of events) expect(event?.payload.safeParse(each).error).toBeUndefined();
    const ledger = new EventLedger(join(mkdtempSync(join(tmpdir(), "kordon-kit-")), "events.jsonl"));
    for (const each of events) ledger.take(JSON.stringify(each));
    expect(ledger.report()).toMatchObject({ distinct: 4, gaps: 0, brokenHashes: 0, conflicts: 0, malformed: 0 });
});
