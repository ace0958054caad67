/** Which lanes may be driven: every objection with a plan that just earns it, and one that just does not. */
import { describe, expect, test } from "vitest";
import type { ContactName } from "../../../src/core/lane/contacts.ts";
import { type LanePlan, objectionsTo } from "../../../src/core/lane/lane-plan.ts";
import { DOCUMENTED_CODES } from "./documented-codes.ts";
import { PLAN } from "./lane-harness.ts";

const codesOf = (change: Partial<LanePlan>): readonly string[] =>
    objectionsTo({ ...PLAN, ...change }).map(({ code }) => code);
const without = (...names: readonly ContactName[]): { readonly contacts: readonly ContactName[] } => ({
    contacts: PLAN.contacts.filter((name) => !names.includes(name)),
});
const limits = (change: Partial<LanePlan["limits"]>): Pick<LanePlan, "limits"> => ({
    limits: { ...PLAN.limits, ...change },
});
const BY_OFFICER = { isClosingAutomatic: false } as const;

describe("objected to", () => {
    test.each<[string, Partial<LanePlan>]>([
        ["NO_PRESENCE", without("approachLoop")],
        ["NO_ZONE_SENSOR", { ...without("boomLoop", "photocell1"), ...BY_OFFICER }],
        ["CONTACT_TWICE", { contacts: [...PLAN.contacts, "boomLoop"] }],
        ["AGE_ABOVE_HOLD", limits({ readingAgeMsMax: 2_000 })],
        ["GAP_ABOVE_HOLD", limits({ vehicleGapMsMin: 2_000 })],
        ["BOUNCE_ABOVE_TRAVEL", limits({ contradictionMsMax: 6_000 })],
        ["SETTLE_ABOVE_READ", limits({ readMsMax: 499 })],
        ["INTERLOCK_WITH_ITSELF", { interlockedWith: PLAN.id }],
        ["INTERLOCK_WITHOUT_LIMIT", { ...without("limitClosed"), ...BY_OFFICER, interlockedWith: "lane-2" }],
        ["SCALE_WITHOUT_BEAMS", { hasScale: true, contacts: [...PLAN.contacts, "scaleBeam1"] }],
        ["CLOSING_WITHOUT_PHOTOCELL", { contacts: [...without("photocell1").contacts] }],
        ["CLOSING_WITH_ONE_SENSOR", without("boomLoop")],
        ["CLOSING_WITHOUT_EXIT_LOOP", without("exitLoop")],
        ["CLOSING_WITHOUT_LIMIT", without("limitClosed")],
    ])("%s", (code, change) => {
        expect(codesOf(change)).toContain(code);
        expect(DOCUMENTED_CODES).toContain(code);
    });

    test("with a sentence that says what to do", () => {
        const [objection] = objectionsTo({ ...PLAN, ...without("exitLoop") });
        expect(objection?.message).toMatch(/wire exitLoop or set closing: officer/);
    });
});

describe("not objected to", () => {
    test.each<[string, Partial<LanePlan>]>([
        ["a full lane", {}],
        [
            "two photocells instead of a loop under the boom",
            { contacts: [...without("boomLoop").contacts, "photocell2"] },
        ],
        [
            "an officer closes: one witness is enough",
            { ...without("photocell1", "exitLoop", "limitClosed"), ...BY_OFFICER },
        ],
        ["an officer closes: no limit switches", { ...without("limitOpen", "limitClosed"), ...BY_OFFICER }],
        [
            "a scale with beams at both ends",
            { hasScale: true, contacts: [...PLAN.contacts, "scaleBeam1", "scaleBeam2"] },
        ],
        ["a lock", { interlockedWith: "lane-2" }],
        ["an age just below the hold", limits({ readingAgeMsMax: 1_999 })],
        ["a gap just below the hold", limits({ vehicleGapMsMin: 1_999 })],
        ["a bounce just below the travel", limits({ contradictionMsMax: 5_999 })],
        ["just enough time to read", limits({ readMsMax: 500 })],
    ])("%s", (_name, change) => expect(codesOf(change)).toEqual([]));
});
