/** The central system's words and codes for the state of a booking, and which of our states each one means. */
import type { BookingStatus } from "./booking.ts";

/**
 * Sources: the public registry's texts (draft order of 9 October 2024), the shorter words that officers use, the codes
 * seen in clients of the central system, and our own names. What is not here means `unknown`, so an officer decides:
 * that includes checks under way or failed («Производится проверка», «Проверка провалена») and lateness, which is a flag.
 */
const MEANINGS: Readonly<Record<Exclude<BookingStatus, "unknown">, readonly string[]>> = {
    "payment-pending": ["payment-pending", "Производится оплата", "Оплата не произведена", "WaitingPayment", "NotPaid"],
    "in-queue": ["in-queue", "В очереди", "Pending"],
    called: ["called", "Вызван на пункт пропуска"],
    entered: ["entered", "Въехал на пункт пропуска"],
    crossed: ["crossed", "Пересёк пункт пропуска"],
    revoked: ["revoked", "Отозван", "Пропуск отозван", "Cancelled"],
    expired: ["expired", "Просрочен", "Пропуск просрочен"],
    annulled: ["annulled", "Аннулирован", "Пропуск аннулирован"],
};

const STATUS_OF: ReadonlyMap<string, BookingStatus> = new Map(
    Object.entries(MEANINGS).flatMap(([status, words]) =>
        words.flatMap((word) => [word, fold(word)].map((text) => [text, status as BookingStatus])),
    ),
);

/** The state that a text means; case, blanks around it and «ё» or «е» make no difference. Never throws. */
export function toBookingStatus(text: string): BookingStatus {
    return STATUS_OF.get(text) ?? STATUS_OF.get(fold(text)) ?? "unknown";
}

function fold(text: string): string {
    return text.trim().toLowerCase().replaceAll("ё", "е");
}
