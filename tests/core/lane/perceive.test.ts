/** What the lane makes of its contacts, for every combination of them, against rules written down a second time. */
import { describe, expect, test } from "vitest";
import { CONTACT_NAMES, type ContactName, type Reading } from "../../../src/core/lane/contacts.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import { perceive, type Scene } from "../../../src/core/lane/perceive.ts";
import { claimsOf } from "./claims-of.ts";
import { PLAN } from "./lane-harness.ts";

const AGE_MS_MAX = PLAN.limits.readingAgeMsMax;

type Level = "active" | "clear" | "silent";
const LEVELS: readonly Level[] = ["active", "clear", "silent"];
const READING: Readonly<Record<Level, Reading>> = {
    active: { isActive: true, ageMs: AGE_MS_MAX },
    clear: { isActive: false, ageMs: AGE_MS_MAX },
    silent: undefined,
};

const planOf = (contacts: readonly ContactName[]): LanePlan => ({ ...PLAN, contacts });
const see = (levels: { readonly [name in ContactName]?: Level }): Scene =>
    perceive(
        Object.fromEntries(Object.entries(levels).map(([name, level]) => [name, READING[level]])),
        planOf(CONTACT_NAMES.filter((name) => name in levels)),
    );

describe("a reading", () => {
    test.each<[string, Reading, Level]>([
        ["fresh and active", { isActive: true, ageMs: 0 }, "active"],
        ["fresh and inactive", { isActive: false, ageMs: 0 }, "clear"],
        ["at its greatest age", { isActive: false, ageMs: AGE_MS_MAX }, "clear"],
        ["a millisecond older", { isActive: false, ageMs: AGE_MS_MAX + 1 }, "silent"],
        ["old and active", { isActive: true, ageMs: AGE_MS_MAX + 1 }, "silent"],
        ["from the future", { isActive: false, ageMs: -1 }, "silent"],
        ["of no age", { isActive: false, ageMs: Number.NaN }, "silent"],
        ["missing", undefined, "silent"],
    ])("%s is worth: %3$s", (_name, reading, level) => {
        for (const name of CONTACT_NAMES) {
            const others = CONTACT_NAMES.filter((each) => each !== name).map((each) => [each, READING.clear]);
            const scene = perceive({ ...Object.fromEntries(others), [name]: reading }, planOf(CONTACT_NAMES));
            expect(claimsOf(scene)).toEqual(claimsOf(perceiveAll(others, name, level)));
        }
    });
});

function perceiveAll(others: readonly unknown[][], name: ContactName, level: Level): Scene {
    return perceive(
        { ...Object.fromEntries(others as [string, Reading][]), [name]: READING[level] },
        planOf(CONTACT_NAMES),
    );
}

test("every combination of ten contacts is judged group by group", () => {
    const names: readonly ContactName[] = CONTACT_NAMES.filter((name) => name !== "keySwitch" && name !== "armBreak");
    let count = 0;
    let clear = 0;
    for (let code = 0; code < LEVELS.length ** names.length; code++) {
        const levels: { [name in ContactName]?: Level } = {};
        let rest = code;
        for (const name of names) {
            levels[name] = LEVELS[rest % 3] ?? "silent";
            rest = Math.floor(rest / 3);
        }
        const zone = [levels.boomLoop, levels.photocell1, levels.photocell2];
        const beams = [levels.scaleBeam1, levels.scaleBeam2];
        const scene = see(levels);
        const isClear = zone.every((level) => level === "clear") && levels.exitLoop === "clear";
        const seen =
            scene.approach === presence([levels.approachLoop]) &&
            scene.zone === presence(zone) &&
            scene.exit === presence([levels.exitLoop]) &&
            scene.isMetalUnder === (zone.includes("active") && levels.boomLoop !== "clear") &&
            scene.isClear === isClear &&
            scene.arm === ARMS[`${levels.limitOpen} ${levels.limitClosed}`] &&
            scene.isEmergency === (levels.emergency === "active") &&
            scene.isWhollyOnScale === beams.every((level) => level === "clear");
        if (!seen) expect({ levels, scene: claimsOf(scene) }).toBeUndefined();
        count += 1;
        clear += isClear ? 1 : 0;
    }
    expect({ count, clear }).toEqual({ count: 3 ** 10, clear: 3 ** 6 });
});

const presence = (levels: readonly (Level | undefined)[]): string =>
    levels.includes("active") ? "occupied" : levels.includes("silent") ? "unknown" : "clear";

const ARMS: Readonly<Record<string, string>> = {
    "active clear": "open",
    "clear active": "closed",
    "clear clear": "moving",
    "active active": "impossible",
    "active silent": "unknown",
    "clear silent": "unknown",
    "silent active": "unknown",
    "silent clear": "unknown",
    "silent silent": "unknown",
};

describe("what is not wired", () => {
    test.each<[string, { readonly [name in ContactName]?: Level }, Partial<Scene>]>([
        ["nothing", {}, { approach: "absent", zone: "absent", exit: "absent", arm: "unseen", isClear: false }],
        ["only an exit loop proves nothing under the boom", { exitLoop: "clear" }, { isClear: false }],
        ["no exit loop", { boomLoop: "clear" }, { exit: "absent", isClear: true }],
        ["no loop under the boom", { photocell1: "active" }, { isMetalUnder: true }],
        ["a silent loop under the boom", { boomLoop: "silent", photocell1: "active" }, { isMetalUnder: true }],
        ["upper switch only, there", { limitOpen: "active" }, { arm: "open" }],
        ["upper switch only, elsewhere", { limitOpen: "clear" }, { arm: "not-open" }],
        ["upper switch only, silent", { limitOpen: "silent" }, { arm: "unknown" }],
        ["lower switch only, there", { limitClosed: "active" }, { arm: "closed" }],
        ["lower switch only, elsewhere", { limitClosed: "clear" }, { arm: "not-closed" }],
        ["lower switch only, silent", { limitClosed: "silent" }, { arm: "unknown" }],
        ["one scale beam", { scaleBeam2: "silent" }, { isWhollyOnScale: false }],
        ["no scale beam", {}, { isWhollyOnScale: true, isEmergency: false, isKeyTurned: false, isArmBroken: false }],
    ])("%s", (_name, levels, expected) => expect(claimsOf(see(levels))).toMatchObject(expected));

    test("is not heard even when it speaks", () => {
        const everything = Object.fromEntries(CONTACT_NAMES.map((name) => [name, READING.active]));
        expect(claimsOf(perceive(everything, planOf([])))).toEqual(claimsOf(perceive({}, planOf([]))));
    });
});

test.each([
    ["keySwitch", "isKeyTurned"],
    ["armBreak", "isArmBroken"],
    ["emergency", "isEmergency"],
] as const)("%s speaks for itself", (name, claim) => {
    expect(LEVELS.map((level) => see({ [name]: level })[claim])).toEqual([true, false, false]);
});

test("a scene written down holds every claim: the search of all states tells readings apart by it", () => {
    const written = JSON.parse(JSON.stringify(claimsOf(perceive({}, planOf(CONTACT_NAMES)))));
    expect(Object.keys(written).sort()).toEqual([
        "approach",
        "arm",
        "exit",
        "isArmBroken",
        "isClear",
        "isEmergency",
        "isKeyTurned",
        "isMetalUnder",
        "isWhollyOnScale",
        "scaleEntry",
        "zone",
    ]);
});
