// The error model of simulated cameras stays below what real readers were measured to do, and errs only as cameras err.
import { expect, test } from "vitest";
import { type ReadOutcome, sightOf } from "../../../simulation/devices/read-model.ts";
import { Random } from "../../../simulators/world/random.ts";
import { Policy } from "../../../src/config/site-schema.ts";

const PLATE = "718BOZ05";
const CONFUSED = ["0OQD", "1IL7", "2Z", "4A", "5S", "6G", "8B"];

function draw(count: number) {
    return Array.from({ length: count }, (_, n) => sightOf(PLATE, new Random(1, `plate/${n}`)));
}

test("fewer votes are right than in any measurement: 72 of 90 stills, 24 of 30 passages", () => {
    const sights = draw(20_000);
    const share = (...outcomes: readonly ReadOutcome[]): number =>
        sights.filter(({ outcome }) => outcomes.includes(outcome)).length / sights.length;
    expect(share("right-sure", "right-unsure")).toBeLessThan(72 / 90);
    expect(share("right-sure", "right-unsure")).toBeGreaterThan(0.65);
    expect(share("wrong-sure")).toBeGreaterThan(0.01);
    expect(share("none")).toBeGreaterThan(0.05);
});

test("a wrong vote differs in one sign, which cameras take for the other", () => {
    for (const { outcome, text } of draw(2_000)) {
        if (outcome === "none") expect(text).toBeUndefined();
        else if (outcome.startsWith("right")) expect(text).toBe(PLATE);
        else {
            const places = [...PLATE].flatMap((sign, place) => (text?.[place] === sign ? [] : [place]));
            expect(places).toHaveLength(1);
            const [place = 0] = places;
            const pair = [PLATE[place], text?.[place]];
            expect(CONFUSED.some((group) => pair.every((sign) => group.includes(sign ?? "?")))).toBe(true);
        }
    }
});

test("sure and unsure lie on their sides of the threshold that sites use", () => {
    const { confidenceMin } = Policy.parse({});
    for (const { outcome, confidence } of draw(2_000)) {
        if (outcome.endsWith("unsure")) expect(confidence).toBeLessThan(confidenceMin);
        else if (outcome.endsWith("sure")) expect(confidence).toBeGreaterThanOrEqual(confidenceMin);
    }
});

test("a plate without a confusable sign is never misread", () => {
    const texts = Array.from({ length: 500 }, (_, n) => sightOf("KXH999", new Random(n, "")).text);
    expect(new Set(texts)).toEqual(new Set(["KXH999", undefined]));
});
