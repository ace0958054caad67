/** Plates in national script that were booked in Latin letters: exact when they fold to one booking, near in every doubt. */
import { describe, expect, test } from "vitest";
import type { Booking } from "../../../src/core/booking/booking.ts";
import { foldedBooking, latinSpelling } from "../../../src/core/decision/national-fold.ts";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import { booking } from "../lane/lane-harness.ts";

const booked = (plate: string, country?: string): Booking =>
    booking(plate, {
        tractor: { text: plate, key: toPlateKey(plate), ...(country === undefined ? {} : { country }) },
    });
const fold = (text: string, folded: readonly Booking[], near: readonly Booking[] = []): string | undefined =>
    foldedBooking(toPlateKey(text), folded, near)?.id;

describe("a Mongolian plate", () => {
    test("in Latin letters has one spelling", () => {
        expect(latinSpelling(toPlateKey("1234УБӨ"))).toBe("1234YBU");
        expect(latinSpelling(toPlateKey("123ABC02"))).toBeUndefined();
        expect(latinSpelling(toPlateKey("新A12345"))).toBeUndefined();
    });

    test.each<[string, string | undefined]>([
        ["MN", "b-1234YBU"],
        ["KZ", undefined],
    ])("booked under %s: %s", (country, expected) => {
        expect(fold("1234УБӨ", [booked("1234YBU", country)])).toBe(expected);
    });

    test("booked without a country is the same plate", () => {
        expect(fold("1234УБӨ", [booked("1234YBU")])).toBe("b-1234YBU");
    });

    test("is near only, when two bookings fold to it", () => {
        const one = booked("1234YBU");
        expect(fold("1234УБӨ", [one, { ...one, id: "b-2" }])).toBeUndefined();
        expect(fold("1234УБӨ", [one], [booked("1234УБҮ")])).toBeUndefined();
        expect(fold("1234УБӨ", [one], [booked("1234УБЗ")])).toBe("b-1234YBU");
    });

    test("that is none, or is booked nowhere, folds to nothing", () => {
        expect(fold("12УБӨ", [booked("12YBU")])).toBeUndefined();
        expect(fold("1234УБӨ", [])).toBeUndefined();
        expect(fold("1234YBU", [booked("1234YBU")])).toBeUndefined();
    });
});
