/**
 * What must never happen, judged from raw readings, orders and facts; it calls no lane code. Whatever the lane did not look
 * at may have been anything: what must be sure is then not sure, and what might be wrong is wrong.
 */
import { type FactDraft, PASSAGE_ENDINGS } from "../../../src/core/fact/fact.ts";
import type { ContactName } from "../../../src/core/lane/contacts.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import type { LaneMode, LaneState } from "../../../src/core/lane/lane-state.ts";
import type { LaneOrder } from "../../../src/core/lane/turn.ts";
import type { LazyImage } from "./lazy-image.ts";

/** What the oracle remembers of the inputs, so that it need not believe the lane's own memory. */
export interface Ghost {
    /** Somebody whose word counts has let a vehicle in, or there was an emergency, since the boom was last down. */
    readonly mayRaise: boolean;
    /** A LOWER of our own is on its way. */
    readonly hasLowered: boolean;
    /** Ticks in a row in which the lane made sure that everything is clear. */
    readonly clearTicks: number;
    /** Ticks for which a RAISE may still be on its way to an arm that has not been seen up. */
    readonly raiseTicks: number;
    /** An officer has tied the vehicle before the boom to a booking. */
    readonly isLinked: boolean;
    /** While the boom is up: whether a vehicle may have come under it, until the exit loop has been active once. */
    readonly vehicle: "none" | "maybe under" | "seen on the exit";
}

export const NO_GHOST: Ghost = {
    mayRaise: false,
    hasLowered: false,
    clearTicks: 0,
    raiseTicks: 0,
    isLinked: false,
    vehicle: "none",
};

/** One tick as the oracle sees it. */
export interface Judged {
    readonly from: LaneState;
    readonly next: LaneState;
    readonly image: LazyImage;
    readonly plan: LanePlan;
    readonly orders: readonly LaneOrder[];
    readonly facts: readonly FactDraft[];
    readonly light: "red" | "green";
    readonly isLeftFree: boolean;
    readonly tickMs: number;
    readonly codes: ReadonlySet<string>;
}

const CLEAR_NAMES: readonly ContactName[] = ["boomLoop", "photocell1", "photocell2", "exitLoop"];
const UP: ReadonlySet<LaneMode["at"]> = new Set(["opening", "open-waiting", "passing", "closing", "emergency-open"]);
const IN_HAND: ReadonlySet<LaneMode["at"]> = new Set(["opening", "open-waiting", "passing", "closing"]);
const BEFORE_THE_BOOM: ReadonlySet<LaneMode["at"]> = new Set(["weighing", "deciding", "referred", "refused"]);
const HAS_BEEN_CLEAR: ReadonlySet<LaneMode["at"]> = new Set(["open-waiting", "passing", "closing", "manual"]);

const isClear = ({ image, plan }: Judged): boolean =>
    CLEAR_NAMES.every((name) => !plan.contacts.includes(name) || image.seen(name) === "clear");
const isEmergency = ({ image }: Judged): boolean => image.seen("emergency") === "active";
const mayBeEmergency = ({ image, plan }: Judged): boolean =>
    plan.contacts.includes("emergency") && (image.seen("emergency") ?? "active") === "active";
const isOrdered = ({ orders }: Judged, order: LaneOrder["order"]): boolean =>
    orders.some((each) => each.order === order);
const isSomethingUnder = ({ image }: Judged): boolean =>
    CLEAR_NAMES.some((name) => name !== "exitLoop" && image.seen(name) === "active");
const isMetalUnder = (tick: Judged): boolean =>
    isSomethingUnder(tick) && !(tick.plan.contacts.includes("boomLoop") && tick.image.seen("boomLoop") === "clear");
const isReversal = (tick: Judged, ghost: Ghost): boolean =>
    tick.from.mode.at === "closing" && ghost.hasLowered && isSomethingUnder(tick);
const isSeenDown = ({ image, plan }: Judged): boolean =>
    image.seen("limitClosed") === "active" &&
    (!plan.contacts.includes("limitOpen") || image.seen("limitOpen") === "clear");

/** By whose word a RAISE may be given in this tick. */
function isLetIn(tick: Judged, isLinked: boolean): boolean {
    const { image } = tick;
    const asks = image.asked?.asks;
    const isRight = isLinked ? image.hasAdmittingName : image.hasAdmittingRead;
    const isDecided = isRight && image.seen("approachLoop") === "active";
    return isDecided || asks === "accept" || asks === "open" || asks === "hold-open" || isEmergency(tick);
}

/** What the oracle goes by after a pause in which nobody looked: only a RAISE may still be on its way. */
export function forgetful({ raiseTicks }: Ghost): Ghost {
    return { ...NO_GHOST, raiseTicks: Math.max(0, raiseTicks - 1) };
}

/** The oracle's memory while it judges this tick, before what comes of it is forgotten again. */
export function haunt(tick: Judged, before: Ghost): Ghost {
    const isLinked = before.isLinked || tick.image.isLinkHeard;
    const holdTicks = Math.ceil(tick.plan.limits.clearHoldMsMin / tick.tickMs) + 1;
    return {
        mayRaise: before.mayRaise || isLetIn(tick, isLinked),
        hasLowered: before.hasLowered || isOrdered(tick, "lower"),
        clearTicks: isClear(tick) ? Math.min(before.clearTicks + 1, holdTicks) : 0,
        raiseTicks: before.raiseTicks,
        isLinked,
        vehicle: vehicleOf(tick, before),
    };
}

function vehicleOf(tick: Judged, { vehicle }: Ghost): Ghost["vehicle"] {
    const { mode } = tick.from;
    const isPassing = mode.at === "passing" || tick.next.mode.at === "passing";
    const isOnExit = isPassing && tick.image.seen("exitLoop") === "active";
    if (vehicle === "seen on the exit" || isOnExit) return "seen on the exit";
    const isOrderGiven = mode.at !== "opening" || mode.order !== undefined;
    const isUp = IN_HAND.has(mode.at) && isOrderGiven;
    return isUp && isMetalUnder(tick) ? "maybe under" : vehicle;
}

/** With nothing let in and nothing to come down, no earlier word counts any more. */
export function settle(tick: Judged, ghost: Ghost): Ghost {
    const { at } = tick.next.mode;
    const isUp = UP.has(at);
    const travelTicks = Math.ceil(tick.plan.limits.travelMsMax / tick.tickMs);
    const isArrived = tick.image.seen("limitOpen") === "active" && !isSeenDown(tick);
    return {
        mayRaise: ghost.mayRaise && isUp,
        hasLowered: ghost.hasLowered && isUp,
        clearTicks: HAS_BEEN_CLEAR.has(at) ? ghost.clearTicks : 0,
        isLinked:
            ghost.isLinked && BEFORE_THE_BOOM.has(at) && !tick.facts.some(({ kind }) => PASSAGE_ENDINGS.has(kind)),
        vehicle: IN_HAND.has(at) && at !== "closing" ? ghost.vehicle : "none",
        raiseTicks: isOrdered(tick, "raise") ? travelTicks : isArrived ? 0 : Math.max(0, ghost.raiseTicks - 1),
    };
}

type Invariant = (tick: Judged, ghost: Ghost) => boolean;

/** The invariants of docs/safety-case.md: each is true when it is broken. */
const INVARIANTS = {
    "S1 lowered without fresh proof of a clear lane": (tick) => isOrdered(tick, "lower") && !isClear(tick),
    "S1 lowered before it was clear for long enough": (tick, ghost) =>
        isOrdered(tick, "lower") && (ghost.clearTicks - 1) * tick.tickMs < tick.plan.limits.clearHoldMsMin,
    "S2 moved the boom on start": (tick) =>
        tick.from.mode.at === "starting" && tick.orders.length > 0 && !isEmergency(tick),
    "S3 raised on nobody's word": (tick, ghost) =>
        isOrdered(tick, "raise") && !ghost.mayRaise && !isReversal(tick, ghost) && tick.from.mode.at !== "opening",
    "S3 raised anew for nobody": (tick, ghost) =>
        isOrdered(tick, "raise") && !ghost.mayRaise && tick.from.mode.at === "opening" && !ghost.hasLowered,
    "S4 raised beside a boom not known to be down": (tick, ghost) =>
        isOrdered(tick, "raise") &&
        tick.plan.interlockedWith !== undefined &&
        !tick.image.sawInterlockFree &&
        !isEmergency(tick) &&
        tick.from.mode.at !== "emergency-open" &&
        !isReversal(tick, ghost),
    "S4 called down without being seen down": (tick) =>
        tick.isLeftFree && (!isSeenDown(tick) || isOrdered(tick, "raise")),
    "S4 called down with a RAISE on its way": (tick, ghost) => tick.isLeftFree && ghost.raiseTicks > 1,
    "S5 emergency did not raise in the same tick": (tick) =>
        mayBeEmergency(tick) && tick.from.mode.at !== "emergency-open" && !isOrdered(tick, "raise"),
    "S6 more than one order in one tick": (tick) => tick.orders.length > 1,
    "S7 lowered in an emergency": (tick) =>
        isOrdered(tick, "lower") && (mayBeEmergency(tick) || tick.from.mode.at === "emergency-open"),
    "S7 an emergency ended without a named reset": (tick) =>
        tick.from.mode.at === "emergency-open" && tick.next.mode.at !== "emergency-open" && !isReset(tick),
    "S8 a fault, refusal or referral without a documented code": hasUntoldReason,
    "S9 an order that no fact tells of": ({ orders, facts }) =>
        facts.filter((fact) => fact.kind === "boom.commanded").length !== orders.length,
    "S10 a fault left without a named reset": (tick) =>
        tick.from.mode.at === "fault" &&
        tick.next.mode.at !== "fault" &&
        !isReset(tick) &&
        !isEmergency(tick) &&
        !(tick.image.asked?.asks === "out-of-service" && tick.image.asked.by.kind === "officer"),
    "S10 moved the boom in a fault": (tick) =>
        tick.from.mode.at === "fault" && tick.orders.length > 0 && !isEmergency(tick) && !isReset(tick),
    "S11 admitted with nobody on the approach": ({ facts, image }) =>
        facts.some(({ kind, data }) => kind === "decision.made" && data["outcome"] === "admit") &&
        image.seen("approachLoop") !== "active",
    "S12 a passage lost": ({ from, next, facts }) =>
        from.visit !== undefined && next.visit?.passage !== from.visit.passage && !isEnded(facts, from.visit.passage),
    "S12 a passage of one tick that never ended": ({ from, next, facts, image }) =>
        facts.some(({ passage }) => passage === image.freshPassage) &&
        next.visit?.passage !== image.freshPassage &&
        from.visit?.passage !== image.freshPassage &&
        !isEnded(facts, image.freshPassage),
    "S12 a passage that ended twice": ({ facts }) => {
        const ended = facts.filter(({ kind }) => PASSAGE_ENDINGS.has(kind)).map(({ passage }) => passage);
        return new Set(ended).size < ended.length;
    },
    "S13 green under a boom not seen up": ({ light, image, plan }) =>
        light === "green" &&
        ((plan.contacts.includes("limitOpen") && image.seen("limitOpen") !== "active") ||
            (plan.contacts.includes("limitClosed") && image.seen("limitClosed") !== "clear")),
    "S13 green for somebody not let in": (tick, ghost) => tick.light === "green" && !ghost.mayRaise,
    "S14 lowered by software what is an officer's to close": (tick) => {
        const { at } = tick.from.mode;
        const isOwn = tick.plan.isClosingAutomatic && (at === "open-waiting" || at === "passing" || at === "manual");
        const isPerson = tick.image.asked?.asks === "close";
        return isOrdered(tick, "lower") && at !== "closing" && !isPerson && !(isOwn && at !== "manual");
    },
    "S16 lowered by software after a vehicle that the exit loop never saw": (tick, ghost) =>
        isOrdered(tick, "lower") &&
        ghost.vehicle === "maybe under" &&
        tick.from.mode.at !== "closing" &&
        !isOfficersClose(tick),
} as const satisfies Readonly<Record<string, Invariant>>;

/** Names of the invariants that this tick breaks. */
export function broken(tick: Judged, ghost: Ghost): readonly string[] {
    const found: string[] = [];
    for (const name in INVARIANTS) {
        const invariant: Invariant = INVARIANTS[name as keyof typeof INVARIANTS];
        if (invariant(tick, ghost)) found.push(name);
    }
    return found;
}

const isOfficersClose = ({ image }: Judged): boolean =>
    image.asked?.asks === "close" && image.asked.by.kind === "officer";
const isReset = ({ image }: Judged): boolean => image.asked?.asks === "reset" && image.asked.by.kind === "officer";

const isEnded = (facts: readonly FactDraft[], passage: string): boolean =>
    facts.some((fact) => fact.passage === passage && PASSAGE_ENDINGS.has(fact.kind));

function hasUntoldReason({ from, next, facts, codes }: Judged): boolean {
    const tells = (kind: FactDraft["kind"], field: string): boolean =>
        facts.some((fact) => fact.kind === kind && codes.has(String(fact.data[field])));
    const isEntered = (at: LaneMode["at"]): boolean => next.mode.at === at && from.mode.at !== at;
    if (isEntered("fault") && !tells("lane.fault", "code")) return true;
    if (isEntered("refused") && !tells("vehicle.refused", "reason")) return true;
    if (isEntered("referred") && !tells("vehicle.referred", "reason")) return true;
    return facts.some(({ kind, data }) => kind === "order.refused" && !codes.has(String(data["code"])));
}
