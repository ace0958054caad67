/** Officers' orders about the queue as a whole: lists from outside it, and whether the site may call lorries itself. */
import { PRIORITY_CATEGORIES } from "../core/booking/booking.ts";
import { parseUtcInstant } from "../core/booking/utc-instant.ts";
import { type Fact, type FactDraft, factOf } from "../core/fact/fact.ts";
import { isPlausiblePlate } from "../core/plate/plate-formats.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import { type HandedList, listIdOf, loadedFacts } from "../core/queue/out-of-turn-facts.ts";
import { type QueueRules, quotaLeft } from "../core/queue/queue-rules.ts";
import type { Clock } from "../ports/clock.ts";
import { StoreFault } from "../ports/journal.ts";
import type { QueueOrder, QueueView } from "./control-protocol.ts";
import type { LocalBook } from "./local-book.ts";
import type { QueueKeeper } from "./queue-keeper.ts";
import type { RequestOutcome } from "./request-desk.ts";

const DAY_MS = 86_400_000;
/** The horizon of bookings (Temporary Scheme § 15) holds for lists from outside the queue too. */
const VALID_MS_MAX = 91 * DAY_MS;

export interface QueueDeskParts {
    readonly book: LocalBook;
    readonly keeper: QueueKeeper;
    readonly rules: QueueRules;
    readonly checkpoint: string;
    readonly clock: Clock;
    readonly isClockTrusted: () => boolean;
    /** Commits and tells everybody. Throws `StoreFault`. */
    readonly remember: (facts: readonly FactDraft[]) => readonly Fact[];
}

export class QueueDesk {
    readonly #parts: QueueDeskParts;

    constructor(parts: QueueDeskParts) {
        this.#parts = parts;
    }

    /** Done means: written down, and in force from the next tick. */
    obey(order: QueueOrder): RequestOutcome {
        try {
            const facts = this.#factsFor(order);
            if ("code" in facts) return { outcome: "refused", ...facts };
            this.#parts.remember(facts.drafts);
            return { outcome: "done" };
        } catch (error) {
            if (error instanceof StoreFault) return { outcome: "refused", code: error.code, message: error.message };
            throw error;
        }
    }

    /** How the queue stands here, for people. */
    view(): QueueView {
        const { book, keeper, rules, clock } = this.#parts;
        const utcMs = clock.utcMs();
        const permit = book.book.find("continuity", "site");
        return {
            isCentralAway: keeper.isCentralAway,
            continuity:
                permit === undefined ? null : { by: permit.by, why: permit.why, until: instantText(permit.untilUtcMs) },
            quotaLeft: { ...quotaLeft(rules, book.book, utcMs) },
            lists: book.book.notes("list").map((list) => ({
                list: list.id,
                by: list.by,
                category: list.category,
                validFrom: instantText(list.validFromUtcMs),
                validUntil: instantText(list.validUntilUtcMs),
                quotaPerDay: list.quotaPerDay,
                entries: list.entries,
            })),
            calls: book.book.notes("call").map((call) => ({
                bookingId: call.id,
                called: instantText(call.utcMs),
                until: instantText(call.untilUtcMs),
                state: call.isContradicted ? "contradicted" : call.isConfirmed ? "confirmed" : "open",
            })),
            contradicted: book.book.notes("progress").flatMap(({ id, isContradicted }) => (isContradicted ? [id] : [])),
        };
    }

    #factsFor(order: QueueOrder): Drafts | Refusal {
        switch (order.do) {
            case "load-list":
                return this.#load(order);
            case "withdraw-list": {
                const { list, by, reason } = order;
                if (this.#parts.book.book.find("list", list) === undefined) {
                    return { code: "NO_SUCH_LIST", message: `no list "${list}"; kordon list local shows them` };
                }
                return { drafts: [factOf("out-of-turn.withdrawn", { list, by, why: reason })] };
            }
            case "continuity":
                return order.until === undefined ? this.#end(order) : this.#begin(order, order.until);
        }
    }

    #load({ do: _do, ...order }: Extract<QueueOrder, { do: "load-list" }>): Drafts | Refusal {
        const list: HandedList = { ...order, checkpoint: this.#parts.checkpoint };
        if (this.#parts.book.book.find("list", listIdOf(list)) !== undefined) {
            return { code: "ALREADY_LOADED", message: `this file is loaded already, as ${listIdOf(list)}` };
        }
        if (!PRIORITY_CATEGORIES.includes(list.category)) return badEntry("an unknown category");
        const wrong = objectionTo(list);
        return wrong === undefined ? { drafts: loadedFacts(list) } : badEntry(wrong);
    }

    #begin({ by, reason }: Extract<QueueOrder, { do: "continuity" }>, until: string): Drafts | Refusal {
        const { rules, clock, isClockTrusted } = this.#parts;
        if (!rules.isContinuityAllowed) {
            return { code: "CONTINUITY_FORBIDDEN", message: "the site file forbids it: queue.continuity" };
        }
        if (!isClockTrusted())
            return { code: "CLOCK_NOT_TRUSTED", message: "slots cannot be judged: set the clock first" };
        const leftMs = (parseUtcInstant(until) ?? Number.NaN) - clock.utcMs();
        if (!(leftMs > 0 && leftMs <= rules.continuityMsMax)) {
            const hours = rules.continuityMsMax / 3_600_000;
            return { code: "BAD_END", message: `it must end within ${hours} hours from now` };
        }
        return { drafts: [factOf("continuity.started", { by, why: reason, until })] };
    }

    #end({ by, reason }: Extract<QueueOrder, { do: "continuity" }>): Drafts | Refusal {
        if (this.#parts.book.book.find("continuity", "site") === undefined) {
            return { code: "NOT_ON", message: "the site does not call lorries itself" };
        }
        return { drafts: [factOf("continuity.ended", { by, why: reason })] };
    }
}

interface Drafts {
    readonly drafts: readonly FactDraft[];
}

interface Refusal {
    readonly code: string;
    readonly message: string;
}

function badEntry(message: string): Refusal {
    return { code: "BAD_LIST", message };
}

/** The command has checked all this; whoever speaks over the socket without it is held to the same. */
function objectionTo({ validFrom, validUntil, entries }: HandedList): string | undefined {
    const [fromUtcMs, untilUtcMs] = [parseUtcInstant(validFrom), parseUtcInstant(validUntil)];
    if (fromUtcMs === undefined || untilUtcMs === undefined) return "its days are no instants";
    if (untilUtcMs <= fromUtcMs) return "it ends before it begins";
    if (untilUtcMs - fromUtcMs > VALID_MS_MAX) return "it lasts for more than 90 days";
    for (const { line, plate, trailers, from, until } of entries) {
        const at = `line ${line}: `;
        const odd = [plate, ...trailers].find((each) => !isPlausiblePlate(toPlateKey(each)));
        if (odd !== undefined) return `${at}"${odd}" is no number plate`;
        const [start, end] = [parseUtcInstant(from), parseUtcInstant(until)];
        if (start === undefined || end === undefined || end <= start) return `${at}its days are none`;
        if (start < fromUtcMs || end > untilUtcMs) return `${at}its days go beyond those of the list`;
    }
    return undefined;
}

function instantText(utcMs: number): string {
    return new Date(utcMs).toISOString();
}
