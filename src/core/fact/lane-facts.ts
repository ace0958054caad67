/** What a lane tells of the vehicles before and under its boom: every kind with its meaning, the shape of its data, an example. */
import { DECISION_REASONS } from "../decision/decide.ts";
import { READ_DOUBTS, TRAVELS } from "../decision/read-doubt.ts";
import { WEIGHT_PROBLEMS } from "../decision/weight.ts";
import { REQUESTS } from "../lane/lane-image.ts";
import { LANE_FAULTS, LANE_MODES } from "../lane/lane-state.ts";
import { STAGES } from "../queue/local-knowledge.ts";
import {
    code,
    count,
    durationMs,
    flag,
    listOf,
    maybe,
    members,
    number,
    oneOf,
    orNull,
    type Shape,
    sha256,
    share,
    text,
} from "./data-shape.ts";

/** A kind of fact. */
export interface FactShape<T> {
    /** One line, for the contract's reference. */
    readonly about: string;
    readonly data: Shape<T>;
    /** Data as they may really come. */
    readonly example: T;
}

/** Ties the type of the example to the shape. */
export function fact<T>(about: string, data: Shape<T>, example: T): FactShape<T> {
    return { about, data, example };
}

const mode = oneOf(...LANE_MODES);
const arm = oneOf("open", "closed", "moving", "impossible", "unknown", "unseen", "not-open", "not-closed");
const presence = oneOf("occupied", "clear", "unknown", "absent");
const reason = oneOf(...DECISION_REASONS);
const asker = oneOf("officer", "central");
const nothing = members({});

/** What was asked of a lane, or of the site, by whom and why. */
const asked = {
    /** Id of the request; an order to the site as a whole has none. */
    request: maybe(text),
    asks: oneOf(...REQUESTS, "message", "mode", "sync", "settle", "list-anew"),
    by: text,
    kind: asker,
    why: text,
    mode: maybe(mode),
};

const difference = members({
    indexA: number,
    indexB: number,
    a: text,
    b: text,
    kind: oneOf("confusable", "other", "missing", "extra"),
});

/** In the order in which a passage tells them. */
export const LANE_FACTS = {
    "lane.started": fact(
        "The daemon took up the lane: what it saw.",
        members({ arm, zone: presence, resumed: orNull(text) }),
        { arm: "closed", zone: "clear", resumed: null },
    ),
    "vehicle.arrived": fact("Something stands on the approach side.", nothing, {}),
    "vehicle.recognised": fact(
        "A voted read, bound to the passage.",
        members({
            camera: text,
            text,
            key: text,
            confidence: share,
            frames: count(),
            agreeing: count(),
            recogniser: text,
            evidence: listOf(sha256),
            isSure: flag,
            isRear: maybe(flag),
            isUnrated: maybe(flag),
            travel: maybe(oneOf(...TRAVELS)),
            doubts: maybe(listOf(oneOf(...READ_DOUBTS))),
            told: maybe(
                members({
                    time: maybe(text),
                    line: maybe(text),
                    direction: maybe(text),
                    region: maybe(text),
                    original: maybe(text),
                }),
            ),
        }),
        {
            camera: "front",
            text: "123 ABC 02",
            key: "123ABC02",
            confidence: 0.97,
            frames: 9,
            agreeing: 8,
            recogniser: "network",
            evidence: ["0f".repeat(32)],
            isSure: true,
        },
    ),
    "decision.made": fact(
        "Admit, refuse or refer, with its one reason, the rules in the order they were asked, and the list it was made with.",
        members({
            outcome: oneOf("admit", "refuse", "refer"),
            reason,
            trace: listOf(text),
            bookingId: maybe(text),
            quotas: maybe(listOf(text)),
            plate: maybe(text),
            candidates: listOf(text),
            comparisons: maybe(listOf(members({ bookingId: text, plate: text, differences: listOf(difference) }))),
            listVersion: count(),
        }),
        {
            outcome: "refer",
            reason: "NEAR_MATCH",
            trace: ["reads: 1, with a key: 1", "confident reads: 1 (confidence >= 0.9)"],
            plate: "123ABC02",
            candidates: ["B-1044"],
            comparisons: [
                {
                    bookingId: "B-1044",
                    plate: "128ABC02",
                    differences: [{ indexA: 2, indexB: 2, a: "3", b: "8", kind: "other" }],
                },
            ],
            listVersion: 1_204,
        },
    ),
    "vehicle.referred": fact("The lane waits for an officer.", members({ reason: text }), { reason: "NO_READ" }),
    "vehicle.refused": fact("Told to leave; ends when it has left.", members({ reason }), { reason: "TOO_EARLY" }),
    "vehicle.left": fact("Went away without passing.", members({ mode }), { mode: "refused" }),
    "boom.commanded": fact(
        "A pulse was ordered: raise or lower, and why.",
        members({
            order: oneOf("raise", "lower"),
            number: count(1),
            why: maybe(text),
            by: maybe(oneOf("decision", "officer", "central", "emergency", "found-open", "nobody")),
            bookingId: maybe(text),
            name: maybe(text),
            reason: maybe(text),
        }),
        { order: "raise", number: 17, by: "decision", bookingId: "B-1044" },
    ),
    "boom.opened": fact("The boom is up, by its switches.", members({ mode }), { mode: "opening" }),
    "boom.closed": fact("The boom is down, by its switches.", members({ mode }), { mode: "closing" }),
    "boom.moved-unasked": fact("Somebody or something else moved it.", members({ arm, mode }), {
        arm: "open",
        mode: "idle",
    }),
    "passage.begun": fact(
        "Under the boom; `by` is why the boom was up.",
        members({ by: oneOf("decision", "officer", "central", "emergency", "found-open", "nobody") }),
        { by: "decision" },
    ),
    "passage.completed": fact(
        "Through and clear; `means` is what that is for the booking. `isProven`: the loop behind the boom vouches for it.",
        members({
            durationMs,
            means: oneOf(...STAGES),
            bookingId: orNull(text),
            plate: orNull(text),
            quotas: listOf(text),
            isProven: flag,
            isTailgated: flag,
        }),
        {
            durationMs: 9_350,
            means: "entered",
            bookingId: "B-1044",
            plate: "123ABC02",
            quotas: [],
            isProven: true,
            isTailgated: false,
        },
    ),
    "passage.backed-out": fact("Drove back out.", members({ durationMs, isWrongWay: flag }), {
        durationMs: 4_100,
        isWrongWay: false,
    }),
    "passage.tailgated": fact(
        "Another vehicle came along.",
        members({ under: oneOf("open boom", "withdrawn opening") }),
        { under: "open boom" },
    ),
    "passage.wrong-way": fact(
        "Something came from the other side while the boom was up.",
        members({ seen: oneOf("exit", "under the boom") }),
        { seen: "exit" },
    ),
    "passage.rear-differs": fact(
        "A plate read from behind under the boom is neither this vehicle's nor its booking's.",
        members({ camera: text, key: text, plate: orNull(text), bookingId: text }),
        { camera: "rear", key: "55AAA02", plate: "123ABC02", bookingId: "B-1044" },
    ),
    "passage.no-show": fact("The boom was up and nobody came.", members({ waitedMs: durationMs }), {
        waitedMs: 30_000,
    }),
    "passage.interrupted": fact("From here on nobody can tell how it went.", members({ why: text }), {
        why: "restart",
    }),
    "passage.recorded": fact(
        "All inputs of the passage are in the journal: from which fact on, how many chunks, their hash.",
        members({ from: count(1), chunks: count(), sha256 }),
        { from: 4_711, chunks: 3, sha256: "c4".repeat(32) },
    ),
    "weighing.completed": fact(
        "Weighed once before a closed boom, or why not; with the scale's frame and the limit it was held against.",
        members({
            grossKg: orNull(number),
            problem: orNull(oneOf(...WEIGHT_PROBLEMS)),
            raw: orNull(text),
            limitKg: number,
            limitSource: text,
            exceedsLimit: orNull(flag),
        }),
        {
            grossKg: 38_420,
            problem: null,
            raw: "02202b3033383432303203",
            limitKg: 44_000,
            limitSource: "order 342",
            exceedsLimit: false,
        },
    ),
    "officer.ordered": fact(
        "A named person's order was carried out. `kind` says whose: an officer's here, or the central system's.",
        members({ ...asked, bookingId: maybe(orNull(text)), sequence: maybe(count(1)) }),
        {
            request: "r-81",
            asks: "accept",
            by: "A. Serik",
            kind: "officer",
            why: "plate dirty, papers shown",
            bookingId: "B-1044",
            mode: "referred",
        },
    ),
    "order.refused": fact("An order that was not carried out, and the code why.", members({ ...asked, code }), {
        request: "r-82",
        asks: "open",
        by: "duty-7",
        kind: "central",
        why: "convoy",
        code: "STALE",
        mode: "idle",
    }),
    "read.linked": fact(
        "A named officer ties what was read to a booking.",
        members({
            bookingId: text,
            text: orNull(text),
            plate: orNull(text),
            booked: orNull(text),
            by: text,
            why: text,
        }),
        {
            bookingId: "B-1044",
            text: "12З ABC 02",
            plate: "12ЗABC02",
            booked: "123ABC02",
            by: "A. Serik",
            why: "same lorry, mud on the plate",
        },
    ),
    "emergency.raised": fact("The emergency input is active.", members({ mode }), { mode: "idle" }),
    "emergency.reset": fact("A named officer ended the emergency.", members({ by: text, why: text }), {
        by: "A. Serik",
        why: "drill over",
    }),
    "lane.fault": fact("Latched until a named officer resets it.", members({ code: oneOf(...LANE_FAULTS), mode }), {
        code: "BOOM_NOT_CLOSED",
        mode: "closing",
    }),
    "lane.reset": fact("A named officer reset the lane.", members({ by: text, why: text }), {
        by: "A. Serik",
        why: "arm looked at",
    }),
    "lane.mode": fact(
        "Out of service, back in service, or in the hands of whoever turned the barrier's own key.",
        members({ mode: oneOf("out-of-service", "in-service", "manual"), by: maybe(text), why: text }),
        { mode: "out-of-service", by: "A. Serik", why: "road works" },
    ),
} as const;
