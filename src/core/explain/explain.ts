/** A passage in plain sentences: what was seen, decided and done, by which rules and by whom. For officers: plates in full. */
import { type Fact, PASSAGE_ENDINGS } from "../fact/fact.ts";
import { ENGLISH, type Phrases } from "./phrases-english.ts";
import { KAZAKH } from "./phrases-kazakh.ts";
import { RUSSIAN } from "./phrases-russian.ts";
import { tellFact } from "./tell-fact.ts";
import { say, type Told } from "./told.ts";

/** The languages, by their ISO 639-1 codes. */
export const LANGUAGES = { en: ENGLISH, ru: RUSSIAN, kk: KAZAKH } as const satisfies Record<string, Phrases>;

/** Code of a language. */
export type Language = keyof typeof LANGUAGES;

/** One fact told. */
export interface StoryLine {
    readonly sequence: number;
    readonly utcMs: number;
    readonly kind: string;
    readonly text: string;
    /** What it rests on: rule trace, bookings, pictures. */
    readonly details: readonly string[];
}

/** A passage told: in short, and fact by fact. */
export interface Story {
    readonly summary: readonly string[];
    readonly lines: readonly StoryLine[];
}

/** Tells `facts`, which belong to one passage or happened at the site during it, in order. */
export function explain(facts: readonly Fact[], passage: string, language: Language): Story {
    const phrases = LANGUAGES[language];
    return {
        summary: summaryOf(facts, passage).map((told) => say(told, phrases)),
        lines: facts.map((fact): StoryLine => {
            const told = tellFact(fact);
            const doubts: readonly Told[] = fact.isClockTrusted ? [] : [{ key: "clock.doubt" }];
            const details = [...(told.details ?? []), ...doubts].map((detail) => say(detail, phrases));
            const { sequence, utcMs, kind } = fact;
            return { sequence, utcMs, kind, text: say(told, phrases), details };
        }),
    };
}

/** What was decided, why the boom rose, how it ended. */
function summaryOf(facts: readonly Fact[], passage: string): readonly Told[] {
    const decision = facts.findLast((fact) => fact.kind === "decision.made");
    const raise = facts.find((fact) => fact.kind === "boom.commanded" && fact.data["order"] === "raise");
    const ending = facts.find(
        (fact) => PASSAGE_ENDINGS.has(fact.kind) && fact.kind !== "passage.recorded" && fact.passage === passage,
    );
    return [
        ...(decision === undefined ? [] : [tellFact(decision)]),
        raise === undefined ? { key: "summary.not-raised" } : tellFact(raise),
        ending === undefined ? { key: "summary.unended" } : tellFact(ending),
    ];
}
