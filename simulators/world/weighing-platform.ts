/**
 * A weighing platform in front of the boom with its indicator and the light beams across its ends: carries the axles that stand
 * on it, swings while something moves, and shows what a display of its step would show.
 */
import { z } from "zod";
import type { Shown } from "../wire/scale-dialects.ts";
import type { DrivenLorry } from "./driven-lorry.ts";
import { covers } from "./lorry-shape.ts";
import { Random } from "./random.ts";

export const PlatformPlan = z.strictObject({
    /** From the end where lorries come on to the end towards the boom: room for the longest lorry before the stop line. */
    fromM: z.number().default(-22.5),
    toM: z.number().default(-2),
    capacityKg: z.number().positive().default(80_000),
    divisionKg: z.number().positive().default(20),
    /** Gross weights by the lorry's number; the others weigh between 15 and 39 t. */
    loadsKg: z.record(z.string().regex(/^\d+$/), z.number().positive()).default({}),
});
export type PlatformPlan = z.output<typeof PlatformPlan>;

/** What people do to a weighing. */
export const ScaleTrick = z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    /** The empty scale shows this: ballast on the platform, or set to zero with something on it. Begins when it is next empty. */
    z.strictObject({ kind: z.literal("offset"), kg: z.number() }),
    /** The driver keeps the lorry swinging. */
    z.strictObject({ kind: z.literal("rocking"), kg: z.number().positive() }),
    /** Something of this weight drives on behind the lorry as soon as that stands, and stays. */
    z.strictObject({ kind: z.literal("second-vehicle"), kg: z.number().positive() }),
]);
export type ScaleTrick = z.output<typeof ScaleTrick>;

/** How fast the display follows the load [U]. */
const FOLLOW_MS = 250;
/** Without movement for so long, the indicator calls the weight stable [U]. */
const STILL_MS = 800;
const ROCKING_MS = 700;
/** The second vehicle comes so long after the lorry has come to a stand, and needs so long to cross the entry beam. */
const BEHIND_AFTER_MS = 1_500;
const CROSSING_MS = 900;
/** A rolling lorry bounces on its springs: so much of its weight, up and down in this time [U]. */
const BOUNCE_SHARE = 0.015;
const BOUNCE_MS = 430;
/** Share of the gross weight on the steering axle of a laden lorry. */
const FRONT_SHARE = 0.18;

export class WeighingPlatform {
    readonly #plan: PlatformPlan;
    readonly #seed: number;
    readonly #wasAt = new Map<DrivenLorry, number>();
    #trick: ScaleTrick = { kind: "none" };
    #hasBeenEmpty = false;
    #feltKg = 0;
    #stillMs = STILL_MS;
    #standingMs = 0;
    #nowMs = 0;
    #isEntryBroken = false;
    #isExitBroken = false;

    constructor(plan: PlatformPlan, seed: number) {
        this.#plan = plan;
        this.#seed = seed;
    }

    trick(trick: ScaleTrick): void {
        this.#trick = trick;
        this.#hasBeenEmpty = false;
        this.#stillMs = 0;
    }

    get shown(): Shown {
        const { divisionKg, capacityKg } = this.#plan;
        const kg = Math.round(this.#feltKg / divisionKg) * divisionKg;
        return { kg: kg + 0, isStable: this.#stillMs >= STILL_MS, isOver: kg > capacityKg + 9 * divisionKg };
    }

    /** Light beams, true while they are intact. */
    get beams(): { readonly entry: boolean; readonly exit: boolean } {
        return { entry: !this.#isEntryBroken, exit: !this.#isExitBroken };
    }

    /** Time alone changes nothing any more. */
    get isStill(): boolean {
        return this.#stillMs >= STILL_MS && this.#wasAt.size === 0;
    }

    /** Truth: what a lorry weighs. */
    grossKgOf(lorry: number): number {
        const given = this.#plan.loadsKg[String(lorry)];
        return given ?? new Random(this.#seed, `mass/${lorry}`).between(15_000, 39_000);
    }

    advance(elapsedMs: number, lorries: readonly DrivenLorry[]): void {
        this.#nowMs += elapsedMs;
        const { fromM, toM } = this.#plan;
        const isAcross = (atM: number): boolean =>
            lorries.some(({ shape, frontAtM }) => covers(shape.body, frontAtM, atM, atM, 0));
        const isMoving = this.#haveMoved(lorries);
        const loadKg = lorries.reduce((sum, lorry) => sum + this.#onPlatform(lorry), 0);
        this.#standingMs = loadKg > 0 && !isMoving ? this.#standingMs + elapsedMs : 0;
        const behindMs = this.#trick.kind === "second-vehicle" ? this.#standingMs - BEHIND_AFTER_MS : -1;
        this.#isEntryBroken = isAcross(fromM) || (behindMs > 0 && behindMs < CROSSING_MS);
        this.#isExitBroken = isAcross(toM);
        const bounce = isMoving ? BOUNCE_SHARE * Math.sin((2 * Math.PI * this.#nowMs) / BOUNCE_MS) : 0;
        if (loadKg === 0) this.#hasBeenEmpty = true;
        const feltKg = loadKg * (1 + bounce) + this.#extraKg(behindMs, loadKg);
        this.#feel(feltKg, elapsedMs, isMoving && loadKg > 0);
    }

    #haveMoved(lorries: readonly DrivenLorry[]): boolean {
        const isMoving = lorries.some((lorry) => this.#wasAt.get(lorry) !== lorry.frontAtM && this.#isNear(lorry));
        this.#wasAt.clear();
        for (const lorry of lorries) this.#wasAt.set(lorry, lorry.frontAtM);
        return isMoving;
    }

    #isNear({ frontAtM, rearAtM }: DrivenLorry): boolean {
        return frontAtM > this.#plan.fromM && rearAtM < this.#plan.toM;
    }

    #onPlatform(lorry: DrivenLorry): number {
        const { axles } = lorry.shape;
        const { fromM, toM } = this.#plan;
        const grossKg = this.grossKgOf(lorry.lorry.number);
        const others = (1 - FRONT_SHARE) / (axles.length - 1);
        return axles.reduce((sum, behindM, index) => {
            const atM = lorry.frontAtM - behindM;
            return atM < fromM || atM > toM ? sum : sum + grossKg * (index === 0 ? FRONT_SHARE : others);
        }, 0);
    }

    #extraKg(behindMs: number, loadKg: number): number {
        switch (this.#trick.kind) {
            case "none":
                return 0;
            case "offset":
                return this.#hasBeenEmpty ? this.#trick.kg : 0;
            case "rocking":
                return loadKg === 0 ? 0 : this.#trick.kg * Math.sin((2 * Math.PI * this.#nowMs) / ROCKING_MS);
            case "second-vehicle":
                return behindMs > CROSSING_MS / 2 ? this.#trick.kg : 0;
        }
    }

    #feel(loadKg: number, elapsedMs: number, isMoving: boolean): void {
        this.#feltKg += (loadKg - this.#feltKg) * (1 - Math.exp(-elapsedMs / FOLLOW_MS));
        const isCalm = !isMoving && Math.abs(loadKg - this.#feltKg) < this.#plan.divisionKg / 4;
        this.#stillMs = isCalm ? this.#stillMs + elapsedMs : 0;
        if (isCalm && this.#stillMs >= STILL_MS) this.#feltKg = loadKg;
    }
}
