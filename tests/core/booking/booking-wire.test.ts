/** Wire records: what is understood, what stands in the hashed text, and what is refused with its place named. */
import { describe, expect, test } from "vitest";
import { parseWireBooking } from "../../../src/core/booking/booking-wire.ts";
import { WireError } from "../../../src/core/booking/wire-value.ts";
import { canonicalJson } from "../../../src/core/fact/canonical-json.ts";
import type { Json } from "../../../src/core/fact/fact.ts";

const full = {
    version: 3,
    id: "a1b2c3:2026-11-22-17",
    queueNumber: 17,
    slotStart: "2026-11-22T08:00:00Z",
    slotEnd: "2026-11-22T09:00:00.000Z",
    checkpoint: "nur-zholy",
    tractor: { plate: "123 ab-02", country: "KZ" },
    trailers: [{ plate: "78ТС 02" }, { country: "RU", plate: "АВ123477" }],
    status: "Вызван на пункт пропуска",
    late: true,
    priority: "accelerated",
};

describe("parseWireBooking", () => {
    test("understands a full record", () => {
        expect(parseWireBooking(full).booking).toEqual({
            id: "a1b2c3:2026-11-22-17",
            queueNumber: 17,
            slotStartUtcMs: Date.parse("2026-11-22T08:00:00Z"),
            slotEndUtcMs: Date.parse("2026-11-22T09:00:00Z"),
            checkpoint: "nur-zholy",
            tractor: { text: "123 ab-02", key: "123AB02", country: "KZ" },
            trailers: [
                { text: "78ТС 02", key: "78TC02" },
                { text: "АВ123477", key: "AB123477", country: "RU" },
            ],
            status: "called",
            isLate: true,
            priority: "accelerated",
            version: 3,
        });
    });

    test("leaves absent what was not sent", () => {
        const { queueNumber, ...rest } = full;
        const { booking } = parseWireBooking({ ...rest, tractor: { plate: "123AB02" }, trailers: [] });
        expect(booking).not.toHaveProperty("queueNumber");
        expect(booking.tractor).toEqual({ text: "123AB02", key: "123AB02" });
        expect(booking.trailers).toEqual([]);
    });

    test("hashes the record as it was sent, its members sorted", () => {
        const { queueNumber, ...rest } = full;
        for (const record of [full, rest, { ...full, status: 'Неведомо "\\', trailers: [] }]) {
            expect(parseWireBooking(record).canonical).toBe(canonicalJson(record as Json));
        }
    });

    test("a text made by hand, so that other languages can be held against it", () => {
        expect(parseWireBooking(full).canonical).toBe(
            '{"checkpoint":"nur-zholy","id":"a1b2c3:2026-11-22-17","late":true,"priority":"accelerated","queueNumber":17,' +
                '"slotEnd":"2026-11-22T09:00:00.000Z","slotStart":"2026-11-22T08:00:00Z","status":"Вызван на пункт пропуска",' +
                '"tractor":{"country":"KZ","plate":"123 ab-02"},' +
                '"trailers":[{"plate":"78ТС 02"},{"country":"RU","plate":"АВ123477"}],"version":3}',
        );
    });

    test("a record read back from its own canonical text is the same record", () => {
        const { booking, canonical } = parseWireBooking(full);
        const again = parseWireBooking(JSON.parse(canonical));
        expect([again.booking, again.canonical]).toEqual([booking, canonical]);
    });

    test("a status nobody knows is no reason to refuse the list", () => {
        expect(parseWireBooking({ ...full, status: "Ждёт" }).booking.status).toBe("unknown");
    });

    test("a plate without letters and digits has the key that matches nothing", () => {
        expect(parseWireBooking({ ...full, tractor: { plate: " - " } }).booking.tractor.key).toBe("");
    });

    test("what is known of the call, the category, holds and the combination is understood, and is part of the text", () => {
        const { booking, canonical } = parseWireBooking({
            ...full,
            calledAt: "2026-11-22T06:00:00Z",
            calledUntil: "2026-11-22T09:30:00Z",
            category: "perishable",
            combination: "semitrailer",
            holds: ["booker-blocked"],
            permittedMassKg: 40_000,
        });
        expect(booking).toMatchObject({
            calledAtUtcMs: Date.UTC(2026, 10, 22, 6),
            calledUntilUtcMs: Date.UTC(2026, 10, 22, 9, 30),
            category: "perishable",
            combination: "semitrailer",
            holds: ["booker-blocked"],
            permittedMassKg: 40_000,
        });
        const members = Object.keys(JSON.parse(canonical));
        expect(members).toEqual(members.toSorted());
        expect(JSON.parse(canonical)).toMatchObject({ calledAt: "2026-11-22T06:00:00Z", permittedMassKg: 40_000 });
        expect(parseWireBooking(JSON.parse(canonical)).canonical).toBe(canonical);
    });

    test.each<[string, unknown, string, string]>([
        ["a call without a time", { ...full, calledAt: true }, "$.calledAt", "a text"],
        ["a call at no time", { ...full, calledUntil: "soon" }, "$.calledUntil", "a time such as"],
        ["a category of its own", { ...full, category: "vip" }, "$.category", "postal, animals"],
        ["a combination of its own", { ...full, combination: "bus" }, "$.combination", "single, semitrailer"],
        ["holds as a text", { ...full, holds: "debt" }, "$.holds", "a list"],
        ["eleven holds", { ...full, holds: Array(11).fill("x") }, "$.holds", "at most 10"],
        ["an empty hold", { ...full, holds: ["x", ""] }, "$.holds[1]", "a text of 1 to 64"],
        ["no mass at all", { ...full, permittedMassKg: 0 }, "$.permittedMassKg", "a whole number from 1"],
        ["no object", "x", "$", "an object"],
        ["a list", [full], "$", "an object"],
        ["null", null, "$", "an object"],
        ["a field too many", { ...full, driver: "…" }, "$.driver", "no such field, only id, queueNumber"],
        ["no id", { ...full, id: undefined }, "$.id", "a text of 1 to 64 characters"],
        ["an empty id", { ...full, id: "" }, "$.id", "a text"],
        ["a long id", { ...full, id: "x".repeat(65) }, "$.id", "a text of 1 to 64"],
        ["a number as id", { ...full, id: 7 }, "$.id", "a text"],
        ["queue number 0", { ...full, queueNumber: 0 }, "$.queueNumber", "a whole number from 1"],
        ["queue number null", { ...full, queueNumber: null }, "$.queueNumber", "a whole number from 1"],
        ["half a queue number", { ...full, queueNumber: 1.5 }, "$.queueNumber", "a whole number from 1"],
        ["a local time", { ...full, slotStart: "2026-11-22T08:00:00" }, "$.slotStart", "a time such as"],
        ["a time as a number", { ...full, slotEnd: 1_795_336_200_000 }, "$.slotEnd", "a text"],
        [
            "a slot that ends first",
            { ...full, slotEnd: "2026-11-22T07:59:59Z" },
            "$.slotEnd",
            "a time not before slotStart",
        ],
        ["no checkpoint", { ...full, checkpoint: "" }, "$.checkpoint", "a text"],
        ["no tractor", { ...full, tractor: null }, "$.tractor", "an object"],
        ["a tractor as a text", { ...full, tractor: "123AB02" }, "$.tractor", "an object"],
        ["no plate", { ...full, tractor: { country: "KZ" } }, "$.tractor.plate", "a text of 1 to 32"],
        [
            "an owner",
            { ...full, tractor: { plate: "1", owner: "…" } },
            "$.tractor.owner",
            "no such field, only plate, country",
        ],
        [
            "a country by name",
            { ...full, tractor: { plate: "1", country: "Kazakhstan" } },
            "$.tractor.country",
            "two capital letters",
        ],
        ["no trailers", { ...full, trailers: undefined }, "$.trailers", "a list"],
        [
            "three trailers",
            { ...full, trailers: [full.tractor, full.tractor, full.tractor] },
            "$.trailers",
            "at most 2",
        ],
        ["a bad second trailer", { ...full, trailers: [full.tractor, {}] }, "$.trailers[1].plate", "a text"],
        ["no status", { ...full, status: undefined }, "$.status", "a text of 1 to 100"],
        ["lateness as a word", { ...full, late: "no" }, "$.late", "true or false"],
        ["an unknown priority", { ...full, priority: "vip" }, "$.priority", "in-turn, out-of-turn, accelerated"],
        ["version 0", { ...full, version: 0 }, "$.version", "a whole number from 1"],
        ["a version beyond counting", { ...full, version: 2 ** 53 }, "$.version", "a whole number from 1"],
    ])("refuses %s", (_, record, path, expected) => {
        const error = catchError(() => parseWireBooking(record));
        expect(error).toBeInstanceOf(WireError);
        expect(error).toMatchObject({ path, expected: expect.stringContaining(expected) });
    });
});

function catchError(act: () => unknown): unknown {
    try {
        return act();
    } catch (error) {
        return error;
    }
}
