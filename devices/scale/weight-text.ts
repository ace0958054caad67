/** Weights as indicators write them. Counted as whole numbers, so that 12.34 t is 12340 kg and not nearly. */
import type { WeightUnit } from "./scale-protocol.ts";

/** `count` with `decimals` places behind the point, in kilograms. */
export function kilograms(count: number, decimals: number, unit: WeightUnit): number {
    return (count * (unit === "t" ? 1_000 : 1)) / 10 ** decimals;
}

/** Whether a unit, as an indicator writes it, is one that a road scale weighs in. Grams are not: "kg" without its "k" reads so. */
export function isMetric(unit: string): unit is WeightUnit {
    return unit === "kg" || unit === "t";
}

/** Digits with at most one point between them; undefined for anything else. No sign, no spaces. */
export function countOf(text: string): { readonly count: number; readonly decimals: number } | undefined {
    if (!/^\d{1,9}(\.\d{1,8})?$/.test(text)) return undefined;
    const point = text.indexOf(".");
    const decimals = point < 0 ? 0 : text.length - point - 1;
    return { count: Number(text.replace(".", "")), decimals };
}

/** Bytes as characters of equal number: nothing is decoded, nothing is lost. */
export function latin(frame: Uint8Array): string {
    return String.fromCharCode(...frame);
}

/** Sum of `bytes` by exclusive or. */
export function xorOf(bytes: Uint8Array): number {
    return bytes.reduce((sum, byte) => sum ^ byte, 0);
}
