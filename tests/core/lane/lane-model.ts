/**
 * Breadth-first search over everything a lane can reach: every state, met with every combination of inputs that the lane looks
 * at in it. Times are cut down so that a few ticks cross every limit; states that cannot differ in what follows are one.
 */

import { PASSAGE_ENDINGS } from "../../../src/core/fact/fact.ts";
import type { ContactName } from "../../../src/core/lane/contacts.ts";
import { leavesInterlockFree } from "../../../src/core/lane/interlock.ts";
import { lightOf } from "../../../src/core/lane/lamp.ts";
import { control } from "../../../src/core/lane/lane-control.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import type { LaneMode, LaneState, Visit } from "../../../src/core/lane/lane-state.ts";
import { noteBlindness } from "../../../src/core/lane/sight.ts";
import { Turn } from "../../../src/core/lane/turn.ts";
import { Choices } from "./choices.ts";
import { PLAN } from "./lane-harness.ts";
import { broken, forgetful, type Ghost, haunt, type Judged, NO_GHOST, settle } from "./lane-oracle.ts";
import { LazyImage, NOW_MS, SAME_AS_UNASKED } from "./lazy-image.ts";

export const TICK_MS = 100;

/** Small enough to search, in the proportions of a real lane: the hold is longer than a gap, a read longer than its settling. */
const MODEL_PLAN: LanePlan = {
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
    interlockedWith: "lane-2",
    limits: {
        ...PLAN.limits,
        readingAgeMsMax: 50,
        presenceMsMin: 200,
        readSettleMs: 100,
        readMsMax: 400,
        travelMsMax: 300,
        contradictionMsMax: 100,
        clearHoldMsMin: 200,
        vehicleGapMsMin: 100,
        noShowMsMax: 300,
        interlockMsMax: 200,
        orderRetryMs: 100,
        orderTriesMax: 2,
        weighMsMax: 300,
        weightHoldMsMin: 100,
        weightReadingsMin: 2,
    },
};

/** The lanes that are searched: one with everything, then what others have less or more. */
export const MODEL_PLANS = {
    "a lane of a lock, with every contact": MODEL_PLAN,
    "without an upper limit switch": without("limitOpen"),
    "without limit switches, closed by officers": { ...without("limitOpen", "limitClosed"), isClosingAutomatic: false },
    "without a lower limit switch and exit loop, closed by officers": {
        ...without("limitClosed", "exitLoop"),
        isClosingAutomatic: false,
    },
    // One limit switch less: what the scale adds to be looked at, an arm that is seen from one end takes away again.
    "with a scale": {
        ...without("keySwitch", "armBreak", "limitOpen"),
        contacts: [...without("keySwitch", "armBreak", "limitOpen").contacts, "scaleBeam1", "scaleBeam2"],
        hasScale: true,
    },
} as const satisfies Readonly<Record<string, LanePlan>>;

function without(...names: readonly ContactName[]): LanePlan {
    const { interlockedWith: _lock, contacts, ...rest } = MODEL_PLAN;
    return { ...rest, contacts: contacts.filter((name) => !names.includes(name)) };
}

export interface Node {
    readonly state: LaneState;
    readonly ghost: Ghost;
}

export interface Violation {
    readonly invariant: string;
    readonly from: LaneState;
    readonly seen: Readonly<Record<string, unknown>>;
    readonly orders: readonly string[];
    readonly next: LaneState;
}

export interface Exploration {
    readonly nodes: ReadonlyMap<string, Node>;
    readonly steps: number;
    readonly raises: number;
    readonly lowers: number;
    readonly modes: Readonly<Record<string, number>>;
    /** The first one found; the search ends there. */
    readonly violation?: Violation;
}

/** Visits everything reachable from `starts`. Throws when there are more than `statesMax`: nothing is left out in silence. */
export function exploreLane(
    plan: LanePlan,
    starts: readonly LaneState[],
    options: { readonly codes: ReadonlySet<string>; readonly statesMax: number },
): Exploration {
    const nodes = new Map<string, Node>();
    const queue: Node[] = [];
    const modes: Record<string, number> = {};
    let [steps, raises, lowers] = [0, 0, 0];
    const visit = (state: LaneState, ghost: Ghost): void => {
        const key = keyOf(state, ghost);
        if (nodes.has(key)) return;
        if (nodes.size >= options.statesMax) throw new Error(`more than ${options.statesMax} states`);
        const node = { state, ghost };
        nodes.set(key, node);
        modes[state.mode.at] = (modes[state.mode.at] ?? 0) + 1;
        queue.push(node);
    };
    for (const start of starts) visit(canonical(start), NO_GHOST);
    for (let index = 0; index < queue.length; index++) {
        const node = queue[index];
        if (node === undefined) break;
        for (const next of everyPause(node.state, plan)) visit(canonical(next), forgetful(node.ghost));
        for (const tick of everyTick(node.state, plan, options.codes)) {
            steps += 1;
            if (tick.orders.length > 0) {
                raises += tick.orders[0]?.order === "raise" ? 1 : 0;
                lowers += tick.orders[0]?.order === "lower" ? 1 : 0;
            }
            const ghost = haunt(tick, node.ghost);
            const [invariant] = broken(tick, ghost);
            if (invariant !== undefined)
                return { nodes, steps, raises, lowers, modes, violation: violationOf(invariant, tick) };
            visit(canonical(tick.next), settle(tick, ghost));
        }
    }
    return { nodes, steps, raises, lowers, modes };
}

/**
 * What a lane makes of a state when it finds that it was blind: the first thing it does in a tick, and nothing else asks. The
 * rest of such a tick is that of one from the state that this leaves, which the search visits as well.
 */
function* everyPause(from: LaneState, plan: LanePlan): Generator<LaneState, undefined> {
    const choices = new Choices();
    const image = new LazyImage(choices, plan);
    image.wasBlind = true;
    do {
        image.forget();
        const turn = new Turn(image, plan);
        const next = noteBlindness(turn, from);
        if (next === from) return undefined;
        const ended = turn.facts.filter(({ kind }) => PASSAGE_ENDINGS.has(kind)).map(({ passage }) => passage);
        if (String(ended) !== String(from.visit?.passage ?? [])) throw new Error(`${from.mode.at}: ended ${ended}`);
        yield next;
    } while (choices.next());
    return undefined;
}

/** Every tick that can follow a state, one for each combination of inputs that the lane looks at. */
function* everyTick(from: LaneState, plan: LanePlan, codes: ReadonlySet<string>): Generator<Judged, undefined> {
    const choices = new Choices();
    const image = new LazyImage(choices, plan);
    do {
        image.forget();
        const turn = new Turn(image, plan);
        image.wasRefused = () => turn.facts.at(-1)?.kind === "order.refused";
        let next: LaneState;
        try {
            next = control(turn, from);
        } catch (error) {
            if (error === SAME_AS_UNASKED) continue;
            throw error;
        }
        const { orders, facts, scene } = turn;
        const isLeftFree = plan.interlockedWith !== undefined && leavesInterlockFree(next);
        const light = lightOf(next, scene);
        yield { from, next, image, plan, orders, facts, light, isLeftFree, tickMs: TICK_MS, codes };
    } while (choices.next());
    return undefined;
}

function violationOf(invariant: string, { from, next, image, orders }: Judged): Violation {
    return { invariant, from, seen: image.all, orders: orders.map(({ order }) => order), next };
}

/** Longer than every limit of the plans. */
const AGE_MS_MAX = 500;

/**
 * The same state one tick later, without what makes no difference to what the lane will do: times beyond every limit, numbers
 * that only grow, names and reasons, what alarms rest on. `lane-collapse.test.ts` checks by long random walks that it is so.
 */
export function canonical(state: LaneState): LaneState {
    const { mode, visit, orders: _o, arm: _a, armEnd: _e, alarms: _s, watch: _w, seenRequests: _r, ...rest } = state;
    const aged = (value: object): object => {
        const result: Record<string, unknown> = {};
        for (const [name, part] of Object.entries(value)) {
            if (name.endsWith("Ms") && typeof part === "number") result[name] = later(part);
            else result[name] = typeof part === "object" && part !== null ? aged(part) : part;
        }
        return result;
    };
    return {
        ...(aged(rest) as Omit<LaneState, "mode" | "orders" | "arm" | "alarms" | "seenRequests">),
        mode: canonicalMode(aged(mode) as LaneMode),
        ...(visit === undefined ? {} : { visit: canonicalVisit(visit, mode.at) }),
        orders: 1,
        arm: "unknown",
        alarms: [],
        seenRequests: [],
    };
}

function later(momentMs: number): number {
    return Math.max(momentMs - TICK_MS, NOW_MS - AGE_MS_MAX);
}

/** When it came matters until the lane decides, its weight and what an officer named when it decides, whether it was seen until it is under the boom. */
function canonicalVisit(visit: Visit, at: LaneMode["at"]): Visit {
    const isJudged = at === "weighing" || at === "deciding" || at === "referred";
    return {
        passage: "p",
        arrivedMs: at === "arriving" ? later(visit.arrivedMs) : NOW_MS,
        isSeen: visit.isSeen || at === "passing",
        ...(visit.weight === undefined || (at !== "deciding" && at !== "referred") ? {} : { weight: visit.weight }),
        ...(visit.link === undefined || !isJudged ? {} : { link: { ...visit.link, by: "o" } }),
    };
}

function canonicalMode(mode: LaneMode): LaneMode {
    switch (mode.at) {
        case "opening":
            if (mode.order === undefined) return { ...mode, cause: plain(mode.cause, mode.cause.by === "decision") };
            return { ...mode, cause: plain(mode.cause), order: { ...mode.order, number: 1 }, sinceMs: NOW_MS };
        case "open-waiting":
            return { ...mode, cause: plain(mode.cause) };
        case "passing":
            return { ...mode, cause: plain(mode.cause), track: { ...mode.track, sinceMs: NOW_MS } };
        case "closing":
            return { ...mode, order: { ...mode.order, number: 1 }, sinceMs: NOW_MS };
        case "emergency-open":
            return mode.order === undefined
                ? { ...mode, sinceMs: NOW_MS }
                : { ...mode, order: { ...mode.order, number: 1, tries: 1 }, sinceMs: NOW_MS };
        case "deciding":
        case "referred":
        case "refused":
        case "fault":
        case "manual":
        case "out-of-service":
            return { ...mode, sinceMs: NOW_MS };
        default:
            return mode;
    }
}

type Cause = Extract<LaneMode, { at: "passing" }>["cause"];

/** Who let it in and why is told in facts; what follows only depends on whether somebody did. */
function plain(cause: Cause, isOwnDecision = false): Cause {
    if (cause.by === "nobody" || cause.by === "found-open") return cause;
    return isOwnDecision ? { by: "decision", bookingId: "b" } : { by: "officer", name: "o", reason: "r" };
}

/** Two states with the same key are the same state; members stand in the order in which `canonical` puts them. */
export function keyOf(state: LaneState, ghost: Ghost): string {
    return JSON.stringify([sorted(state.mode), state.visit, { ...state, mode: 0, visit: 0 }, ghost]);
}

function sorted(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    return Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, part]) => [name, sorted(part)]);
}
