/**
 * Toledo continuous output: STX, three status words, six digits of weight, six of tare, CR and, where switched on, a checksum.
 * The lower bits of status word A say where the point stands; its codes 0 and 1 mean zeros that are printed on the front
 * plate and not sent: the weight is a hundred or ten times what the digits say.
 */
import { FixedCutter } from "../frame-cutter.ts";
import { garbled, noWeight, type ScaleProtocol, type ScaleWord } from "../scale-protocol.ts";
import { latin } from "../weight-text.ts";

export interface ToledoPlan {
    readonly hasChecksum: boolean;
    /** Bit 5 of status word B: 1 in most, 0 in some makes. */
    readonly statusBBit5: 0 | 1;
}

const STX = 0x02;
const CR = 0x0d;
/** STX, A, B, C, weight, tare, CR. */
const BODY = 17;

/** Multiplier of the digits by code 0 to 7, as numerator and denominator. */
const POINT: readonly (readonly [number, number])[] = [
    [100, 1],
    [10, 1],
    [1, 1],
    [1, 10],
    [1, 100],
    [1, 1_000],
    [1, 10_000],
    [1, 100_000],
];
/** Last digits step by this; code 0 is not in use. */
const STEP = [0, 1, 2, 5] as const;

export function toledoContinuous(plan: ToledoPlan): ScaleProtocol {
    const read = (frame: Uint8Array): ScaleWord => readToledo(plain(frame), plan);
    const length = BODY + (plan.hasChecksum ? 1 : 0);
    return { cutter: () => new FixedCutter(length, (frame) => read(frame).is !== "garbled"), read };
}

/** Lines of seven data bits, opened with eight, carry parity in bit 7; it says nothing about the weight. */
function plain(frame: Uint8Array): Uint8Array {
    return frame.map((byte) => byte & 0x7f);
}

function readToledo(frame: Uint8Array, { hasChecksum, statusBBit5 }: ToledoPlan): ScaleWord {
    const [stx, a = 0, b = 0, c = 0] = frame;
    if (frame.length !== BODY + (hasChecksum ? 1 : 0)) return garbled("wrong length");
    if (stx !== STX || frame[BODY - 1] !== CR) return garbled("STX or CR missing");
    if (hasChecksum && (frame.reduce((sum, byte) => sum + byte, 0) & 0x7f) !== 0) return garbled("checksum");
    const isMarked = (a & 0x60) === 0x20 && (b >> 5) % 2 === statusBBit5 && (c & 0x60) === 0x20;
    if (!isMarked) return garbled("status words");
    const weight = digitsOf(frame.subarray(4, 10));
    const tare = digitsOf(frame.subarray(10, 16));
    const step = STEP[(a >> 3) & 3] ?? 0;
    if (weight === undefined || tare === undefined || step === 0 || weight % step !== 0) return garbled("digits");
    return judge(b, c) ?? weightOf(a, b, weight, tare);
}

/** What forbids to use the number. */
function judge(b: number, c: number): ScaleWord | undefined {
    const isNegative = (b & 0x02) !== 0;
    if ((b & 0x04) !== 0) return noWeight(isNegative ? "under" : "over", "out of range");
    if ((b & 0x40) !== 0) return noWeight("fault", "has not been set to zero since it was switched on");
    if ((b & 0x10) === 0 || (c & 0x07) !== 0) return noWeight("fault", "does not weigh in kilograms: set it to them");
    return (c & 0x10) === 0 ? undefined : noWeight("fault", "shows the weight expanded: end its test mode");
}

/** Net and tare make gross again: the tare stands in the same frame. */
function weightOf(a: number, b: number, weight: number, tare: number): ScaleWord {
    const signed = (b & 0x02) !== 0 ? 0 - weight : weight;
    const [factor, divisor] = POINT[a & 0x07] ?? [1, 1];
    const grossKg = ((signed + ((b & 0x01) !== 0 ? tare : 0)) * factor) / divisor;
    return { is: "weight", grossKg, isStable: (b & 0x08) === 0 };
}

/** Six characters: spaces, then digits. */
function digitsOf(bytes: Uint8Array): number | undefined {
    const text = latin(bytes);
    return /^ *\d+$/.test(text) ? Number(text) : undefined;
}
