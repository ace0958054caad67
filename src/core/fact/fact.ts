/**
 * Facts: what was seen, decided and done, in the order it happened.
 * A fact is written to the journal together with its outbox row, before anybody hears of its effect.
 */
import type { TypeOf } from "./data-shape.ts";
import { LANE_FACTS } from "./lane-facts.ts";
import { SITE_FACTS } from "./site-facts.ts";

/** Every kind of fact with what it means and the shape of its data. A new kind is one entry there, and its words in `explain/`. */
export const FACTS = { ...LANE_FACTS, ...SITE_FACTS } as const;

/** The last part of the CloudEvents type (`kz.kordon.<kind>.v1`). */
export type FactKind = keyof typeof FACTS;

/** Their names, in the order in which they are told. */
export const FACT_KINDS = Object.keys(FACTS) as readonly FactKind[];

/** What a fact of this kind says. A journal may also hold what an older or newer program wrote. */
export type FactData<Kind extends FactKind> = TypeOf<(typeof FACTS)[Kind]["data"]>;

/** Kinds that end a passage: it is over for the journal once one of them stands there with its id. */
export const PASSAGE_ENDINGS: ReadonlySet<FactKind> = new Set([
    "vehicle.left",
    "passage.completed",
    "passage.backed-out",
    "passage.interrupted",
    "passage.no-show",
    "passage.recorded",
]);

/** JSON values only, so that a fact survives disk, broker and years unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A fact as the core states it: no clock, no sequence, no hash yet. The store adds those. */
export interface FactDraft {
    readonly kind: FactKind;
    /** Lane id, or undefined for a fact about the whole site. */
    readonly lane?: string;
    /** Passage the fact belongs to. */
    readonly passage?: string;
    readonly data: { readonly [key: string]: Json };
}

/** A fact with data of its kind: the way in which this program makes them. */
export function factOf<Kind extends FactKind>(
    kind: Kind,
    data: FactData<Kind>,
    place: Pick<FactDraft, "lane" | "passage"> = {},
): FactDraft {
    return { kind, ...place, data: data as FactDraft["data"] };
}

/** A fact as it stands in the journal. */
export interface Fact extends FactDraft {
    /** Unique for ever and stable over retries: `<journal id>-<sequence>`. */
    readonly id: string;
    /** Site-wide, starts at 1, no gaps. */
    readonly sequence: number;
    /** Wall time of recording; `isClockTrusted` says what it is worth. */
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
    /** SHA-256 over the previous fact's hash and this fact's canonical JSON, lower-case hex. */
    readonly hash: string;
    readonly previousHash: string;
}
