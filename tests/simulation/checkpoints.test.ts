// The forty posts of the electronic queue, held against the sums of the source: countries, posts and lorries a day.
import { expect, test } from "vitest";
import { loadCheckpoints } from "../../simulation/checkpoints.ts";

test.each([
    ["CN", 5, 1_470],
    ["UZ", 4, 1_470],
    ["TM", 1, 200],
    ["RU", 30, 8_000],
])("towards %s %i posts with %i lorries a day", (country, posts, lorriesPerDay) => {
    const there = loadCheckpoints().filter(({ neighbour }) => neighbour === country);
    expect(there).toHaveLength(posts);
    expect(there.reduce((sum, each) => sum + each.lorriesPerDay, 0)).toBe(lorriesPerDay);
});

test("forty posts in all, 11,140 lorries a day, every id and name once", () => {
    const all = loadCheckpoints();
    expect(all.reduce((sum, each) => sum + each.lorriesPerDay, 0)).toBe(11_140);
    for (const names of [all.map(({ id }) => id), all.map(({ name }) => name.ru), all.map(({ name }) => name.latin)]) {
        expect(new Set(names).size).toBe(40);
    }
});

test("the eight posts without a figure of their own share 4,996 as evenly as whole lorries can", () => {
    const shared = loadCheckpoints().filter(({ isShareOfSum }) => isShareOfSum);
    expect(shared.map(({ lorriesPerDay }) => lorriesPerDay)).toEqual([625, 625, 625, 625, 624, 624, 624, 624]);
    expect(shared.every(({ region }) => region === undefined)).toBe(true);
});

test("the posts named in the source have its figures", () => {
    const perDay = Object.fromEntries(loadCheckpoints().map(({ name, lorriesPerDay }) => [name.ru, lorriesPerDay]));
    expect(perDay).toMatchObject({
        "Нур Жолы": 600,
        Достык: 300,
        "Б. Конысбаева": 700,
        Казыгурт: 320,
        "Темир-Баба": 200,
        Урлютобе: 300,
        "Кызыл Жар": 48,
    });
});
