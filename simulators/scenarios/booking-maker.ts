/** Writes the bookings of a simulated day: slots around the arrival, states of the registry, plates as people type them. */
import { Random } from "../world/random.ts";
import type { ScenePlate } from "../world/scene-view.ts";
import type { DayOptions } from "./day-options.ts";
import { typedCarelessly } from "./plate-maker.ts";
import { REGISTRY_STATUS, type RegistryStatus, type WireBooking, type WirePlate } from "./wire-booking.ts";

const HOUR_MS = 3_600_000;
/** Slots are one hour, as in the registry. Their starts are laid on half hours, so that a late arrival still has half an hour left. */
const SLOT_MS = HOUR_MS;
const SLOT_GRID_MS = HOUR_MS / 2;
const DAY_MS = 24 * HOUR_MS;

type Refused = "inQueue" | "annulled" | "expired" | "revoked";
const REFUSED: Readonly<Record<Refused, number>> = { inQueue: 4, annulled: 3, expired: 2, revoked: 1 };
const OTHERS = {
    inQueue: 70,
    paymentPending: 4,
    called: 8,
    entered: 4,
    crossed: 8,
    revoked: 2,
    expired: 2,
    annulled: 2,
};
const PRIORITIES = { "in-turn": 94, "out-of-turn": 5, accelerated: 1 };

type Draft = Omit<WireBooking, "queueNumber">;

export class BookingMaker {
    readonly #options: DayOptions;
    readonly #random: Random;
    readonly #drafts: Draft[] = [];

    constructor(options: DayOptions) {
        this.#options = options;
        this.#random = new Random(options.seed, "bookings");
    }

    /** For a lorry that arrives at this world time; returns the booking's id. */
    book(kind: "valid" | "invalid", arrivesAtMs: number, plate: ScenePlate, trailers: readonly ScenePlate[]): string {
        const atUtcMs = this.#options.startUtcMs + arrivesAtMs / this.#options.speed;
        if (kind === "valid") return this.#write(REGISTRY_STATUS.called, atUtcMs, plate, trailers);
        const state = this.#random.weighted(REFUSED);
        // Who is still in the queue comes too early, whose slot has expired comes too late.
        const shiftMs = { inQueue: DAY_MS, expired: -DAY_MS, annulled: 0, revoked: 0 }[state];
        return this.#write(REGISTRY_STATUS[state], atUtcMs + shiftMs, plate, trailers);
    }

    /** For a lorry that does not come: some slot of the days around. */
    bookOther(plate: ScenePlate, trailers: readonly ScenePlate[]): string {
        const status = REGISTRY_STATUS[this.#random.weighted(OTHERS)];
        const atUtcMs = this.#options.startUtcMs + this.#random.between(-2, 30) * DAY_MS;
        return this.#write(status, atUtcMs, plate, trailers);
    }

    /** All bookings by slot, numbered in that order. */
    list(): WireBooking[] {
        return this.#drafts
            .toSorted((a, b) => a.slotStart.localeCompare(b.slotStart) || a.id.localeCompare(b.id))
            .map((draft, i) => ({ ...draft, queueNumber: i + 1 }));
    }

    #write(status: RegistryStatus, atUtcMs: number, plate: ScenePlate, trailers: readonly ScenePlate[]): string {
        const startUtcMs = Math.floor(atUtcMs / SLOT_GRID_MS) * SLOT_GRID_MS;
        const id = `bk-${String(this.#drafts.length + 1).padStart(6, "0")}`;
        const isCareless = this.#random.chance(this.#options.typedShare);
        this.#drafts.push({
            id,
            slotStart: new Date(startUtcMs).toISOString(),
            slotEnd: new Date(startUtcMs + SLOT_MS).toISOString(),
            checkpoint: this.#options.checkpoint,
            tractor: this.#typed(plate, isCareless),
            trailers: trailers.map((trailer) => this.#typed(trailer, isCareless)),
            status,
            late: status === REGISTRY_STATUS.inQueue && this.#random.chance(0.1),
            priority: this.#random.weighted(PRIORITIES),
            version: 1,
        });
        return id;
    }

    #typed(plate: ScenePlate, isCareless: boolean): WirePlate {
        const text = isCareless ? typedCarelessly(plate.text, this.#random) : plate.text;
        return { plate: text, country: plate.country };
    }
}
