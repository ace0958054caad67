/** Holds the daemon's facts against the world's truth, lorry by lorry: read right, read wrong, opened right, opened wrong. */
import { z } from "zod";
import { isSamePlate } from "../same-plate.ts";

/** What the world says about one lorry at one moment; see simulators/world/world-event.ts. */
export const WorldSays = z.looseObject({
    is: z.enum(["arrived", "stopped", "opened", "entered", "passed", "left", "struck"]),
    lorry: z.number(),
    plate: z.string(),
    booked: z.enum(["valid", "invalid", "none"]),
    bookingId: z.string().optional(),
    how: z.string().optional(),
    stopToOpenRealMs: z.number().optional(),
});
export type WorldSays = z.infer<typeof WorldSays>;

export const WorldTruth = z.looseObject({
    arrived: z.number(),
    passages: z.number(),
    opened: z.array(z.looseObject({ lorry: z.number(), booked: z.string(), by: z.string() })),
    passedUnopened: z.array(z.unknown()),
    openedForNobody: z.number(),
    strikes: z.number(),
    safetyReversals: z.number(),
    lowersOnVehicle: z.number(),
});
export type WorldTruth = z.infer<typeof WorldTruth>;

export interface FactSeen {
    readonly kind: string;
    readonly passage?: string | undefined;
    readonly data: { readonly [key: string]: unknown };
}

/** One lorry of the day, as the world and the facts tell it. */
export interface LorryStory {
    readonly lorry: number;
    readonly plate: string;
    readonly booked: WorldSays["booked"];
    readonly bookingId: string | undefined;
    passage?: string;
    readText?: string;
    readConfidence?: number;
    outcome?: string;
    reason?: string;
    officer?: "accept" | "refuse";
    stopToOpenMs?: number;
    end?: string;
}

export class DemoLedger {
    readonly #stories = new Map<number, LorryStory>();
    readonly #byPassage = new Map<string, LorryStory>();
    /** The lorry at the stop line and the passage in hand, each waiting for the other. */
    #standing: LorryStory | undefined;
    #unboundPassage: string | undefined;
    /** Facts of a passage that came before its lorry was known to stand there. */
    #early: FactSeen[] = [];

    /** Returns the story when it is over. */
    world(says: WorldSays): LorryStory | undefined {
        const story = this.#storyOf(says);
        switch (says.is) {
            case "stopped":
                this.#standing = story;
                this.#bind();
                return undefined;
            case "opened":
                if (says.stopToOpenRealMs !== undefined) story.stopToOpenMs ??= Math.round(says.stopToOpenRealMs);
                return undefined;
            case "left":
                story.end = says.how ?? "left";
                if (this.#standing === story) this.#standing = undefined;
                return story;
            default:
                return undefined;
        }
    }

    /** Returns the lorry the fact is about, when it is known. */
    fact(fact: FactSeen): LorryStory | undefined {
        if (fact.kind === "vehicle.arrived" && fact.passage !== undefined) {
            this.#unboundPassage = fact.passage;
            this.#early = [];
            this.#bind();
        }
        const story = fact.passage === undefined ? undefined : this.#byPassage.get(fact.passage);
        if (story !== undefined) note(story, fact);
        else if (fact.passage === this.#unboundPassage) this.#early.push(fact);
        return story;
    }

    stories(): readonly LorryStory[] {
        return [...this.#stories.values()];
    }

    #storyOf({ lorry, plate, booked, bookingId }: WorldSays): LorryStory {
        const known = this.#stories.get(lorry);
        if (known !== undefined) return known;
        const story: LorryStory = { lorry, plate, booked, bookingId };
        this.#stories.set(lorry, story);
        return story;
    }

    #bind(): void {
        if (this.#standing === undefined || this.#unboundPassage === undefined) return;
        const story = this.#standing;
        story.passage = this.#unboundPassage;
        this.#byPassage.set(this.#unboundPassage, story);
        this.#unboundPassage = undefined;
        for (const fact of this.#early) note(story, fact);
        this.#early = [];
    }
}

function note(story: LorryStory, fact: FactSeen): void {
    const { data } = fact;
    switch (fact.kind) {
        case "vehicle.recognised": {
            const confidence = Number(data["confidence"]);
            if (story.readConfidence !== undefined && story.readConfidence >= confidence) return;
            story.readText = String(data["text"]);
            story.readConfidence = confidence;
            return;
        }
        case "decision.made":
            // The first one counts: it is what software alone could do.
            story.outcome ??= String(data["outcome"]);
            story.reason ??= String(data["reason"]);
            return;
        case "officer.ordered":
            if (data["asks"] === "accept" || data["asks"] === "refuse") story.officer = data["asks"];
            return;
        default:
    }
}

export interface DemoSummary {
    readonly passages: number;
    readonly admitted: number;
    readonly refused: number;
    readonly referred: number;
    /** Left before anything was decided. */
    readonly undecided: number;
    readonly wrongOpens: number;
    readonly readsExact: number;
    readonly readsWrong: number;
    readonly readsNone: number;
    /** Wrong reads that were sure enough to decide: each a lorry refused, or worse. */
    readonly readsWrongSure: number;
    readonly officer: { readonly accepted: number; readonly refused: number };
    readonly stopToOpenMs: { readonly p50: number | null; readonly p99: number | null };
    readonly strikes: number;
    readonly safetyReversals: number;
    readonly lowersOnVehicle: number;
}

export function isReadExactly({ readText, plate }: LorryStory): boolean {
    return readText !== undefined && isSamePlate(readText, plate);
}

/** Counts the day. An opening is wrong for every lorry without a valid booking, whoever asked for it. */
export function summarise(stories: readonly LorryStory[], truth: WorldTruth, confidenceMin: number): DemoSummary {
    const count = (claim: (story: LorryStory) => boolean): number => stories.filter(claim).length;
    const isWrong = (story: LorryStory): boolean => story.readText !== undefined && !isReadExactly(story);
    const waits = stories.flatMap((story) =>
        story.outcome === "admit" && story.stopToOpenMs !== undefined ? [story.stopToOpenMs] : [],
    );
    return {
        passages: stories.length,
        admitted: count((story) => story.outcome === "admit"),
        refused: count((story) => story.outcome === "refuse"),
        referred: count((story) => story.outcome === "refer"),
        undecided: count((story) => story.outcome === undefined),
        wrongOpens:
            truth.opened.filter((opening) => opening.booked !== "valid").length +
            truth.passedUnopened.length +
            truth.openedForNobody,
        readsExact: count(isReadExactly),
        readsWrong: count(isWrong),
        readsNone: count((story) => story.readText === undefined),
        readsWrongSure: count((story) => isWrong(story) && (story.readConfidence ?? 0) >= confidenceMin),
        officer: {
            accepted: count((story) => story.officer === "accept"),
            refused: count((story) => story.officer === "refuse"),
        },
        stopToOpenMs: { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) },
        strikes: truth.strikes,
        safetyReversals: truth.safetyReversals,
        lowersOnVehicle: truth.lowersOnVehicle,
    };
}

/** Nearest-rank quantile; null of nothing. */
function quantile(values: readonly number[], share: number): number | null {
    const sorted = values.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
