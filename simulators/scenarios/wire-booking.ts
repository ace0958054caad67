/** A booking as the central system publishes it: JSON with the public registry's own words for the state. */

/** Registry wording, October 2024. */
export const REGISTRY_STATUS = {
    paymentPending: "Производится оплата",
    inQueue: "В очереди",
    called: "Вызван на пункт пропуска",
    entered: "Въехал на пункт пропуска",
    crossed: "Пересёк пункт пропуска",
    revoked: "Отозван",
    expired: "Просрочен",
    annulled: "Аннулирован",
} as const;

export type RegistryStatus = (typeof REGISTRY_STATUS)[keyof typeof REGISTRY_STATUS];

export interface WirePlate {
    /** As the booker typed it. */
    readonly plate: string;
    /** ISO 3166-1 alpha-2, where the booker said it. */
    readonly country?: string;
}

export interface WireBooking {
    readonly id: string;
    readonly queueNumber: number;
    /** RFC 3339, UTC. */
    readonly slotStart: string;
    readonly slotEnd: string;
    readonly checkpoint: string;
    readonly tractor: WirePlate;
    readonly trailers: readonly WirePlate[];
    readonly status: RegistryStatus;
    readonly late: boolean;
    readonly priority: "in-turn" | "out-of-turn" | "accelerated";
    /** Strictly growing per booking. */
    readonly version: number;
}
