/** What a site tells beside its lanes: alarms, devices, its list, its own queue, what it deleted. As in `lane-facts.ts`. */
import { BOOKING_STATUSES, PRIORITY_CATEGORIES } from "../booking/booking.ts";
import { STAGES } from "../queue/local-knowledge.ts";
import {
    code,
    count,
    flag,
    instant,
    listOf,
    maybe,
    members,
    number,
    oneOf,
    orNull,
    sha256,
    text,
} from "./data-shape.ts";
import { fact } from "./lane-facts.ts";

const category = oneOf(...PRIORITY_CATEGORIES);
/** What the site claims of a booking, and the record of the list that speaks to it. */
const claim = members({
    bookingId: text,
    known: oneOf(...STAGES, "called"),
    status: oneOf(...BOOKING_STATUSES),
    version: count(1),
});
/** An alarm of a lane is a code; one of a way to a central system says which fact of which point it is about. */
const alarm = members({
    code,
    point: maybe(text),
    sequence: maybe(count(1)),
    reason: maybe(text),
});
/** A named person, whose he is, and his reason. */
const asker = { by: text, kind: oneOf("officer", "central"), why: text };

/** Alarms first, then devices, the list, the queue, boards, and what was deleted. */
export const SITE_FACTS = {
    "alarm.raised": fact("Something that an officer has to know of; the codes stand in reasons.md.", alarm, {
        code: "LIST_OLD",
    }),
    "alarm.cleared": fact("It is over.", alarm, { code: "LIST_OLD" }),
    "device.health": fact(
        "A device failed, or is well again.",
        members({
            device: text,
            state: oneOf("starting", "well", "failed"),
            code: orNull(code),
            detail: orNull(text),
        }),
        { device: "barrier-1", state: "failed", code: "NO_REPLY", detail: "No reply in 500 ms." },
    ),
    "clock.trust": fact("Whether the wall clock may be believed.", members({ isTrusted: flag }), { isTrusted: false }),
    "list.changed": fact(
        "Another version of the booking list is in force.",
        members({ version: count(), hash: sha256, bookings: count() }),
        { version: 1_205, hash: "5b".repeat(32), bookings: 611 },
    ),
    "out-of-turn.loaded": fact(
        "A list from outside the queue, or a part of it: who loaded it, and its entries.",
        members({
            list: text,
            part: count(1),
            parts: count(1),
            by: text,
            category,
            checkpoint: text,
            validFrom: instant,
            validUntil: instant,
            quotaPerDay: count(),
            file: text,
            sha256,
            entries: listOf(
                members({
                    id: text,
                    plate: text,
                    country: orNull(text),
                    trailers: listOf(text),
                    from: instant,
                    until: instant,
                }),
            ),
        }),
        {
            list: "ot-20261130-0f0f0f0f",
            part: 1,
            parts: 1,
            by: "A. Serik",
            category: "humanitarian",
            checkpoint: "nur-zholy",
            validFrom: "2026-11-23T00:00:00Z",
            validUntil: "2026-11-30T00:00:00Z",
            quotaPerDay: 6,
            file: "aid.xlsx",
            sha256: "0f".repeat(32),
            entries: [
                {
                    id: "ot-20261130-0f0f0f0f-2",
                    plate: "777AAA01",
                    country: "KZ",
                    trailers: ["12ABC01"],
                    from: "2026-11-23T00:00:00Z",
                    until: "2026-11-30T00:00:00Z",
                },
            ],
        },
    ),
    "out-of-turn.withdrawn": fact("That list counts no more.", members({ list: text, by: text, why: text }), {
        list: "ot-20261130-0f0f0f0f",
        by: "A. Serik",
        why: "wrong file",
    }),
    "booking.called": fact(
        "Called by this site itself while the central system was away.",
        members({
            bookingId: text,
            plate: text,
            queueNumber: orNull(count(1)),
            quotas: listOf(text),
            until: instant,
            by: text,
            isLocal: flag,
        }),
        {
            bookingId: "B-1044",
            plate: "123ABC02",
            queueNumber: 212,
            quotas: [],
            until: "2026-11-23T10:00:00.000Z",
            by: "A. Serik",
            isLocal: true,
        },
    ),
    "booking.contradicted": fact("The central system says otherwise than this site saw or did.", claim, {
        bookingId: "B-1044",
        known: "entered",
        status: "annulled",
        version: 9,
    }),
    "booking.confirmed": fact("The central system has come round to what this site saw or did.", claim, {
        bookingId: "B-1044",
        known: "called",
        status: "called",
        version: 10,
    }),
    "continuity.started": fact(
        "A named officer lets the site call lorries itself.",
        members({ by: text, why: text, until: instant }),
        { by: "A. Serik", why: "centre away", until: "2026-11-23T14:00:00.000Z" },
    ),
    "continuity.ended": fact(
        "The site calls nobody any more; `by` is null when the time was over.",
        members({ by: orNull(text), why: text }),
        { by: null, why: "the time is over" },
    ),
    "message.ordered": fact(
        "Somebody put a text on boards, until then.",
        members({ boards: listOf(text), text, until: instant, ...asker }),
        {
            boards: ["waiting-1"],
            text: "Scale out of service, use lane 3",
            until: "2026-11-23T10:00:00.000Z",
            by: "A. Serik",
            kind: "officer",
            why: "scale is being repaired",
        },
    ),
    "message.withdrawn": fact(
        "Somebody took the ordered text off boards again.",
        members({ boards: listOf(text), ...asker }),
        { boards: ["waiting-1"], by: "A. Serik", kind: "officer", why: "scale works again" },
    ),
    "evidence.deleted": fact(
        "Photographs beyond the site's retention.",
        members({ pictures: count(1), bytes: count() }),
        { pictures: 412, bytes: 131_072_000 },
    ),
    "journal.pruned": fact(
        "Facts beyond the site's retention; the chain goes on.",
        members({ facts: count(1), beforeUtcMs: number }),
        { facts: 10_000, beforeUtcMs: 1_795_000_000_000 },
    ),
} as const;
