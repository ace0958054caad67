/**
 * What all scales have in common once a frame has become a word: it is held against what the scale can weigh and show at
 * all, stability is derived where the protocol does not give it, and the newest reading is kept with its frame as proof.
 */
import type { ScaleSighting } from "../../src/ports/scale.ts";
import type { ScaleProfile } from "./scale-profile.ts";
import type { ScaleWord } from "./scale-protocol.ts";

/** What the scale's plate says. */
export interface WeighbridgePlate {
    readonly capacityKg: number;
    /** The step of the display, d. Of several ranges, the finest. */
    readonly divisionKg: number;
}

/** A scale shows up to nine divisions more than it may weigh (OIML R 76-1, 4.2.3). */
const DIVISIONS_OVER = 9;
/** Binary fractions of kilograms are not exact; a step is never missed by as little. */
const STEP_ERROR = 1e-6;

export class Weighbridge {
    readonly #plate: WeighbridgePlate;
    readonly #stability: ScaleProfile["stability"];
    #sighting: ScaleSighting | undefined;
    #equal: { readonly grossKg: number; readonly sinceMs: number; readonly frames: number } | undefined;
    #complaint: string | undefined;

    constructor(plate: WeighbridgePlate, stability: ScaleProfile["stability"]) {
        this.#plate = plate;
        this.#stability = stability;
    }

    get sighting(): ScaleSighting | undefined {
        return this.#sighting;
    }

    /** Why the newest word was no weight; undefined when it was one, or when the scale is merely loaded too much or too little. */
    get complaint(): string | undefined {
        return this.#complaint;
    }

    /** Takes one word; false when it is not worth being kept, and the last reading ages on. */
    take(word: ScaleWord, frame: Uint8Array, atMs: number): boolean {
        if (word.is === "garbled") return this.#refuse(`sends what is no weight (${word.why}): check line and format`);
        if (word.is === "no-weight") {
            this.#complaint = word.range === "fault" ? word.why : undefined;
            this.#keep({ grossKg: 0, isStable: false, isInRange: false, range: word.range }, frame, atMs);
            return true;
        }
        const { capacityKg, divisionKg } = this.#plate;
        const steps = Math.round(word.grossKg / divisionKg);
        const isOnStep = word.isFine === true || Math.abs(word.grossKg / divisionKg - steps) <= STEP_ERROR;
        if (!Number.isFinite(steps) || !isOnStep)
            return this.#refuse(
                `shows ${word.grossKg} kg, which is no multiple of ${divisionKg}: check divisionKg, unit, point and format`,
            );
        const grossKg = word.isFine === true ? steps * divisionKg : word.grossKg;
        this.#complaint = undefined;
        const isStable = word.isStable ?? this.#isStill(grossKg, atMs);
        const isOver = grossKg > capacityKg + DIVISIONS_OVER * divisionKg;
        this.#keep({ grossKg, isStable, isInRange: !isOver, range: isOver ? "over" : "in" }, frame, atMs);
        return true;
    }

    /** Frames were lost: what comes next is not in a row with what came before. */
    interrupt(): void {
        this.#equal = undefined;
    }

    #refuse(complaint: string): false {
        this.#complaint = complaint;
        this.#equal = undefined;
        return false;
    }

    #keep(
        seen: Pick<ScaleSighting, "grossKg" | "isStable" | "isInRange" | "range">,
        frame: Uint8Array,
        atMs: number,
    ): void {
        if (!seen.isInRange) this.#equal = undefined;
        const raw = Buffer.from(frame).toString("hex");
        this.#sighting = { ...seen, raw, atMs, stability: this.#stability.kind };
    }

    #isStill(grossKg: number, atMs: number): boolean {
        const before = this.#equal;
        const equal =
            before?.grossKg === grossKg
                ? { ...before, frames: before.frames + 1 }
                : { grossKg, sinceMs: atMs, frames: 1 };
        this.#equal = equal;
        const { kind } = this.#stability;
        if (kind === "given") return false;
        return equal.frames >= this.#stability.frames && atMs - equal.sinceMs >= this.#stability.overMs;
    }
}
