/**
 * The officer of the demonstration: a person with eyes at the lane and `kordon lane` at hand. Looks at the true plate, compares it
 * with the booking, accepts or refuses, and sends refused drivers away.
 */
import type { Clock } from "../../ports/clock.ts";
import { askOnce } from "../control-client.ts";
import type { FactSeen, LorryStory } from "./demo-ledger.ts";
import { DEMO_LANE } from "./demo-site.ts";

/** How long a person takes to look up from the desk; a real one takes longer. */
const LOOK_MS = 1_000;

export class DemoOfficer {
    readonly #socket: string;
    readonly #clock: Clock;
    readonly #waveAway: (lorry: number) => void;

    constructor(socket: string, clock: Clock, waveAway: (lorry: number) => void) {
        this.#socket = socket;
        this.#clock = clock;
        this.#waveAway = waveAway;
    }

    /** Does what the fact calls for. */
    hear(fact: FactSeen, story: LorryStory): void {
        if (fact.kind === "vehicle.referred") this.#clock.after(LOOK_MS, () => void this.#judge(story));
        if (fact.kind === "vehicle.refused") this.#clock.after(LOOK_MS, () => this.#waveAway(story.lorry));
    }

    async #judge(story: LorryStory): Promise<void> {
        const isGood = story.booked === "valid" && story.bookingId !== undefined;
        const question = {
            ask: "lane",
            lane: DEMO_LANE,
            by: "demo officer",
            reason: isGood ? "plate compared with the booking by eye" : "no valid booking for the plate seen",
            ...(story.passage === undefined ? {} : { passage: story.passage }),
        } as const;
        // The lorry may have left, or the lane may have read it after all: a refused word is no failure of the demonstration.
        await askOnce(
            this.#socket,
            isGood && story.bookingId !== undefined
                ? { ...question, asks: "accept", bookingId: story.bookingId }
                : { ...question, asks: "refuse" },
        ).catch(() => undefined);
    }
}
