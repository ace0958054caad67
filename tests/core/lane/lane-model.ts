/**
 * Breadth-first search over everything a lane can reach: every state × every class of image, tick by tick. The oracle judges
 * raw readings and orders; it never calls the code that it judges. Times are cut down so that a few ticks cross every limit.
 */
import type { ContactName, Reading } from "../../../src/core/lane/contacts.ts";
import type { LaneImage, LaneRead, LaneRequest } from "../../../src/core/lane/lane-image.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import type { LaneState } from "../../../src/core/lane/lane-state.ts";
import type { Step } from "../../../src/core/lane/lane-step.ts";
import { booking, PLAN, read, SLOT_UTC_MS } from "./lane-harness.ts";

export type StepFunction = (state: LaneState, image: LaneImage, plan: LanePlan) => Step;

const TICK_MS = 100;
const NOW_MS = 1_000_000;

export const MODEL_PLAN: LanePlan = {
    ...PLAN,
    contacts: [
        "approachLoop",
        "boomLoop",
        "exitLoop",
        "photocell1",
        "limitOpen",
        "limitClosed",
        "emergency",
        "keySwitch",
        "armBreak",
    ],
    limits: {
        readingAgeMsMax: 50,
        presenceMsMin: 200,
        readSettleMs: 100,
        readMsMax: 400,
        travelMsMax: 300,
        contradictionMsMax: 200,
        clearHoldMsMin: 300,
        vehicleGapMsMin: 200,
        noShowMsMax: 500,
        interlockMsMax: 200,
        orderRetryMs: 200,
        orderTriesMax: 2,
    },
};

/** What the search adds to a lane's state: by whose word the boom may be up, as the oracle saw it in the inputs. */
interface Ghost {
    readonly mayRaise: boolean;
    readonly hasLowered: boolean;
}

interface Node {
    readonly state: LaneState;
    readonly ghost: Ghost;
}

export interface Violation {
    readonly invariant: string;
    readonly from: LaneState;
    readonly image: LaneImage;
    readonly orders: readonly string[];
}

export interface Exploration {
    readonly states: number;
    readonly steps: number;
    readonly raises: number;
    readonly lowers: number;
    readonly modes: ReadonlySet<string>;
    readonly violations: readonly Violation[];
}

type Level = "clear" | "active" | "stale";
const level = (value: Level): Reading =>
    value === "stale" ? { isActive: false, ageMs: 51 } : { isActive: value === "active", ageMs: 0 };

const ZONES: readonly (readonly [Level, Level])[] = [
    ["clear", "clear"],
    ["active", "clear"],
    ["clear", "active"],
    ["stale", "clear"],
    ["clear", "stale"],
];
const LEVELS: readonly Level[] = ["clear", "active", "stale"];
/** Upper and lower limit switch. */
const ARMS: readonly (readonly [Level, Level])[] = [
    ["clear", "active"],
    ["active", "clear"],
    ["clear", "clear"],
    ["active", "active"],
    ["stale", "stale"],
];

const GOOD = booking("123ABC02");
const ADMITTED: readonly LaneRead[] = [read("123ABC02", [GOOD])];

interface Event {
    readonly name: string;
    readonly image: Partial<LaneImage>;
    readonly active?: ContactName;
}

const request = (asks: LaneRequest["asks"]): Event => ({
    name: asks,
    image: {
        requests: [
            { id: asks, asks, by: { kind: "officer", name: "A. Officer" }, reason: "seen", expiresMs: NOW_MS + 1 },
        ],
    },
});

const EVENTS: readonly Event[] = [
    { name: "nothing", image: {} },
    { name: "admitting read", image: { reads: ADMITTED } },
    { name: "unsure read", image: { reads: [read("123ABC02", [GOOD], { confidence: 0.5 })] } },
    { name: "unlisted read", image: { reads: [read("999ZZZ01", [])] } },
    { name: "other boom up", image: { isInterlockFree: false } },
    { name: "admitting read, other boom up", image: { reads: ADMITTED, isInterlockFree: false } },
    { name: "emergency", image: { isInterlockFree: false }, active: "emergency" },
    { name: "key", image: {}, active: "keySwitch" },
    { name: "arm broken", image: {}, active: "armBreak" },
    { name: "raise failed", image: { echo: { order: "raise", number: 1, status: "failed" } } },
    { name: "applied", image: { echo: { order: "raise", number: 1, status: "applied" } } },
    ...(["accept", "refuse", "open", "close", "hold-open", "reset", "out-of-service", "in-service"] as const).map(
        request,
    ),
];

const IMAGES: readonly { readonly image: LaneImage; readonly event: string }[] = allImages();

function allImages(): { image: LaneImage; event: string }[] {
    const images: { image: LaneImage; event: string }[] = [];
    for (const event of EVENTS) {
        for (const [boomLoop, photocell1] of ZONES) {
            for (const approachLoop of LEVELS) {
                for (const exitLoop of LEVELS) {
                    for (const [limitOpen, limitClosed] of ARMS) {
                        const levels = { boomLoop, photocell1, approachLoop, exitLoop, limitOpen, limitClosed };
                        images.push({ event: event.name, image: imageOf(levels, event) });
                    }
                }
            }
        }
    }
    return images;
}

export function imageOf(
    levels: { readonly [name in ContactName]?: Level },
    event: Event = { name: "", image: {} },
): LaneImage {
    const contacts = Object.fromEntries(
        MODEL_PLAN.contacts.map((name) => [name, level(event.active === name ? "active" : (levels[name] ?? "clear"))]),
    );
    return {
        nowMs: NOW_MS,
        utcMs: SLOT_UTC_MS,
        isClockTrusted: true,
        contacts,
        isCameraWell: true,
        reads: [],
        list: { version: 1, hash: "", ageMs: 0 },
        checkpoint: "nur-zholy",
        requests: [],
        isInterlockFree: true,
        freshPassage: "p",
        ...event.image,
    };
}

/** Visits everything reachable from `start`, or as much as `statesMax` allows; stops early at the first violation if asked to. */
export function exploreLane(
    step: StepFunction,
    start: LaneState,
    options: { statesMax: number; stopAtFirst?: boolean },
): Exploration {
    const seen = new Map<string, Node>();
    const queue: Node[] = [];
    const violations: Violation[] = [];
    const modes = new Set<string>();
    let steps = 0;
    let raises = 0;
    let lowers = 0;
    const visit = (node: Node): void => {
        const key = JSON.stringify(node);
        if (seen.has(key) || seen.size >= options.statesMax) return;
        seen.set(key, node);
        modes.add(node.state.mode.at);
        queue.push(node);
    };
    visit({ state: start, ghost: { mayRaise: false, hasLowered: false } });
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
        for (const { image, event } of IMAGES) {
            const result = step(node.state, image, MODEL_PLAN);
            steps += 1;
            const orders = result.orders.map((order) => order.order);
            raises += orders.includes("raise") ? 1 : 0;
            lowers += orders.includes("lower") ? 1 : 0;
            const ghost = haunt(node, image, event, orders);
            for (const invariant of broken(node, image, result, ghost))
                violations.push({ invariant, from: node.state, image, orders });
            if (violations.length > 0 && options.stopAtFirst) return report();
            visit({ state: normal(result.next), ghost: settle(ghost, result.next) });
        }
    }
    return report();

    function report(): Exploration {
        return { states: seen.size, steps, raises, lowers, modes, violations };
    }
}

/** Every reachable state, for the search for dead ends. */
export function reachableStates(step: StepFunction, start: LaneState, statesMax: number): readonly LaneState[] {
    const seen = new Map<string, LaneState>();
    const queue: LaneState[] = [start];
    for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
        for (const { image } of IMAGES) {
            const next = normal(step(state, image, MODEL_PLAN).next);
            const key = JSON.stringify(next);
            if (seen.has(key) || seen.size >= statesMax) continue;
            seen.set(key, next);
            queue.push(next);
        }
    }
    return [...seen.values()];
}

function haunt({ ghost }: Node, image: LaneImage, event: string, orders: readonly string[]): Ghost {
    const isAdmitted = event.startsWith("admitting read");
    const isOrdered = image.requests.some(({ asks }) => asks === "accept" || asks === "open" || asks === "hold-open");
    const isEmergency = isActive(image, "emergency");
    return {
        mayRaise: ghost.mayRaise || isAdmitted || isOrdered || isEmergency,
        hasLowered: ghost.hasLowered || orders.includes("lower"),
    };
}

/** With the boom down and nobody let in, no earlier word counts any more. */
function settle(ghost: Ghost, next: LaneState): Ghost {
    return next.mode.at === "idle" || next.mode.at === "fault" ? { mayRaise: false, hasLowered: false } : ghost;
}

const isFresh = (image: LaneImage, name: ContactName): boolean => {
    const reading = image.contacts[name];
    return reading !== undefined && reading.ageMs <= MODEL_PLAN.limits.readingAgeMsMax;
};
const isActive = (image: LaneImage, name: ContactName): boolean =>
    isFresh(image, name) && image.contacts[name]?.isActive === true;

/** The invariants of docs/safety-case.md, by number. */
function broken({ state }: Node, image: LaneImage, { orders, facts, next }: Step, ghost: Ghost): readonly string[] {
    const found: string[] = [];
    const raises = orders.some((order) => order.order === "raise");
    const lowers = orders.some((order) => order.order === "lower");
    const from = state.mode.at;
    const clear = (["boomLoop", "photocell1", "exitLoop"] as const).every(
        (name) => isFresh(image, name) && !isActive(image, name),
    );
    const isEmergency = isActive(image, "emergency");
    const isReversal = from === "closing" && (isActive(image, "boomLoop") || isActive(image, "photocell1"));

    if (lowers && !clear) found.push("S1 lowered without fresh proof of a clear lane");
    if (from === "starting" && orders.length > 0 && !isEmergency) found.push("S2 moved the boom on start");
    if (raises && !ghost.mayRaise && !(isReversal && ghost.hasLowered)) found.push("S3 raised on nobody's word");
    if (raises && !image.isInterlockFree && !isEmergency && from !== "emergency-open" && !isReversal)
        found.push("S4 raised beside an open boom");
    if (isEmergency && from !== "emergency-open" && !raises) found.push("S5 emergency did not raise in the same tick");
    if (raises && lowers) found.push("S6 both orders in one tick");
    if (lowers && (isEmergency || from === "emergency-open")) found.push("S7 lowered in an emergency");
    if (
        next.mode.at === "fault" &&
        from !== "fault" &&
        !facts.some((fact) => fact.kind === "lane.fault" && fact.data["code"] !== undefined)
    ) {
        found.push("S8 fault without a code");
    }
    if (
        next.mode.at === "refused" &&
        from !== "refused" &&
        !facts.some((fact) => fact.kind === "vehicle.refused" && fact.data["reason"] !== undefined)
    ) {
        found.push("S8 refusal without a reason");
    }
    if (
        next.mode.at === "referred" &&
        from !== "referred" &&
        !facts.some((fact) => fact.kind === "vehicle.referred" && fact.data["reason"] !== undefined)
    ) {
        found.push("S8 referral without a reason");
    }
    if (orders.length > 0 && !facts.some((fact) => fact.kind === "boom.commanded"))
        found.push("S9 an order that no fact tells of");
    const isReset = image.requests.some(({ asks }) => asks === "reset");
    if (
        from === "fault" &&
        next.mode.at !== "fault" &&
        !isReset &&
        !isEmergency &&
        image.requests.every(({ asks }) => asks !== "out-of-service")
    ) {
        found.push("S10 a fault left without a reset");
    }
    if (from === "fault" && orders.length > 0 && !isEmergency) found.push("S10 moved the boom in a fault");
    return found;
}

/** The same state one tick later, with times cut to what the limits can tell apart and counters set back. */
function normal(state: LaneState): LaneState {
    const capMs = 700;
    const marks = new Set<number>();
    const collect = (value: unknown, key: string): void => {
        if (typeof value === "number" && key.endsWith("Ms")) marks.add(NOW_MS + TICK_MS - value);
        else if (typeof value === "object" && value !== null)
            for (const [name, part] of Object.entries(value)) collect(part, name);
    };
    collect(state.mode, "");
    collect(state.visit?.arrivedMs, "arrivedMs");
    collect(state.armDoubtSinceMs, "armDoubtSinceMs");
    // Beyond the cap only the order of the marks counts.
    const late = [...marks].filter((ageMs) => ageMs > capMs).sort((a, b) => a - b);
    const ageOf = (ageMs: number): number => (ageMs <= capMs ? ageMs : capMs + TICK_MS * (1 + late.indexOf(ageMs)));
    const shift = (value: unknown, key: string): unknown => {
        if (typeof value === "number" && key.endsWith("Ms")) return NOW_MS - ageOf(NOW_MS + TICK_MS - value);
        if (typeof value === "number" && key === "number") return 1;
        if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
        return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shift(part, name)]));
    };
    const { visit, decision } = { visit: state.visit, decision: state.visit?.decision };
    const { visit: _apart, ...rest } = state;
    return {
        ...(shift(rest, "") as LaneState),
        ...(visit === undefined
            ? {}
            : {
                  visit: {
                      passage: "p",
                      arrivedMs: NOW_MS - ageOf(NOW_MS + TICK_MS - visit.arrivedMs),
                      // What was decided and why does not change what happens next; which booking it was, only facts tell.
                      ...(decision === undefined
                          ? {}
                          : {
                                decision: {
                                    ...decision,
                                    trace: [],
                                    reason: "BOOKED",
                                    outcome: "admit",
                                    candidates: [],
                                },
                            }),
                  },
              }),
        orders: 1,
        alarms: [],
        seenRequests: [],
    };
}
