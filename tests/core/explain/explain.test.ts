/** Every fact and every code has words in every language, the languages say the same, and a passage reads as it was. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BOOKING_STATUSES, type Booking } from "../../../src/core/booking/booking.ts";
import { DECISION_REASONS } from "../../../src/core/decision/decide.ts";
import type { DecisionPolicy } from "../../../src/core/decision/decision-policy.ts";
import { LANE_ROLES } from "../../../src/core/decision/lane-role.ts";
import { READ_DOUBTS } from "../../../src/core/decision/read-doubt.ts";
import { WEIGHT_PROBLEMS } from "../../../src/core/decision/weight.ts";
import { explain, LANGUAGES, type Language } from "../../../src/core/explain/explain.ts";
import { ENGLISH } from "../../../src/core/explain/phrases-english.ts";
import { tellTrace } from "../../../src/core/explain/rule-trace.ts";
import { FACT_KINDS, type Fact, type FactDraft } from "../../../src/core/fact/fact.ts";
import { CONTACT_NAMES } from "../../../src/core/lane/contacts.ts";
import { type LaneImage, type LaneRead, REQUESTS } from "../../../src/core/lane/lane-image.ts";
import { LANE_FAULTS } from "../../../src/core/lane/lane-state.ts";
import { REQUEST_REFUSALS } from "../../../src/core/lane/requests.ts";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import type { KnownBooking } from "../../../src/core/queue/local-knowledge.ts";
import { booking, LaneBench, openLane, PLAN, read, SLOT_UTC_MS } from "../lane/lane-harness.ts";

const CODES = Object.keys(LANGUAGES) as Language[];

function written(drafts: readonly FactDraft[]): Fact[] {
    return drafts.map((draft, index) => ({
        ...draft,
        id: `j-${index + 1}`,
        sequence: index + 1,
        utcMs: SLOT_UTC_MS + index * 1_000,
        isClockTrusted: true,
        hash: "",
        previousHash: "",
    }));
}

const one = (kind: FactDraft["kind"], data: FactDraft["data"], language: Language = "en"): string => {
    const [line] = explain(written([{ kind, lane: "lane-1", data }]), "p", language).lines;
    return [line?.text, ...(line?.details ?? [])].join(" | ");
};

describe("the languages", () => {
    test.each(CODES)(
        "%s has every phrase, each with the same places to fill, and none left in another script",
        (code) => {
            const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
            expect(Object.keys(LANGUAGES[code])).toEqual(Object.keys(ENGLISH));
            for (const [key, text] of Object.entries(LANGUAGES[code])) {
                expect([key, places(text)]).toEqual([key, places(ENGLISH[key as keyof typeof ENGLISH])]);
                expect(text.trim()).toBe(text);
                const words = text.replace(/\{\w+\}|Kordon|SHA-256/g, "");
                if (code === "en") expect(words).not.toMatch(/[А-я]/);
                else expect([key, words]).not.toEqual([key, expect.stringMatching(/[A-Za-z]/)]);
            }
        },
    );

    test("Kazakh and Russian are two languages", () => {
        const { kk, ru } = LANGUAGES;
        const same = Object.keys(ENGLISH).filter((key) => kk[key as keyof typeof kk] === ru[key as keyof typeof ru]);
        expect(same).toEqual(["decimal", "decision.booking", "fact.unknown"]);
        expect(Object.values(kk).join("")).toMatch(/[әғқңөұүһі]/);
        expect(Object.values(ru).join("")).not.toMatch(/[әғқңөұүһі]/);
    });
});

describe.each(CODES)("in %s", (language) => {
    test.each(FACT_KINDS)("%s is a sentence, even when its data is not what this version expects", (kind) => {
        for (const data of [{}, { reason: null, code: 5, trace: "x", evidence: [], by: [] }]) {
            const text = one(kind, data, language);
            expect(text).not.toMatch(/\{|undefined|NaN|null/);
            expect(text.length).toBeGreaterThan(8);
            expect(text.startsWith(kind)).toBe(false);
        }
    });

    test.each<[string, FactDraft["kind"], string, readonly string[]]>([
        ["reason of a decision", "decision.made", "reason", DECISION_REASONS],
        ["reason of a referral", "vehicle.referred", "reason", [...DECISION_REASONS, "INTERLOCK", "EXIT_OCCUPIED"]],
        ["reason of a refusal", "vehicle.refused", "reason", DECISION_REASONS],
        ["fault", "lane.fault", "code", LANE_FAULTS],
        ["refusal of a request", "order.refused", "code", REQUEST_REFUSALS],
        ["request", "officer.ordered", "asks", REQUESTS],
        ["silent sensor", "alarm.raised", "code", CONTACT_NAMES.map((name) => `SENSOR_SILENT:${name}`)],
        ["other alarm", "alarm.cleared", "code", alarmCodes()],
        ["weight problem", "weighing.completed", "problem", WEIGHT_PROBLEMS],
        ["interruption by a fault", "passage.interrupted", "why", LANE_FAULTS],
    ])("every %s has words of its own", (_, kind, member, codes) => {
        const texts = codes.map((code) => one(kind, { [member]: code }, language));
        expect(new Set(texts).size).toBe(codes.length);
        // Some English words are their codes; the languages have the same keys, so the others speak for English too.
        if (language === "en") return;
        for (const [index, text] of texts.entries()) {
            for (const part of (codes[index] ?? "").split(":")) expect(text).not.toContain(part);
        }
    });
});

/** From the page that lists them, so that none is forgotten there either. */
function alarmCodes(): string[] {
    const page = readFileSync(new URL("../../../docs/reference/reasons.md", import.meta.url), "utf8");
    const [section = ""] = page.slice(page.indexOf("## Alarms")).split(/^## (?!Alarms)/m);
    return [...section.matchAll(/^\| `([A-Z_]+)(:<contact>)?` \|/gm)].map(([, code, about]) =>
        about === undefined ? String(code) : `${code}:exitLoop`,
    );
}

/** Everything that the bench can be made to say. */
function everything(): readonly FactDraft[] {
    const facts: FactDraft[] = [];
    const take = (bench: LaneBench): void => void facts.push(...bench.facts);
    const lorry = (): LaneBench => new LaneBench().pass(100).set({ approachLoop: true });
    for (const role of LANE_ROLES) {
        for (const status of BOOKING_STATUSES) {
            const bench = new LaneBench({ ...PLAN, role }).pass(100);
            bench.reads = [read("123ABC02", [booking("123ABC02", { status, isLate: status === "called" })])];
            take(bench.set({ approachLoop: true }).pass(6_000));
        }
    }
    const reads = [
        [read("1A", [], { confidence: 0.1 })],
        [read("777ZZZ01", [])],
        [read("123ABC03", [], { near: [booking("123ABC02")] })],
        [read("123ABC02", [], { asTrailer: [booking("9")] })],
        [read("123ABC02", [booking("123ABC02")]), read("777ZZZ01", [], { camera: "cam-2", track: "t2" })],
        [
            read("123ABC02", [
                booking("123ABC02", { slotStartUtcMs: SLOT_UTC_MS + 9e7, slotEndUtcMs: SLOT_UTC_MS + 9e7 }),
            ]),
        ],
        [
            read("123ABC02", [
                booking("123ABC02", { slotStartUtcMs: SLOT_UTC_MS - 9e7, slotEndUtcMs: SLOT_UTC_MS - 9e7 }),
            ]),
        ],
        [read("123ABC02", [booking("123ABC02", { checkpoint: "elsewhere" })])],
    ];
    for (const each of reads) {
        const bench = lorry();
        bench.reads = each;
        take(bench.pass(6_000));
    }
    for (const change of [{ isClockTrusted: false }, { list: { version: 7, hash: "00", ageMs: Infinity } }]) {
        const bench = lorry();
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        bench.change = change;
        take(bench.pass(6_000));
    }
    for (const [reads, policy, image] of oddCases()) {
        const bench = new LaneBench({ ...PLAN, rearCameras: ["cam-2"], policy: { ...PLAN.policy, ...policy } });
        bench.reads = [...reads];
        bench.change = image;
        take(bench.pass(100).set({ approachLoop: true }).pass(6_000));
        const named = { booking: booking("123ABC02"), known: {} };
        bench.change = { ...image, named };
        take(bench.ask("link", { bookingId: named.booking.id }).pass(100));
    }
    take(
        openLane()
            .set({ boomLoop: true })
            .pass(500)
            .set({ exitLoop: true, boomLoop: false, approachLoop: false })
            .pass(500)
            .set({ exitLoop: false })
            .pass(3_000)
            .armDown(),
    );
    for (const grossKg of [undefined, 39_980]) {
        const bench = new LaneBench({ ...PLAN, hasScale: true });
        bench.reads = [read("123ABC02", [booking("123ABC02")])];
        const weighing = { isStable: true, isInRange: true, raw: "0201", ageMs: 10 };
        bench.change = grossKg === undefined ? {} : { weighing: { ...weighing, grossKg: 0 } };
        bench.pass(200).set({ approachLoop: true });
        if (grossKg !== undefined) bench.change = { weighing: { ...weighing, grossKg } };
        take(bench.pass(60_000));
    }
    const behind = openLane({ ...PLAN, rearCameras: ["cam-2"] });
    behind.reads = [...behind.reads, read("55AAA02", [], { camera: "cam-2", track: "t2" })];
    take(behind.set({ boomLoop: true }).pass(500));
    take(openLane().pass(30_000).armDown());
    take(openLane().set({ approachLoop: false }).pass(4_000));
    take(openLane().set({ emergency: true }).pass(200));
    take(new LaneBench().pass(100).ask("hold-open").pass(50).armUp().ask("close").pass(50));
    take(new LaneBench().pass(100).set({ limitOpen: true }).pass(900));
    take(lorry().pass(6_000).ask("refuse").pass(100).ask("open", { reason: "" }).pass(100));
    return facts;
}

/** What the site knows itself, lists from outside the queue, holds, countries, trailers. */
function oddCases(): readonly (readonly [
    reads: readonly LaneRead[],
    policy: Partial<DecisionPolicy>,
    image: Partial<LaneImage>,
])[] {
    const listed = (change: Partial<Booking>, seen: Partial<LaneRead> = {}): readonly LaneRead[] => [
        read("123ABC02", [booking("123ABC02", change)], seen),
    ];
    const knows = (known: KnownBooking, change: Partial<Booking> = {}): readonly LaneRead[] =>
        listed(change, { known: { outOfTurn: [], bookings: { "b-123ABC02": known }, isInside: false } });
    const tractor = { text: "123ABC02", key: toPlateKey("123ABC02"), country: "KZ" };
    const trailers = [{ text: "55AAA02", key: toPlateKey("55AAA02") }];
    const entry = booking("123ABC02", { id: "ot-1-1", list: "ot-1", priority: "out-of-turn" });
    return [
        [knows({ stage: "left-waiting-area" }), { waitingAreaWay: "required" }, {}],
        [listed({}), { waitingAreaWay: "required" }, {}],
        [knows({ isContradicted: true }), {}, {}],
        [knows({ calledUntilUtcMs: SLOT_UTC_MS }, { status: "in-queue" }), {}, {}],
        [listed({}, { known: { outOfTurn: [], bookings: {}, isInside: true } }), {}, {}],
        [listed({}, { seenElsewhere: "lane-2" }), {}, {}],
        [listed({}, { foldedTo: toPlateKey("123ABC02") }), {}, {}],
        [listed({ holds: ["booker-blocked", "долг"] }), {}, {}],
        [listed({ priority: "accelerated" }), {}, {}],
        [listed({ priority: "accelerated" }), {}, { fullQuotas: ["accelerated"] }],
        [[read("123ABC02", [], { known: { outOfTurn: [entry], bookings: {}, isInside: false } })], {}, {}],
        [listed({ tractor }), {}, {}],
        [listed({ tractor: { ...tractor, country: "RU" } }), {}, {}],
        [listed({ tractor }, { country: "UZ" }), {}, {}],
        [listed({ trailers }), {}, {}],
        [[...listed({ trailers }), read("55AAA02", [], { camera: "cam-2", track: "t2" })], {}, {}],
        [
            [
                ...listed({}),
                read("123ABC03", [], { camera: "cam-3", isUnrated: true, told: { direction: "forward", line: "1" } }),
            ],
            { readers: { "cam-3": { isUnratedTrusted: false, aheadMsMax: 0 } } },
            {},
        ],
        ...READ_DOUBTS.map((doubt) => [listed({}, { doubts: [doubt], travel: "across" }), {}, {}] as const),
        [[...listed({}, { travel: "towards" }), read("55AAA02", [], { camera: "cam-2", travel: "away" })], {}, {}],
    ];
}

describe("what the lane and the rules really say", () => {
    const facts = everything();

    test("every line of every rule trace is understood", () => {
        const traces = facts.flatMap(({ kind, data }) => (kind === "decision.made" ? (data["trace"] as string[]) : []));
        expect(traces.filter((line) => tellTrace(line) === undefined)).toEqual([]);
        const said = new Set(traces.map((line) => tellTrace(line)?.key));
        const known = Object.keys(ENGLISH).filter((key) => key.startsWith("trace."));
        expect(known.filter((key) => !said.has(key as never))).toEqual([]);
    });

    test.each(["ru", "kk"] as const)("no word of English is left in %s, but for names", (language) => {
        for (const { text, details } of explain(written(facts), "p", language).lines) {
            for (const sentence of [text, ...details]) {
                const rest = sentence
                    .replace(
                        /Kordon|SHA-256|lane-\d|ot-[\d-]+|\b[KRU][UZ]\b|cam-\d|bench|forward|A\. Officer|seen by eye|b-\w+|\d*[A-Z]+\d+|\d+[A-Z]/g,
                        "",
                    )
                    .match(/[A-Za-z]{2,}/g);
                expect([sentence, rest]).toEqual([sentence, null]);
            }
        }
    });
});

describe("a passage", () => {
    const bench = openLane().set({ boomLoop: true }).pass(500);
    bench.set({ approachLoop: false, exitLoop: true }).pass(500).set({ boomLoop: false }).pass(500);
    bench.set({ exitLoop: false }).pass(3_000).armDown();
    const passage = bench.fact("vehicle.arrived")?.passage ?? "";

    test("is summed up by decision, opening and end", () => {
        expect(explain(written(bench.facts), passage, "en").summary).toEqual([
            "Decision: let in. The plate was read surely and has a booking in order.",
            "Boom up (order 1): booking b-123ABC02 was admitted by the rules.",
            expect.stringMatching(/^The vehicle passed in \d\.?\d? s: entered the checkpoint\.$/),
        ]);
    });

    test.each(CODES)("shows plates in full to the officer, in %s", (language) => {
        const told = JSON.stringify(explain(written(bench.facts), passage, language));
        expect(told).toContain("123ABC02");
        expect(told).not.toContain("**");
    });

    test("that was not opened and has not ended says both", () => {
        const waiting = new LaneBench().pass(100).set({ approachLoop: true }).pass(6_000);
        expect(explain(written(waiting.facts), "p1", "ru").summary).toEqual([
            "Решение: спросить сотрудника. Номер не прочитан.",
            "Kordon шлагбаум не поднимал.",
            "Чем всё закончилось, не записано.",
        ]);
    });

    test("names who asked for it and why", () => {
        const asked = new LaneBench().pass(100).ask("open", { reason: "скорая помощь" }).pass(100);
        expect(explain(written(asked.facts), "p1", "ru").lines.map(({ text }) => text)).toEqual(
            expect.arrayContaining([
                "Указание сотрудника A. Officer: открыть. Основание: «скорая помощь».",
                "Шлагбаум вверх (команда № 1): сотрудник A. Officer, «скорая помощь».",
            ]),
        );
    });

    test("warns where the clock was not trusted", () => {
        const [fact] = written([{ kind: "boom.opened", lane: "lane-1", data: {} }]);
        if (fact === undefined) throw new Error("no fact");
        const { lines } = explain([{ ...fact, isClockTrusted: false }], "p", "kk");
        expect(lines[0]?.details).toEqual(["бұл сәтте сағатқа сенуге болмайтын еді"]);
    });

    test("with a fact of a newer version shows it as it is", () => {
        expect(one("lane.teleported" as FactDraft["kind"], { to: 5 })).toBe('lane.teleported: {"to":5}');
    });
});
