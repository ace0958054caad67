/** What a lane's display says in every state: the table is the oracle. «Drive on» needs the green lamp, always. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BOARD_WORDS, LANE_WORDS } from "../../../src/core/board/board-words.ts";
import { type FacePlan, type LaneScene, laneFace } from "../../../src/core/board/lane-face.ts";
import { LANGUAGES, type Language } from "../../../src/core/explain/explain.ts";
import type { LaneMode } from "../../../src/core/lane/lane-state.ts";

const CODES = Object.keys(LANGUAGES) as Language[];
const plan = (over: Partial<FacePlan> = {}): FacePlan => ({
    shape: { lines: 2, columns: 20 },
    languages: ["ru"],
    pageMs: 5_000,
    ...over,
});
const scene = (mode: LaneMode["at"], over: Partial<LaneScene> = {}): LaneScene => ({
    nowMs: 100_000,
    lookedMs: 99_950,
    mode,
    isGreen: false,
    ...over,
});

/** Mode, whether the lamp is green, tone, Kazakh, Russian, English. */
const TABLE: readonly (readonly [LaneMode["at"], boolean, string, string, string, string])[] = [
    ["starting", false, "wait", "Күтіңіз", "Ожидайте", "Please wait"],
    ["idle", false, "info", "Жақындаңыз", "Подъезжайте", "Drive up"],
    ["arriving", false, "wait", "Күтіңіз", "Ожидайте", "Please wait"],
    ["weighing", false, "wait", "Өлшеу. Қозғалмаңыз", "Взвешивание. Не|двигайтесь", "Weighing. Stand|still"],
    ["deciding", false, "wait", "Күтіңіз", "Ожидайте", "Please wait"],
    ["referred", false, "wait", "Қызметкерді күтіңіз", "Ожидайте сотрудника", "Wait for officer"],
    ["refused", false, "stop", "Өтуге болмайды", "Проезда нет", "No entry"],
    ["opening", false, "wait", "Күтіңіз", "Ожидайте", "Please wait"],
    ["open-waiting", true, "go", "Өтіңіз", "Проезжайте", "Drive on"],
    ["open-waiting", false, "stop", "Тоқтаңыз", "Стоп", "Stop"],
    ["passing", true, "go", "Өтіңіз", "Проезжайте", "Drive on"],
    ["passing", false, "stop", "Тоқтаңыз", "Стоп", "Stop"],
    ["closing", false, "stop", "Тоқтаңыз", "Стоп", "Stop"],
    ["fault", false, "wait", "Қызметкерді күтіңіз", "Ожидайте сотрудника", "Wait for officer"],
    ["emergency-open", false, "wait", "Қызметкерге|бағыныңыз", "Следуйте указаниям", "Follow directions"],
    ["manual", false, "wait", "Қызметкерге|бағыныңыз", "Следуйте указаниям", "Follow directions"],
    ["out-of-service", false, "stop", "Жолақ жабық", "Полоса закрыта", "Lane closed"],
];

describe("the lane's word", () => {
    test.each(TABLE)("%s, green %s: %s", (mode, isGreen, tone, kk, ru, en) => {
        for (const [language, text] of Object.entries({ kk, ru, en }) as [Language, string][]) {
            const face = laneFace(scene(mode, { isGreen }), plan({ languages: [language] }));
            expect({ lines: face.lines.join("|"), tone: face.tone }).toEqual({ lines: text, tone });
        }
    });

    test("«drive on» never without the green lamp, never from a lane that has stopped looking", () => {
        const modes = TABLE.map(([mode]) => mode);
        const anyScene = fc.record({
            mode: fc.constantFrom(...modes),
            isGreen: fc.boolean(),
            ageMs: fc.integer({ min: 0, max: 10_000 }),
            text: fc.option(fc.string(), { nil: undefined }),
        });
        fc.assert(
            fc.property(anyScene, fc.integer({ min: 0, max: 60_000 }), ({ mode, isGreen, ageMs, text }, pastMs) => {
                const nowMs = 200_000 + pastMs;
                const message = text === undefined ? {} : { message: { text, untilMs: nowMs + 1 } };
                const face = laneFace(scene(mode, { nowMs, lookedMs: nowMs - ageMs, isGreen, ...message }), plan());
                const mayGo = isGreen && ageMs <= 2_000 && (mode === "open-waiting" || mode === "passing");
                expect(face.tone === "go").toBe(mayGo);
                if (!mayGo && face.says === "lane") expect(face.lines.join(" ")).not.toContain("Проезжайте");
            }),
        );
        const { lookedMs: _never, ...unseen } = scene("open-waiting", { isGreen: true });
        expect(laneFace(unseen, plan()).lines).toEqual(["Ожидайте"]);
    });

    test("plate and weight stand below while there is a vehicle, and what is no plate does not", () => {
        const about = { plate: "123ABC02", grossKg: 31_240 };
        const three = plan({ shape: { lines: 3, columns: 16 } });
        expect(laneFace(scene("passing", { isGreen: true, ...about }), three).lines).toEqual([
            "Проезжайте",
            "123ABC02",
            "31240 кг",
        ]);
        expect(laneFace(scene("passing", { isGreen: true, ...about }), plan()).lines).toEqual([
            "Проезжайте",
            "123ABC02",
        ]);
        expect(laneFace(scene("idle", about), three).lines).toEqual(["Подъезжайте"]);
        expect(laneFace(scene("referred", { plate: "ИВАНОВ" }), three).lines).toEqual(["Ожидайте", "сотрудника"]);
        const one = plan({ shape: { lines: 1, columns: 20 } });
        expect(laneFace(scene("passing", { isGreen: true, ...about }), one).lines).toEqual(["Проезжайте 123ABC02"]);
        const narrow = plan({ shape: { lines: 1, columns: 12 } });
        expect(laneFace(scene("referred", about), narrow).lines).toEqual(["Ожидайте со…"]);
    });

    test("languages take turns, page by page", () => {
        const turning = plan({ languages: ["kk", "ru", "en"], pageMs: 4_000 });
        const at = (nowMs: number): string =>
            laneFace(scene("arriving", { nowMs, lookedMs: nowMs }), turning).lines.join("|");
        expect([0, 3_999, 4_000, 8_000, 12_000].map(at)).toEqual([
            "Күтіңіз",
            "Күтіңіз",
            "Ожидайте",
            "Please wait",
            "Күтіңіз",
        ]);
    });

    test("an ordered text takes turns with an idle lane's word, is plain whatever it says, and ends", () => {
        const message = { text: "Проезжайте все", untilMs: 103_000 };
        const said = (mode: LaneMode["at"], nowMs: number) =>
            laneFace(scene(mode, { nowMs, lookedMs: nowMs, message }), plan());
        expect([100_000, 102_999].map((nowMs) => said("idle", nowMs).lines.join("|"))).toContain("Проезжайте все");
        expect(said("idle", 100_000).tone).toBe("info");
        expect(said("idle", 103_000).lines).toEqual(["Подъезжайте"]);
        for (const mode of ["arriving", "referred", "opening", "fault", "manual"] as const)
            expect(said(mode, 100_000).says).toBe("lane");
    });

    test("every word of every language is there, and none is the same in Kazakh and Russian", () => {
        for (const code of CODES) expect(Object.keys(BOARD_WORDS[code].lane)).toEqual([...LANE_WORDS]);
        for (const word of LANE_WORDS) expect(BOARD_WORDS.kk.lane[word]).not.toBe(BOARD_WORDS.ru.lane[word]);
    });
});
