/** Words and codes of the central system, one row each. */
import { expect, test } from "vitest";
import { BOOKING_STATUSES, type BookingStatus } from "../../../src/core/booking/booking.ts";
import { toBookingStatus } from "../../../src/core/booking/booking-status.ts";

test.each<[string, BookingStatus]>([
    ["Производится оплата", "payment-pending"],
    ["Оплата не произведена", "payment-pending"],
    ["WaitingPayment", "payment-pending"],
    ["NotPaid", "payment-pending"],
    ["В очереди", "in-queue"],
    ["в очереди", "in-queue"],
    ["  В очереди\n", "in-queue"],
    ["Pending", "in-queue"],
    ["Вызван на пункт пропуска", "called"],
    ["Въехал на пункт пропуска", "entered"],
    ["Пересёк пункт пропуска", "crossed"],
    ["Пересек пункт пропуска", "crossed"],
    ["Отозван", "revoked"],
    ["Пропуск отозван", "revoked"],
    ["Cancelled", "revoked"],
    ["Просрочен", "expired"],
    ["Пропуск просрочен", "expired"],
    ["Аннулирован", "annulled"],
    ["Пропуск аннулирован", "annulled"],
    ["Опаздывает", "unknown"],
    ["Производится проверка", "unknown"],
    ["Проверка провалена", "unknown"],
    ["Validating", "unknown"],
    ["ReviewFailed", "unknown"],
    ["Вызван", "unknown"],
    ["constructor", "unknown"],
    ["", "unknown"],
])("%j means %s", (text, status) => {
    expect(toBookingStatus(text)).toBe(status);
});

test.each(BOOKING_STATUSES)("our own name %s means itself", (status) => {
    expect(toBookingStatus(status)).toBe(status);
});
