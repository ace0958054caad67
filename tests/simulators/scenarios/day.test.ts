// A made day: plates in their national forms, bookings that fit the lorries, near misses that are misses, and the same from the same seed.
import { expect, test } from "vitest";
import { makeDay } from "../../../simulators/scenarios/day.ts";
import type { DayOptionsInput } from "../../../simulators/scenarios/day-options.ts";

const START_UTC_MS = Date.UTC(2026, 10, 22, 5, 10);
const HALF_HOUR_MS = 30 * 60_000;
const day = (options: Partial<DayOptionsInput> = {}) =>
    makeDay({ seed: 1, passages: 600, checkpoint: "nur-zholy", startUtcMs: START_UTC_MS, ...options });

/** Written out from the national rules, not from the maker's tables. */
const TRACTOR: Record<string, RegExp> = {
    KZ: /^\d{3}[A-Z]{2,3}(0[1-9]|1\d|20)$/,
    RU: /^[ABEKMHOPCTYX](?!000)\d{3}[ABEKMHOPCTYX]{2}\d{2,3}$/,
    UZ: /^\d{2}(\d{3}[A-Z]{3}|[A-Z]\d{3}[A-Z]{2})$/,
    KG: /^0[1-9]KG\d{3}[A-Z]{2,3}$/,
    CN: /^\p{Script=Han}[A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}$/u,
};
const TRAILER: Record<string, RegExp> = {
    KZ: /^\d{2}[A-Z]{2,3}(0[1-9]|1\d|20)$/,
    RU: /^[ABEKMHOPCTYX]{2}\d{4}\d{2,3}$/,
    UZ: /^\d{2}\d{4}[A-Z]{2}$/,
    KG: /^0[1-9]KG\d{3}[A-Z]{2}$/,
    CN: /^\p{Script=Han}[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}挂$/u,
};

/** Dash, space and Cyrillic look-alikes undone, as domain rules say; an oracle of its own. */
function key(typed: string): string {
    const latin: Record<string, string> = {
        А: "A",
        В: "B",
        Е: "E",
        К: "K",
        М: "M",
        Н: "H",
        О: "O",
        Р: "P",
        С: "C",
        Т: "T",
        У: "Y",
        Х: "X",
    };
    return [...typed.replace(/[\s-]/g, "")].map((char) => latin[char] ?? char).join("");
}

const differences = (a: string, b: string) => [...a].filter((char, i) => char !== b[i]).length;

test("the same seed makes the same day, another seed another", () => {
    expect(day()).toEqual(day());
    expect(day({ seed: 2 }).lorries[0]?.plate).not.toEqual(day().lorries[0]?.plate);
});

test("every plate has a form of its country and role, and no two are equal", () => {
    const { lorries } = day();
    for (const { plate, trailerPlates } of lorries) {
        expect(plate.text).toMatch(TRACTOR[plate.country] ?? /never/);
        expect(trailerPlates).toHaveLength(1);
        for (const trailer of trailerPlates) expect(trailer.text).toMatch(TRAILER[trailer.country] ?? /never/);
    }
    const texts = lorries.flatMap((lorry) => [lorry.plate, ...lorry.trailerPlates]).map((plate) => plate.text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(new Set(lorries.map((lorry) => lorry.plate.country))).toEqual(new Set(["KZ", "RU", "UZ", "KG", "CN"]));
});

test("a lorry that counts as valid has one booking: called, its plates, a slot around its arrival", () => {
    const { lorries, bookings } = day({ speed: 4 });
    const valid = lorries.filter((lorry) => lorry.booked === "valid");
    expect(valid.length / lorries.length).toBeCloseTo(0.75, 1);
    for (const lorry of valid) {
        const mine = bookings.filter((booking) => key(booking.tractor.plate) === lorry.plate.text);
        expect(mine).toHaveLength(1);
        const [booking] = mine;
        expect(booking).toMatchObject({
            id: lorry.bookingId,
            status: "Вызван на пункт пропуска",
            checkpoint: "nur-zholy",
            late: false,
            version: 1,
        });
        expect(booking?.trailers.map((trailer) => key(trailer.plate))).toEqual(lorry.trailerPlates.map((p) => p.text));
        const arrivesUtcMs = START_UTC_MS + lorry.arrivesAtMs / 4;
        const [startMs, endMs] = [Date.parse(booking?.slotStart ?? ""), Date.parse(booking?.slotEnd ?? "")];
        expect(endMs - startMs).toBe(2 * HALF_HOUR_MS);
        expect(startMs).toBeLessThanOrEqual(arrivesUtcMs);
        expect(endMs - arrivesUtcMs).toBeGreaterThanOrEqual(HALF_HOUR_MS);
    }
});

test("an invalid one is booked in a state that does not admit; an unbooked one is in no booking", () => {
    const { lorries, bookings } = day({ invalidShare: 0.15 });
    const statusOf = new Map(bookings.map((booking) => [key(booking.tractor.plate), booking.status]));
    const statuses = new Set(lorries.filter((l) => l.booked === "invalid").map((l) => statusOf.get(l.plate.text)));
    expect(statuses).toEqual(new Set(["В очереди", "Аннулирован", "Просрочен", "Отозван"]));
    const all = new Set(bookings.flatMap((b) => [b.tractor, ...b.trailers]).map((plate) => key(plate.plate)));
    const unbooked = lorries.filter((lorry) => lorry.booked === "none");
    expect(unbooked.length).toBeGreaterThan(30);
    for (const lorry of unbooked) expect(all.has(lorry.plate.text)).toBe(false);
});

test("near misses differ from a booked plate in exactly one character, the others are not marked", () => {
    const { lorries, bookings } = day({ bookedShare: 0.5, invalidShare: 0.1 });
    const unbooked = lorries.filter((lorry) => lorry.booked === "none");
    const near = unbooked.filter((lorry) => lorry.nearBookingId !== undefined);
    expect(near.length / unbooked.length).toBeGreaterThan(0.2);
    expect(near.length / unbooked.length).toBeLessThan(0.36);
    for (const lorry of near) {
        const booking = bookings.find((candidate) => candidate.id === lorry.nearBookingId);
        const booked = key(booking?.tractor.plate ?? "");
        expect(booked).toHaveLength(lorry.plate.text.length);
        expect(differences(booked, lorry.plate.text)).toBe(1);
    }
});

test("some bookings are typed with separators or in Cyrillic, all with the key of the painted plate", () => {
    const { bookings } = day({ typedShare: 0.4 });
    const plates = bookings.map((booking) => booking.tractor.plate);
    expect(plates.filter((plate) => /[ -]/.test(plate)).length).toBeGreaterThan(40);
    expect(plates.filter((plate) => /\p{Script=Cyrillic}/u.test(plate)).length).toBeGreaterThan(40);
    expect(day({ typedShare: 0 }).bookings.every(({ tractor }) => key(tractor.plate) === tractor.plate)).toBe(true);
});

test("arrivals keep the smallest gap and the mean", () => {
    const arrivals = day({ passages: 4_000, gapMsMin: 15_000, gapMsMean: 60_000 }).lorries.map((l) => l.arrivesAtMs);
    const gaps = arrivals.slice(1).map((atMs, i) => atMs - (arrivals[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(14_999);
    const meanMs = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(meanMs).toBeGreaterThan(57_000);
    expect(meanMs).toBeLessThan(63_000);
});

test("a list of real size: thousands of other bookings, each once, in order of their queue numbers", () => {
    const { lorries, bookings } = day({ passages: 50, otherBookings: 5_000 });
    const booked = lorries.filter((lorry) => lorry.booked !== "none").length;
    expect(bookings).toHaveLength(5_000 + booked);
    expect(new Set(bookings.map((booking) => booking.id)).size).toBe(bookings.length);
    expect(bookings.map((booking) => booking.queueNumber)).toEqual(bookings.map((_, i) => i + 1));
    expect(new Set(bookings.map((booking) => key(booking.tractor.plate))).size).toBe(bookings.length);
    expect(new Set(bookings.map((booking) => booking.status)).size).toBe(8);
    const plates = new Map(bookings.map((booking) => [key(booking.tractor.plate), booking.id]));
    for (const lorry of lorries) expect(plates.get(lorry.plate.text)).toBe(lorry.bookingId);
});

test("more lanes share the lorries", () => {
    const lanes = day({ lanes: 3 }).lorries.map((lorry) => lorry.lane);
    for (const lane of [0, 1, 2]) expect(lanes.filter((n) => n === lane).length).toBeGreaterThan(150);
});

test("an unknown option is refused by name", () => {
    const options = { seed: 1, passages: 1, checkpoint: "x", startUtcMs: 1, bokedShare: 0.5 };
    expect(() => makeDay(options)).toThrow(/bokedShare/);
});
