/**
 * The search takes states together that differ only in what makes no difference. Here a lane walks at random with all its
 * memory, alarms included, and in every tick the state that the search would have kept instead must do the same.
 */
import { expect, test } from "vitest";
import { control } from "../../../src/core/lane/lane-control.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import { type LaneMode, type LaneState, startingState } from "../../../src/core/lane/lane-state.ts";
import { step } from "../../../src/core/lane/lane-step.ts";
import { Turn } from "../../../src/core/lane/turn.ts";
import { canonical, keyOf, MODEL_PLANS, TICK_MS } from "./lane-model.ts";
import { NO_GHOST } from "./lane-oracle.ts";
import { type Chooser, LazyImage, PARTS } from "./lazy-image.ts";

const STEPS = 60_000;

/** How often something that ends whatever goes on happens in a tick, so that long stories happen at all. */
const CHANCE: ReadonlyMap<number, number> = new Map([
    [PARTS.armBreak, 0.003],
    [PARTS.emergency, 0.001],
    [PARTS.keySwitch, 0.01],
    [PARTS.request, 0.08],
]);
/** Where only somebody's word goes on, people speak more often. */
const STUCK: ReadonlySet<LaneMode["at"]> = new Set(["fault", "out-of-service", "emergency-open", "manual"]);

/** Mostly what it was before. Repeatable: mulberry32. */
class Weather implements Chooser {
    #seed: number;
    readonly #last: number[] = [];
    mode: LaneMode["at"] = "starting";

    constructor(seed: number) {
        this.#seed = seed;
    }

    pick(of: number, part: number): number {
        const chance = part === PARTS.request && STUCK.has(this.mode) ? 0.7 : CHANCE.get(part);
        const before = this.#last[part] ?? 0;
        let taken: number;
        if (chance !== undefined) taken = this.#random() < chance ? this.#below(of) : 0;
        else if (this.#random() < 0.75 && before < of) taken = before;
        else taken = part !== PARTS.limits && this.#random() < 0.5 ? 0 : this.#below(of);
        this.#last[part] = taken;
        return taken;
    }

    /** Once in a while nobody has looked. */
    isBlink(): boolean {
        return this.#random() < 0.002;
    }

    #below(of: number): number {
        return Math.floor(this.#random() * of);
    }

    #random(): number {
        this.#seed = (this.#seed + 0x6d2b79f5) | 0;
        let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    }
}

/** The same state with all its times moved, nothing taken together. */
function moved<T>(value: T, byMs: number, name = ""): T {
    if (typeof value === "number" && name.endsWith("Ms")) return (value + byMs) as T;
    if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, moved(part, byMs, key)])) as T;
}

const UNCHECKED: ReadonlySet<string> = new Set(["alarm.raised", "alarm.cleared", "boom.opened", "boom.closed"]);
const told = (facts: readonly { readonly kind: string }[]): readonly string[] =>
    facts.map(({ kind }) => kind).filter((kind) => !UNCHECKED.has(kind));

test.each(Object.entries<LanePlan>(MODEL_PLANS))("%s", { timeout: 300_000 }, (_name, plan) => {
    const weather = new Weather(20_261_122);
    const image = new LazyImage(weather, plan);
    const modes = new Map<string, number>();
    let whole: LaneState = startingState("p-old");
    for (let tick = 0; tick < STEPS; tick++) {
        // `canonical` moves a state on by one tick.
        const kept = canonical(moved(whole, TICK_MS));
        image.forget();
        image.freshPassage = `fresh-${tick}`;
        image.wasBlind = weather.isBlink();
        image.latestOrder = whole.orders;
        const real = step(whole, image, plan);
        image.latestOrder = 1;
        const turn = new Turn(image, plan);
        const next = control(turn, kept);

        expect(turn.orders.map(({ order }) => order)).toEqual(real.orders.map(({ order }) => order));
        expect(told(turn.facts)).toEqual(told(real.facts));
        expect(keyOf(canonical(next), NO_GHOST)).toBe(keyOf(canonical(real.next), NO_GHOST));
        modes.set(real.next.mode.at, (modes.get(real.next.mode.at) ?? 0) + 1);
        weather.mode = real.next.mode.at;
        whole = moved(real.next, -TICK_MS);
    }
    expect(modes.size).toBeGreaterThanOrEqual(13);
    expect(Math.min(...modes.values())).toBeGreaterThanOrEqual(5);
});
