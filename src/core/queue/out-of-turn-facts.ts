/** The facts by which a list from outside the queue comes into the site's book, and to the central system. */
import type { PriorityCategory } from "../booking/booking.ts";
import { type FactDraft, factOf } from "../fact/fact.ts";

/** A list as a named officer hands it in; instants are RFC 3339 texts in UTC. */
export interface HandedList {
    readonly by: string;
    readonly category: PriorityCategory;
    readonly checkpoint: string;
    readonly validFrom: string;
    readonly validUntil: string;
    readonly quotaPerDay: number;
    readonly file: string;
    /** Of the file, lower-case hex. */
    readonly sha256: string;
    readonly entries: readonly HandedEntry[];
}

/** One vehicle of it; `line` is its line in the file. */
export interface HandedEntry {
    readonly line: number;
    readonly plate: string;
    readonly country?: string | undefined;
    readonly trailers: readonly string[];
    readonly from: string;
    readonly until: string;
}

/** Entries a fact: far below what the broker carries in one message, however long the plates. */
const ENTRIES_MAX = 100;

/** The same file until the same day is the same list, so that it cannot be loaded twice by mistake. */
export function listIdOf({ sha256, validUntil }: Pick<HandedList, "sha256" | "validUntil">): string {
    return `ot-${validUntil.slice(0, 10).replaceAll("-", "")}-${sha256.slice(0, 8)}`;
}

/** One fact for every hundred entries, to be written in one transaction. */
export function loadedFacts(list: HandedList): readonly FactDraft[] {
    const id = listIdOf(list);
    const { entries, ...head } = list;
    const parts = Math.ceil(entries.length / ENTRIES_MAX);
    return Array.from({ length: parts }, (_, index) =>
        factOf("out-of-turn.loaded", {
            list: id,
            part: index + 1,
            parts,
            ...head,
            entries: entries
                .slice(index * ENTRIES_MAX, (index + 1) * ENTRIES_MAX)
                .map(({ line, plate, country = null, trailers, from, until }) => ({
                    id: `${id}-${line}`,
                    plate,
                    country,
                    trailers,
                    from,
                    until,
                })),
        }),
    );
}
