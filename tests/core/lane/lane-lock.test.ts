/**
 * Two lanes of a lock, stepped one after the other as the site does it, each with an arm that moves as arms do. Everything that
 * lorries, officers and keys can do to them is tried; the oracle only looks at where the two arms are.
 */
import { expect, test } from "vitest";
import type { ContactName } from "../../../src/core/lane/contacts.ts";
import { leavesInterlockFree } from "../../../src/core/lane/interlock.ts";
import { control } from "../../../src/core/lane/lane-control.ts";
import type { LaneImage, LaneRequest } from "../../../src/core/lane/lane-image.ts";
import { type LaneState, startingState } from "../../../src/core/lane/lane-state.ts";
import { Turn } from "../../../src/core/lane/turn.ts";
import { Choices } from "./choices.ts";
import { SLOT_UTC_MS } from "./lane-harness.ts";
import { canonical, keyOf, MODEL_PLANS } from "./lane-model.ts";
import { NO_GHOST } from "./lane-oracle.ts";
import { NOW_MS } from "./lazy-image.ts";

const LOCK = MODEL_PLANS["a lane of a lock, with every contact"];
// A broken arm and an emergency are not what a lock is for: the one moves nothing, the other is allowed to break it.
const PLAN = { ...LOCK, contacts: LOCK.contacts.filter((name) => name !== "armBreak" && name !== "emergency") };
const UP = 2;
/** Ticks that an arm takes to start after its order, within the travel time. */
const LAG_TICKS = 1;

/** A lane and its arm: `height` 0 is down; an order moves it after a lag. */
interface Half {
    readonly state: LaneState;
    readonly isFree: boolean;
    readonly height: number;
    readonly direction: number;
    /** Orders that have not reached the arm yet. */
    readonly lag: readonly number[];
    readonly key: string;
    readonly followers: Map<boolean, readonly Half[]>;
}

test("are never up together", { timeout: 120_000 }, () => {
    const seen = new Set<string>();
    const queue: (readonly [Half, Half])[] = [];
    const visit = (one: Half, two: Half): void => {
        const key = `${one.key} | ${two.key}`;
        if (seen.has(key)) return;
        seen.add(key);
        queue.push([one, two]);
    };
    const start = halfOf({ state: canonical(startingState()), isFree: false, height: 0, direction: 0, lag: [] });
    visit(start, start);
    let [steps, raised] = [0, 0];
    for (let index = 0; index < queue.length; index++) {
        const [one, two] = queue[index] ?? [start, start];
        for (const first of followersOf(one, two.isFree)) {
            for (const second of followersOf(two, first.isFree)) {
                steps += 1;
                if (first.height > 0 && second.height > 0) expect({ one, two, first, second }).toBeUndefined();
                raised += first.height + second.height === UP ? 1 : 0;
                visit(first, second);
            }
        }
    }
    console.log(`two lanes of a lock: ${halves.size} states of one, ${seen.size} of both, ${steps} steps`);
    expect(raised).toBeGreaterThan(0);
});

/** Every half that was met, by what it is. */
const halves = new Map<string, Half>();

function halfOf(plain: Omit<Half, "key" | "followers">): Half {
    const { state, isFree, height, direction, lag } = plain;
    const key = `${keyOf(state, NO_GHOST)} ${isFree} ${height} ${direction} ${lag.join()}`;
    const known = halves.get(key) ?? { ...plain, key, followers: new Map() };
    halves.set(key, known);
    return known;
}

/** Everything that one tick can make of a lane and its arm, with the other boom down or not. */
function followersOf(half: Half, isInterlockFree: boolean): readonly Half[] {
    const known = half.followers.get(isInterlockFree);
    if (known !== undefined) return known;
    const found = new Set<Half>();
    const choices = new Choices();
    do found.add(tick(half, isInterlockFree, choices));
    while (choices.next());
    const followers = [...found];
    half.followers.set(isInterlockFree, followers);
    return followers;
}

function tick(half: Half, isInterlockFree: boolean, choices: Choices): Half {
    const turn = new Turn(imageOf(half, isInterlockFree, choices), PLAN);
    const next = control(turn, half.state);
    const [order] = turn.orders;
    const lag = [...half.lag, order === undefined ? 0 : order.order === "raise" ? 1 : -1];
    const due = lag.length > LAG_TICKS ? (lag.shift() ?? 0) : 0;
    const direction = due === 0 ? half.direction : due;
    const height = Math.min(UP, Math.max(0, half.height + direction));
    const isAtEnd = height === 0 || height === UP;
    const isFree = leavesInterlockFree(next);
    return halfOf({ state: canonical(next), isFree, height, direction: isAtEnd ? 0 : direction, lag });
}

/** What happens at a lane in this tick. */
function imageOf(half: Half, isInterlockFree: boolean, choices: Choices): LaneImage {
    const once = new Map<string, boolean>();
    const isSo = (what: string): boolean => {
        const known = once.get(what) ?? choices.pick(2) === 1;
        once.set(what, known);
        return known;
    };
    const request = (asks: LaneRequest["asks"]): LaneRequest => ({
        id: asks,
        asks,
        by: { kind: "officer", name: "A. Officer" },
        reason: "seen",
        expiresMs: NOW_MS,
    });
    const level = (name: ContactName): boolean => {
        if (name === "limitOpen") return half.height === UP;
        if (name === "limitClosed") return half.height === 0;
        // Beam and exit loop add nothing here: the lane takes any of them for the same.
        return name === "approachLoop" || name === "boomLoop" || name === "keySwitch" ? isSo(name) : false;
    };
    const { at } = half.state.mode;
    const canBeAsked = at === "idle" || at === "referred" || at === "manual" || at === "fault";
    const asks = at === "manual" ? "close" : at === "fault" ? "reset" : "open";
    return {
        nowMs: NOW_MS,
        utcMs: SLOT_UTC_MS,
        isClockTrusted: true,
        isCameraWell: true,
        contacts: Object.fromEntries(PLAN.contacts.map((name) => [name, { isActive: level(name), ageMs: 0 }])),
        reads: [],
        list: { version: 1, hash: "", ageMs: 0 },
        checkpoint: "nur-zholy",
        requests: canBeAsked && isSo("asked") ? [request(asks)] : [],
        ...(isSo("failed") ? { echo: { order: "raise", number: 1, status: "failed" } } : {}),
        isInterlockFree,
        freshPassage: "p",
    };
}
