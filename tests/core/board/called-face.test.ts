/** The waiting area's board, line by line, in three languages: golden faces written by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CalledPlan, type CalledScene, calledFace, lostLines } from "../../../src/core/board/called-face.ts";

/** 2026-11-22 09:05 UTC is 14:05 at the checkpoint. */
const NOW_UTC_MS = Date.UTC(2026, 10, 22, 9, 5);
const MINUTE_MS = 60_000;
const plan = (over: Partial<CalledPlan> = {}): CalledPlan => ({
    shape: { lines: 5, columns: 24 },
    languages: ["ru"],
    pageMs: 6_000,
    oldAfterMs: 300_000,
    utcOffsetMinutes: 300,
    ...over,
});
const called = (plate: string, minutesAgo?: number) => ({
    plate,
    slotStartUtcMs: NOW_UTC_MS,
    ...(minutesAgo === undefined ? {} : { calledAtUtcMs: NOW_UTC_MS - minutesAgo * MINUTE_MS }),
});
const scene = (over: Partial<CalledScene> = {}): CalledScene => ({
    nowMs: 0,
    utcMs: NOW_UTC_MS,
    isClockTrusted: true,
    list: { version: 7, ageMs: 1_000 },
    calls: [called("123ABC02", 5), called("777AA05", 1), called("A123BC", 60)],
    openGates: ["1", "2"],
    ...over,
});
const said = (over: Partial<CalledScene> = {}, planned: Partial<CalledPlan> = {}): readonly string[] =>
    calledFace(scene(over), plan(planned)).lines;

describe("golden faces", () => {
    test.each([
        ["kk", ["Шақырылды", "777AA05        1,2 14:04", "123ABC02       1,2 14:00", "A123BC         1,2 13:05"]],
        ["ru", ["Вызваны", "777AA05        1,2 14:04", "123ABC02       1,2 14:00", "A123BC         1,2 13:05"]],
        ["en", ["Called", "777AA05        1,2 14:04", "123ABC02       1,2 14:00", "A123BC         1,2 13:05"]],
    ] as const)("%s: newest first, with gate and time of the call", (language, lines) => {
        expect(said({}, { languages: [language] })).toEqual(lines);
    });

    test.each([
        ["kk", "Дерек ескі: 12 мин"],
        ["ru", "Данные устарели: 12 мин"],
        ["en", "Old data: 12 min"],
    ] as const)("%s: old data stay there, marked as old", (language, foot) => {
        const face = calledFace(
            scene({ list: { version: 7, ageMs: 12 * MINUTE_MS } }),
            plan({ languages: [language] }),
        );
        expect(face.isStale).toBe(true);
        expect(face.lines).toHaveLength(5);
        expect(face.lines.at(-1)).toBe(foot);
        expect(face.lines[1]).toContain("777AA05");
    });

    test("nobody is called; the gates are shut; there is no list at all", () => {
        expect(said({ calls: [] })).toEqual(["Вызванных нет"]);
        expect(said({ calls: [], list: { version: 7, ageMs: Number.POSITIVE_INFINITY } })).toEqual([
            "Вызванных нет",
            "Данные устарели: –",
        ]);
        expect(said({ openGates: [], calls: [called("777AA05", 1)] })).toEqual([
            "Вызваны",
            "777AA05          – 14:04",
            "Выезд закрыт. Ожидайте",
        ]);
        const none = { list: { version: 0, ageMs: Number.POSITIVE_INFINITY } };
        expect(said(none)).toEqual(["Нет данных очереди", "Обратитесь к сотруднику"]);
        expect(said(none, { languages: ["kk"] })).toEqual(["Кезек деректері жоқ", "Қызметкерге жүгініңіз"]);
        expect(said({ list: { version: 7, ageMs: 5 * 3_600_000 } }).at(-1)).toBe("Данные устарели: 5 ч");
    });

    test("a narrow board leaves the gate out, and never a part of a plate", () => {
        const narrow = { shape: { lines: 3, columns: 16 } };
        expect(said({ calls: [called("123ABC02", 5)] }, narrow)).toEqual(["Вызваны", "123ABC02   14:00"]);
        expect(said({ calls: [called("123ABC02", 5)], openGates: ["1"] }, narrow)[1]).toBe("123ABC02 1 14:00");
        expect(said({ calls: [called("123ABC02", 5)], list: { version: 7, ageMs: 600_000 } }, narrow).at(-1)).toBe(
            "Данные устарели…",
        );
    });
});

describe("pages and turns", () => {
    const many = Array.from({ length: 9 }, (_, index) => called(`${100 + index}ABC02`, index));

    test("page by page, then the next language, then a text that was ordered", () => {
        const message = { text: "Сканер не работает, подготовьте документы заранее", untilMs: 1_000_000 };
        const turns = Array.from({ length: 8 }, (_, turn) =>
            calledFace(scene({ nowMs: turn * 6_000, calls: many, message }), plan({ languages: ["kk", "ru"] })),
        );
        expect(
            turns.map(({ language, says, page, lines }) => [language, says, page.number, page.of, lines[0]]),
        ).toEqual([
            ["kk", "called", 1, 3, "Шақырылды 1/3"],
            ["kk", "called", 2, 3, "Шақырылды 2/3"],
            ["kk", "called", 3, 3, "Шақырылды 3/3"],
            ["kk", "message", 1, 1, "Сканер не работает,"],
            ["ru", "called", 1, 3, "Вызваны 1/3"],
            ["ru", "called", 2, 3, "Вызваны 2/3"],
            ["ru", "called", 3, 3, "Вызваны 3/3"],
            ["ru", "message", 1, 1, "Сканер не работает,"],
        ]);
        expect(turns.slice(0, 3).flatMap(({ rows }) => rows.map(({ plate }) => plate))).toEqual(
            many.map(({ plate }) => plate),
        );
    });

    test("calls that are over go, unless no clock can say so; each plate stands there once", () => {
        const over = { ...called("777AA05", 90), untilUtcMs: NOW_UTC_MS - 1 };
        const calls = [over, called("123ABC02", 5), called("123ABC02", 9)];
        const plates = (isClockTrusted: boolean) =>
            calledFace(scene({ calls, isClockTrusted }), plan()).rows.map(({ plate }) => plate);
        expect(plates(true)).toEqual(["123ABC02"]);
        expect(plates(false)).toEqual(["123ABC02", "777AA05"]);
    });

    test("a call without a time comes last and says so", () => {
        expect(said({ calls: [called("777AA05"), called("A123BC", 60)], openGates: ["1"] })).toEqual([
            "Вызваны",
            "A123BC           1 13:05",
            "777AA05          1     –",
        ]);
    });
});

describe("whatever comes in", () => {
    test("no line is longer, no face higher than the board, and nothing but plates stands in the rows", () => {
        const text = fc.string({ unit: "binary", maxLength: 40 });
        const call = fc.record({
            plate: fc.oneof(text, fc.constantFrom("123ABC02", "ИВАНОВ", "[fl]12AB", "A1B2C3D4E5F6G7H8")),
            slotStartUtcMs: fc.integer({ min: 0, max: 4e12 }),
            calledAtUtcMs: fc.integer({ min: 0, max: 4e12 }),
        });
        const shape = fc.record({ lines: fc.integer({ min: 3, max: 12 }), columns: fc.integer({ min: 16, max: 40 }) });
        fc.assert(
            fc.property(
                fc.array(call, { maxLength: 30 }),
                shape,
                fc.nat(10_000_000),
                fc.boolean(),
                (calls, shape, ageMs, isShut) => {
                    const list = { version: 1, ageMs };
                    const openGates = isShut ? [] : ["1", "22"];
                    const face = calledFace(scene({ calls, list, openGates, nowMs: ageMs }), plan({ shape }));
                    expect(face.lines.length).toBeLessThanOrEqual(shape.lines);
                    for (const line of face.lines) {
                        expect([...line].length).toBeLessThanOrEqual(shape.columns);
                        expect(line).not.toMatch(/[\p{C}]/u);
                        expect(line).not.toContain("ИВАНОВ");
                    }
                    for (const { plate } of face.rows) expect(plate).toMatch(/^(?=.*\d.*\d)[\p{L}\d]{3,12}$/u);
                },
            ),
        );
    });

    test("without anybody to feed it a board says so in every language that has room, and never «drive on»", () => {
        const turning = plan({ languages: ["kk", "ru", "en"] });
        expect(lostLines(turning, false)).toEqual(["Байланыс жоқ", "Нет связи", "No connection"]);
        expect(lostLines(turning, true)).toEqual(["Күтіңіз", "Ожидайте", "Please wait"]);
        expect(lostLines(plan({ languages: ["kk", "ru", "en"], shape: { lines: 1, columns: 12 } }), true)).toEqual([
            "Күтіңіз",
        ]);
    });
});
