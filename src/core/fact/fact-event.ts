/**
 * A fact as the CloudEvents 1.0 event that leaves the box (structured JSON). Pure: the same fact gives the same
 * event on every retry. The contract with the central system is `docs/asyncapi.yaml`.
 */
import { members, text } from "./data-shape.ts";
import type { Fact, Json } from "./fact.ts";
import { fact as factShape } from "./lane-facts.ts";

/** CloudEvents 1.0.2 context attributes, the `sequence` extension of its documented extensions, and four of our own. */
export interface FactEvent {
    readonly specversion: "1.0";
    /** The fact's id: the same on every retry, so that the receiver can drop doubles. */
    readonly id: string;
    /** `/kordon/<site>`. */
    readonly source: string;
    /** `kz.kordon.<kind>.v1`, or `kz.kordon.fact.withheld.v1` for the stand-in of a fact that could not be carried. */
    readonly type: string;
    /** RFC 3339, UTC, milliseconds; worth what `clocktrusted` says. */
    readonly time: string;
    /** `<lane>` or `<lane>/<passage>`; absent for a fact about the whole site. */
    readonly subject?: string;
    readonly datacontenttype: "application/json";
    /** Names the shape of `data`; opaque, nothing is fetched from it. */
    readonly dataschema: string;
    /** Decimal, padded with zeros to 16 digits: the extension asks for strings in lexicographic order. */
    readonly sequence: string;
    readonly hash: string;
    readonly previoushash: string;
    readonly clocktrusted: boolean;
    readonly data: { readonly [key: string]: Json };
}

/** Digits of `Number.MAX_SAFE_INTEGER`. */
const SEQUENCE_DIGITS = 16;

/** `site` is the site's id: lower-case letters, digits and dashes. Throws `RangeError` for a time outside the years of `Date`. */
export function factEvent(site: string, fact: Fact): FactEvent {
    return event(site, fact, fact.kind, fact.data);
}

/**
 * Stands in for a fact that the broker cannot carry, with the same id, place and hashes, so that the receiver's
 * sequence and hash chain stay whole while the fact itself waits in quarantine on the box.
 */
export function withheldEvent(site: string, fact: Fact, reason: string): FactEvent {
    return event(site, fact, "fact.withheld", { kind: fact.kind, reason });
}

/** Its data. It is no kind of fact: no journal holds it. @internal for the contract, which is written from it. */
export const WITHHELD = factShape(
    "Stands in for a fact that could not be carried, which waits in quarantine on the box.",
    members({ kind: text, reason: text }),
    { kind: "decision.made", reason: "larger than 131072 bytes" },
);

function event(site: string, fact: Fact, kind: string, data: FactEvent["data"]): FactEvent {
    return {
        specversion: "1.0",
        id: fact.id,
        source: `/kordon/${site}`,
        type: `kz.kordon.${kind}.v1`,
        time: new Date(fact.utcMs).toISOString(),
        ...subjectOf(fact),
        datacontenttype: "application/json",
        dataschema: `urn:kordon:${kind}:v1`,
        sequence: String(fact.sequence).padStart(SEQUENCE_DIGITS, "0"),
        hash: fact.hash,
        previoushash: fact.previousHash,
        clocktrusted: fact.isClockTrusted,
        data,
    };
}

function subjectOf(fact: Fact): { readonly subject?: string } {
    if (fact.lane === undefined) return {};
    return { subject: fact.passage === undefined ? fact.lane : `${fact.lane}/${fact.passage}` };
}
