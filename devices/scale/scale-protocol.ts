/** What every family of indicators has to say about its protocol. All of it is pure: bytes in, words out. */
import type { ScaleRange } from "../../src/ports/scale.ts";
import type { FrameCutter } from "./frame-cutter.ts";

/** What one frame means. */
export type ScaleWord =
    /** `isStable` is absent where the protocol does not tell; `isFine`: finer than the display, to be rounded to its step. */
    | { readonly is: "weight"; readonly grossKg: number; readonly isStable?: boolean; readonly isFine?: boolean }
    /** Well-formed, and no gross weight in it. */
    | { readonly is: "no-weight"; readonly range: Exclude<ScaleRange, "in">; readonly why: string }
    | { readonly is: "garbled"; readonly why: string };

/** What is set in one indicator and stands in the site file. */
export interface ScaleSettings {
    /** Number or address of the indicator on its line; letters count from A = 1. */
    readonly unit: number;
    /** What a weight means that comes without its unit. */
    readonly weightUnit: WeightUnit;
    /** What one count of a whole-number register is worth. */
    readonly kgPerCount: number;
}

/** Units that a road scale may be set to. Pounds are never converted: a scale set to them is set wrongly. */
export type WeightUnit = "kg" | "t";

/** Asks in the order in which they go out; each waits for its answer. */
export interface ScalePoll {
    /** Sent after every new connection and every silence; each must be answered by exactly these bytes. */
    readonly hello?: { readonly ask: Uint8Array; readonly answer: Uint8Array; readonly pauseMs: number };
    readonly asks: readonly Uint8Array[];
    readonly answerMsMax: number;
    /** The answer is all that comes before this much silence, because nothing in it marks its end. */
    readonly answerGapMs?: number;
    /** One word from the answers to all asks. */
    readonly join: (answers: readonly Uint8Array[]) => ScaleWord;
}

/** One protocol, set up for one indicator. */
export interface ScaleProtocol {
    /** A new one for every connection. */
    readonly cutter: () => FrameCutter;
    /** The meaning of one frame as the cutter gives it. Never throws. */
    readonly read: (frame: Uint8Array) => ScaleWord;
    /** Absent: the indicator speaks by itself. */
    readonly poll?: ScalePoll;
}

export function garbled(why: string): ScaleWord {
    return { is: "garbled", why };
}

export function noWeight(range: Exclude<ScaleRange, "in">, why: string): ScaleWord {
    return { is: "no-weight", range, why };
}

/** Why a net weight is none: gross is what the road carries. */
export const SHOWS_NET = "shows net weight: clear its tare";
