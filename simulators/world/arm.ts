/**
 * Barrier arm and motor: told to drive up or down, it turns at its real speed and reports two limit switches.
 * Advances only when told to; a bouncing switch is drawn from the seeded generator.
 */
import { z } from "zod";
import type { Random } from "./random.ts";

export type Drive = "up" | "down" | "off";

export const ArmFault = z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    /** The motor hums, the arm stays. */
    z.strictObject({ kind: z.literal("stuck") }),
    /** Limit switches chatter: in so many steps of a thousand they read off. */
    z.strictObject({ kind: z.literal("bounce"), perMille: z.number().min(0).max(1000) }),
    /** Both limit switches read off. */
    z.strictObject({ kind: z.literal("silent") }),
]);

export type ArmFault = z.output<typeof ArmFault>;

/** Full travel; the limit switches close within a degree of either end. */
const UPRIGHT_DEG = 90;
const SWITCH_DEG = 1;

export class SimulatedArm {
    drive: Drive = "off";
    fault: ArmFault = { kind: "none" };
    /** Something lies under the arm: it cannot sink further. */
    isObstructed = false;
    #angleDeg = 0;
    #isBouncing = false;
    readonly #random: Random;
    readonly #degPerMs: number;

    constructor(random: Random, travelMs: number) {
        this.#random = random;
        this.#degPerMs = UPRIGHT_DEG / travelMs;
    }

    advance(elapsedMs: number): void {
        this.#isBouncing = this.fault.kind === "bounce" && this.#random.chance(this.fault.perMille / 1000);
        if (this.drive === "off" || this.fault.kind === "stuck") return;
        if (this.drive === "down" && this.isObstructed) return;
        const turnDeg = (this.drive === "up" ? 1 : -1) * this.#degPerMs * elapsedMs;
        this.#angleDeg = Math.min(UPRIGHT_DEG, Math.max(0, this.#angleDeg + turnDeg));
    }

    /** Contacts as wired: energised = that end is reached. */
    get switches(): { readonly open: boolean; readonly closed: boolean } {
        const works = this.fault.kind !== "silent" && !this.#isBouncing;
        return { open: works && this.isUpright, closed: works && this.isDown };
    }

    /** Truth; a driver can only ask the switches. */
    get angleDeg(): number {
        return this.#angleDeg;
    }

    get isUpright(): boolean {
        return this.#angleDeg > UPRIGHT_DEG - SWITCH_DEG;
    }

    get isDown(): boolean {
        return this.#angleDeg < SWITCH_DEG;
    }
}
