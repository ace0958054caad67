/** Tables as they are handed over: headings in three languages, titles above them, rows in error, days of their own. */
import { describe, expect, test } from "vitest";
import {
    parseLocal,
    type ReadTable,
    readOutOfTurnTable,
    TableError,
    type TableFrame,
} from "../../../src/core/queue/out-of-turn-table.ts";

const CALENDAR = { utcOffsetMinutes: 300, winter: { from: "11-01", to: "03-31" } };
const FROM = Date.UTC(2026, 10, 21, 19);
const UNTIL = Date.UTC(2026, 11, 2, 19) - 1;

function table(lines: readonly string[], change: Partial<TableFrame> = {}): ReadTable {
    const rows = lines.map((text, index) => ({ line: index + 1, cells: text.split("|") }));
    return readOutOfTurnTable(rows, {
        validFromUtcMs: FROM,
        validUntilUtcMs: UNTIL,
        calendar: CALENDAR,
        ...change,
    });
}

describe("columns", () => {
    test.each([
        ["in Russian", "№|Гос. номер ТС|Полуприцеп|Страна|ФИО водителя"],
        ["in Kazakh", "р/с|Мемлекеттік нөмір|Тіркеме|Ел|Жүргізуші"],
        ["in English", "no|Plate|Trailer|Country|Driver"],
    ])("%s are found, and others are not taken", (_name, heading) => {
        const { entries, ignored } = table([heading, "1|123 abc-02|55 AAA 02|kz|Иванов И. И."]);
        expect(entries).toEqual([
            {
                line: 2,
                plate: "123 abc-02",
                key: "123ABC02",
                country: "KZ",
                trailers: ["55 AAA 02"],
                fromUtcMs: FROM,
                untilUtcMs: UNTIL,
            },
        ]);
        expect(ignored).toHaveLength(2);
        expect(JSON.stringify(entries)).not.toContain("Иванов");
    });

    test("may stand below a title", () => {
        const { entries } = table(["Список транспортных средств", "", "Номер", "123ABC02"]);
        expect(entries.map(({ line }) => line)).toEqual([4]);
    });

    test("can be named by number, without a heading", () => {
        const { entries, columns } = table(["x|123ABC02", "y|777KKK05"], { columns: { plate: "2" } });
        expect(entries.map(({ key }) => key)).toEqual(["123ABC02", "777KKK05"]);
        expect(columns).toEqual({ plate: "column 2" });
    });

    test("can be named by heading", () => {
        const { entries } = table(["Машина|Номер", "123ABC02|17"], { columns: { plate: "машина" } });
        expect(entries.map(({ key }) => key)).toEqual(["123ABC02"]);
    });

    test.each<[string, readonly string[], Partial<TableFrame>]>([
        ["without a column of plates", ["a|b", "1|2"], {}],
        ["with a column that is not there", ["Номер|b", "123ABC02|2"], { columns: { trailer: "Прицеп" } }],
        ["empty", [], {}],
    ])("a table %s is refused", (_name, lines, change) => {
        expect(() => table(lines, change)).toThrow(TableError);
    });
});

describe("a row in error is named by its line and left out", () => {
    test.each([
        ["nothing in it, which is no error", "||", '"" is no number plate', false],
        ["a word", "Скания|x", '"Скания" is no number plate', true],
        ["a trailer that is none", "123ABC02|прицеп", 'the trailer\'s "прицеп" is no number plate', true],
        ["a country by name", "123ABC02||Казахстан", '"КАЗАХСТАН" is no country code', true],
        ["a day that is none", "123ABC02|||31.02.2026", '"31.02.2026" is no day', true],
        ["an end that is none", "123ABC02|||22.11.2026|завтра", '"завтра" is no day', true],
        ["an end before its beginning", "123ABC02|||23.11.2026|22.11.2026", "it ends before it begins", true],
        ["days beyond the list's", "123ABC02|||20.11.2026|22.11.2026", "go beyond those of the whole list", true],
    ])("%s", (_name, line, message, isError) => {
        const { entries, errors } = table(["Номер|Прицеп|Страна|С|По", line, "777KKK05"]);
        expect(entries.map(({ key }) => key)).toEqual(["777KKK05"]);
        expect(errors).toEqual(isError ? [{ line: 2, message: expect.stringContaining(message) }] : []);
    });

    test("the same vehicle twice for the same days", () => {
        const { entries, errors } = table(["Номер|С|По", "123ABC02", "123 авс 02", "123ABC02|22.11.2026|22.11.2026"]);
        expect(entries.map(({ line }) => line)).toEqual([2, 4]);
        expect(errors).toEqual([{ line: 3, message: "the same vehicle for the same days as line 2" }]);
    });
});

describe("local days and minutes", () => {
    test.each<[string, "from" | "until", number | undefined]>([
        ["2026-11-22", "from", Date.UTC(2026, 10, 21, 19)],
        ["2026-11-22", "until", Date.UTC(2026, 10, 22, 19) - 1],
        ["22.11.2026", "from", Date.UTC(2026, 10, 21, 19)],
        ["22.11.2026 08:30", "until", Date.UTC(2026, 10, 22, 3, 30)],
        ["2026-11-22T18:00", "from", Date.UTC(2026, 10, 22, 13)],
        ["2026-11-22 24:00", "from", undefined],
        ["2026-13-01", "from", undefined],
        ["22/11/2026", "from", undefined],
        ["", "from", undefined],
    ])("%s as %s", (text, end, expected) => expect(parseLocal(text, end, CALENDAR)).toBe(expected));
});
