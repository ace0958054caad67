/** Events that are unusual and allowed, and messages that are not: neither may stop what follows. */
import { FACT_KINDS, FACTS, type FactDraft, type Json } from "../../core/fact/fact.ts";
import type { FactEvent } from "../../core/fact/fact-event.ts";
import { type ConformanceCase, must } from "./conformance-case.ts";
import type { ConformanceKit } from "./conformance-kit.ts";
import type { EventAbout, TestJournal } from "./test-journal.ts";

/** Up to 128 KiB as a whole. */
const LARGE_TEXT = 127 << 10;
const DEEP = 60;
const HOUR_MS = 3_600_000;

/** An event of this content is acknowledged like any other, and so is the next one. */
function taken(
    name: string,
    claim: string,
    data: { readonly [key: string]: Json },
    about: EventAbout = {},
): ConformanceCase {
    return {
        name,
        claim,
        async run(kit) {
            const journal = kit.journal();
            await kit.sendAndSee(journal, journal.next(data, about));
            await kit.sendAndSee(journal, journal.next());
        },
    };
}

/** What arrives between two good events must not hurt the second. */
function survived(
    name: string,
    what: string,
    harm: (kit: ConformanceKit, next: FactEvent) => Promise<unknown>,
): ConformanceCase {
    return {
        name,
        claim: `${what} is dropped, and the next event is acknowledged`,
        async run(kit) {
            const journal = kit.journal();
            await kit.sendAndSee(journal, journal.next());
            const next = journal.next();
            await harm(kit, next);
            await kit.quiet();
            must(kit.highestAck(journal) < 2, "it was acknowledged as if it were an event");
            await kit.sendAndSee(journal, next);
        },
    };
}

/** Not what a chain should be; alarming is the receiver's business, acknowledging too. */
function broken(
    name: string,
    what: string,
    spoil: (event: FactEvent, journal: TestJournal) => object,
): ConformanceCase {
    return {
        name,
        claim: `${what} is stored and acknowledged: refusing it would silence the box for ever`,
        async run(kit) {
            const journal = kit.journal();
            await kit.sendAndSee(journal, journal.next());
            await kit.send(spoil(journal.next(), journal));
            await kit.sendAndSee(journal, journal.next());
        },
    };
}

function exampleOf(kind: FactDraft["kind"]): FactDraft["data"] {
    return FACTS[kind].example;
}

function nested(depth: number): Json {
    return depth === 0 ? "core" : { in: nested(depth - 1) };
}

const raw = (topic: string, payload: string | Uint8Array) => (kit: ConformanceKit) => kit.box.publish(topic, payload);

export const EVENT_CASES: readonly ConformanceCase[] = [
    {
        name: "event.every-type",
        claim: "takes every type of event of the contract",
        async run(kit) {
            const journal = kit.journal();
            await kit.sendAll(FACT_KINDS.map((kind) => journal.next(exampleOf(kind), { kind })));
            await kit.untilAcked(journal);
        },
    },
    taken("event.unknown-type", "takes a type that a newer box may send", {}, { kind: "conformance.unheard-of" }),
    taken("event.unknown-data", "takes data fields that it does not know", { brandNew: { nested: [1, null, true] } }),
    taken("event.empty-data", "takes an event without data", {}, { kind: "vehicle.arrived" }),
    taken("event.unicode", "takes every letter, also where it must be escaped", {
        text: 'Өткізу пункті «Нұр жолы», 京A·12345挂, 🚚, é = e\u0301, "\\/\b\f\n\r\t\u2028\u0000',
        ключ: "құжат",
    }),
    taken("event.large", "takes an event of 128 KiB", { text: "x".repeat(LARGE_TEXT) }),
    taken("event.numbers", "takes numbers at their limits", {
        most: Number.MAX_SAFE_INTEGER,
        least: Number.MIN_SAFE_INTEGER,
        tiny: 5e-324,
        huge: 1.7976931348623157e308,
        tenth: 0.1,
    }),
    taken("event.nested", "takes deeply nested data", { in: nested(DEEP) }),
    taken("event.long-names", "takes long lists and names", {
        ["n".repeat(2_000)]: Array.from({ length: 2_000 }, (_, i) => i),
    }),
    taken(
        "event.site-wide",
        "takes an event without a subject",
        { isTrusted: false },
        { kind: "clock.trust", lane: null },
    ),
    taken("event.passage", "takes an event with a passage in its subject", {}, { passage: "lane-1-abc-7" }),
    taken(
        "event.clock-1970",
        "takes an event of a box whose clock begins in 1970",
        {},
        { utcMs: 7, isClockTrusted: false },
    ),
    {
        name: "event.clock-back",
        claim: "takes an event whose time is before that of its predecessor",
        async run(kit) {
            const journal = kit.journal();
            const nowMs = kit.options.clock.utcMs();
            await kit.sendAndSee(journal, journal.next({}, { utcMs: nowMs }));
            await kit.sendAndSee(journal, journal.next({}, { utcMs: nowMs - HOUR_MS }));
        },
    },
    {
        name: "event.withheld",
        claim: "takes the stand-in of a fact that could not be carried in that fact's place",
        async run(kit) {
            const journal = kit.journal();
            await kit.sendAndSee(journal, journal.next());
            await kit.sendAndSee(journal, journal.nextWithheld());
            await kit.sendAndSee(journal, journal.next());
        },
    },
    {
        name: "event.large-burst",
        claim: "takes twenty events of 64 KiB at once",
        async run(kit) {
            const journal = kit.journal();
            await kit.sendAll(Array.from({ length: 20 }, (_, n) => journal.next({ n, text: "y".repeat(64 << 10) })));
            await kit.untilAcked(journal);
        },
    },
    broken("chain.wrong-hash", "an event whose hash is not that of its content", (event) => ({
        ...event,
        data: { code: "TAMPERED" },
    })),
    broken("chain.wrong-link", "an event that names another predecessor", (event) => ({
        ...event,
        previoushash: "d".repeat(64),
    })),
    survived("malformed.not-json", "a text that is no JSON", raw("events", '{"specversion": "1.0", ')),
    survived("malformed.not-utf8", "bytes that are no text", raw("events", new Uint8Array([0xff, 0xfe, 0x7b, 0x00]))),
    survived("malformed.empty", "an empty message", raw("events", "")),
    survived("malformed.wrong-shape", "JSON that is no event", raw("events", '[{"id": 7}, null]')),
    survived("malformed.wrong-sequence", "an event whose sequence is no number", (kit, next) =>
        kit.send({ ...next, sequence: "second" }),
    ),
    survived("malformed.no-hash", "an event without a hash", (kit, { hash: _hash, ...rest }) => kit.send(rest)),
    survived("malformed.old-version", "an event of another CloudEvents version", (kit, next) =>
        kit.send({ ...next, specversion: "0.3" }),
    ),
    survived("malformed.status", "a status that is none", raw("status", "zzz")),
    survived("malformed.device", "a health that is none", raw("devices/conformance", '{"state": 7')),
    survived("malformed.answer", "an answer that nobody asked for", raw("answers/central", '{"nonce": null}')),
    {
        name: "malformed.request",
        claim: "questions that are none are dropped, and the next one is answered",
        async run(kit) {
            for (const nonsense of [
                "",
                "{",
                "null",
                "[]",
                '{"ref": 7}',
                '{"ref": "x", "have": null, "wants": "all"}',
            ]) {
                await kit.box.publish("requests", nonsense);
            }
            await kit.askList();
        },
    },
];
