import { expect, test } from "vitest";
import { FACT_KINDS, type Fact } from "../../../src/core/fact/fact.ts";
import { factEvent, withheldEvent } from "../../../src/core/fact/fact-event.ts";

const fact: Fact = {
    kind: "decision.made",
    lane: "lane-1",
    passage: "lane-1-77",
    data: { reason: "BOOKED", booking: "B-1", trace: [1, null, true] },
    id: "9f3c-42",
    sequence: 42,
    utcMs: Date.UTC(2026, 10, 22, 8, 30, 0, 7),
    isClockTrusted: false,
    hash: "a".repeat(64),
    previousHash: "b".repeat(64),
};

test("a fact becomes this event, and the same one on every retry", () => {
    const event = {
        specversion: "1.0",
        id: "9f3c-42",
        source: "/kordon/nur-zholy",
        type: "kz.kordon.decision.made.v1",
        time: "2026-11-22T08:30:00.007Z",
        subject: "lane-1/lane-1-77",
        datacontenttype: "application/json",
        dataschema: "urn:kordon:decision.made:v1",
        sequence: "0000000000000042",
        hash: "a".repeat(64),
        previoushash: "b".repeat(64),
        clocktrusted: false,
        data: { reason: "BOOKED", booking: "B-1", trace: [1, null, true] },
    };
    expect(factEvent("nur-zholy", fact)).toEqual(event);
    expect(JSON.stringify(factEvent("nur-zholy", fact))).toBe(JSON.stringify(factEvent("nur-zholy", { ...fact })));
});

test("the subject is the lane alone without a passage, and absent for a fact about the site", () => {
    const { lane: _lane, passage: _passage, ...ofSite } = fact;
    expect(factEvent("s", { ...ofSite, lane: "lane-2" }).subject).toBe("lane-2");
    expect(factEvent("s", ofSite)).not.toHaveProperty("subject");
});

test("sequences order as texts like the numbers they are", () => {
    const texts = [1, 9, 10, 99, 100, 2 ** 31, Number.MAX_SAFE_INTEGER].map(
        (sequence) => factEvent("s", { ...fact, sequence }).sequence,
    );
    expect([...texts].sort()).toEqual(texts);
    expect(new Set(texts.map(({ length }) => length))).toEqual(new Set([16]));
});

test.each(FACT_KINDS)("attribute names and types of %s are those that CloudEvents 1.0 allows", (kind) => {
    const event = factEvent("s", { ...fact, kind });
    for (const [name, value] of Object.entries(event)) {
        if (name === "data") continue;
        expect(name).toMatch(/^[a-z0-9]{1,20}$/);
        expect(["string", "boolean"]).toContain(typeof value);
    }
    expect(event.type).toBe(`kz.kordon.${kind}.v1`);
});

test("a stand-in keeps id, place and hashes and says which kind of fact is withheld and why", () => {
    const whole = factEvent("s", fact);
    const standIn = withheldEvent("s", fact, "too large");
    expect(standIn).toEqual({
        ...whole,
        type: "kz.kordon.fact.withheld.v1",
        dataschema: "urn:kordon:fact.withheld:v1",
        data: { kind: "decision.made", reason: "too large" },
    });
});

test("a time that no date has is an error and not a wrong date", () => {
    expect(() => factEvent("s", { ...fact, utcMs: 9e15 })).toThrow(RangeError);
});
