/**
 * One day at the checkpoint, drawn from a seed: who comes when, with which plates, and what the central system has booked.
 * Pure, so that the world and the simulated central system make the same day without talking to each other.
 */
import { Random } from "../world/random.ts";
import type { ScenePlate } from "../world/scene-view.ts";
import { BookingMaker } from "./booking-maker.ts";
import { DayOptions, type DayOptionsInput } from "./day-options.ts";
import type { Booked, Lorry, LorryLook } from "./lorry.ts";
import { type PlateCountry, PlateMaker } from "./plate-maker.ts";
import type { WireBooking } from "./wire-booking.ts";

export interface Day {
    /** In order of arrival. */
    readonly lorries: readonly Lorry[];
    /** In order of their queue numbers. */
    readonly bookings: readonly WireBooking[];
}

/** The plates and the booking of one lorry. */
interface Papers {
    readonly country: PlateCountry;
    readonly plate: ScenePlate;
    readonly trailerPlates: readonly ScenePlate[];
    readonly bookingId?: string;
    readonly nearBookingId?: string;
}

const FIRST_ARRIVAL_MS = 1_000;
const COLOURS = ["#f2f2ee", "#b9bec4", "#274b8f", "#a3201d", "#d9a514", "#2d6a3f", "#3b3f45", "#7d5a3c"];

/** Throws `ZodError` naming the option that is wrong. */
export function makeDay(input: DayOptionsInput): Day {
    const options = DayOptions.parse(input);
    const random = new Random(options.seed, "day");
    const arrivals = arrivalTimes(options);
    const kinds = arrivals.map(() => bookedKind(options, random));
    const desk = new Desk(options);
    const papers = new Array<Papers>(arrivals.length);
    // Bookings first: an unbooked lorry may stand in a fleet with any of them.
    for (const [i, kind] of kinds.entries()) if (kind !== "none") papers[i] = desk.booked(kind, arrivals[i] ?? 0);
    for (const [i, kind] of kinds.entries()) if (kind === "none") papers[i] = desk.unbooked();
    const lorries = papers.map(({ country: _, ...paper }, i): Lorry => {
        return {
            number: i + 1,
            lane: random.int(options.lanes),
            arrivesAtMs: arrivals[i] ?? 0,
            ...paper,
            booked: kinds[i] ?? "none",
            shape: random.weighted(options.shapes),
            driver: random.weighted(options.drivers),
            patienceMs: Math.round(random.between(...options.patienceMs)),
            stopErrorM: random.between(-0.5, 0.5),
            look: look(random),
        };
    });
    return { lorries, bookings: desk.list() };
}

function arrivalTimes(options: DayOptions): number[] {
    const random = new Random(options.seed, "arrivals");
    const meanExtraMs = Math.max(0, options.gapMsMean - options.gapMsMin);
    let atMs = FIRST_ARRIVAL_MS;
    return Array.from({ length: options.passages }, () => {
        const arrivesAtMs = Math.round(atMs);
        atMs += options.gapMsMin + random.exponential(meanExtraMs);
        return arrivesAtMs;
    });
}

function bookedKind(options: DayOptions, random: Random): Booked {
    const draw = random.next();
    if (draw < options.bookedShare) return "valid";
    return draw < options.bookedShare + options.invalidShare ? "invalid" : "none";
}

function look(random: Random): LorryLook {
    return {
        colour: random.pick(COLOURS),
        cab: random.int(1_000_000),
        lateralM: random.between(-0.4, 0.4),
        dirt: random.next() ** 3,
    };
}

/** Gives out plates and bookings, all different. */
class Desk {
    readonly #options: DayOptions;
    readonly #random: Random;
    readonly #plates: PlateMaker;
    readonly #bookings: BookingMaker;
    readonly #booked: Papers[] = [];

    constructor(options: DayOptions) {
        this.#options = options;
        this.#random = new Random(options.seed, "desk");
        this.#plates = new PlateMaker(new Random(options.seed, "plates"));
        this.#bookings = new BookingMaker(options);
    }

    booked(kind: "valid" | "invalid", arrivesAtMs: number): Papers {
        const papers = this.#papers();
        const bookingId = this.#bookings.book(kind, arrivesAtMs, papers.plate, papers.trailerPlates);
        this.#booked.push({ ...papers, bookingId });
        return { ...papers, bookingId };
    }

    unbooked(): Papers {
        if (this.#booked.length > 0 && this.#random.chance(this.#options.nearShare)) {
            const { bookingId, ...like } = this.#random.pick(this.#booked);
            const plate = this.#plates.neighbour(like.plate);
            if (plate !== undefined && bookingId !== undefined) {
                return { ...this.#papers(like.country), plate, nearBookingId: bookingId };
            }
        }
        return this.#papers();
    }

    list(): WireBooking[] {
        for (let i = 0; i < this.#options.otherBookings; i++) {
            const { plate, trailerPlates } = this.#papers();
            this.#bookings.bookOther(plate, trailerPlates);
        }
        return this.#bookings.list();
    }

    #papers(country: PlateCountry = this.#random.weighted(this.#options.countries)): Papers {
        const rows = country === "KZ" && this.#random.chance(this.#options.twoRowShare) ? 2 : 1;
        const plate = this.#plates.make(country, "tractor", rows);
        const trailer = this.#plates.make(country, "trailer", country === "CN" ? 2 : 1);
        return { country, plate, trailerPlates: [trailer] };
    }
}
