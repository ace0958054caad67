/** Registers of an indicator, read in one piece, and what they mean. Pure. */
import type { ModbusScaleProfile } from "../scale-profile.ts";
import { garbled, noWeight, type ScaleWord } from "../scale-protocol.ts";

export type ScaleRegisters = ModbusScaleProfile["registers"];

/** The smallest piece that holds weight and status; indicators give at most 32 registers at once. */
export function spanOf({ weight, status }: ScaleRegisters): { readonly address: number; readonly count: number } {
    const first = Math.min(weight.address, status?.address ?? weight.address);
    const last = Math.max(weight.address + 1, status?.address ?? 0);
    return { address: first, count: last - first + 1 };
}

/** `frame` holds the registers of `spanOf`, high byte first. */
export function readRegisters(frame: Uint8Array, registers: ScaleRegisters, kgPerUnit: number): ScaleWord {
    const { address, count } = spanOf(registers);
    if (frame.length !== 2 * count) return garbled("number of registers");
    const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
    const wordAt = (register: number): number => view.getUint16(2 * (register - address));
    const state = registers.status === undefined ? 0 : wordAt(registers.status.address);
    const has = (bit: number | undefined): boolean => bit !== undefined && ((state >> bit) & 1) === 1;
    const { stableBit, negativeBit, overBits = [], underBits = [], faultBits = [] } = registers.status ?? {};
    if (faultBits.some(has)) return noWeight("fault", "reports an error of its load cells or converter");
    if (overBits.some(has)) return noWeight("over", "overload");
    if (underBits.some(has)) return noWeight("under", "underload");
    const weight = weightOf(registers.weight, wordAt);
    if (weight === undefined || (negativeBit !== undefined && weight < 0)) return garbled("not a weight");
    const grossKg = (has(negativeBit) ? 0 - weight : weight) * kgPerUnit;
    const isFine = registers.weight.kind === "float32";
    return { is: "weight", grossKg, isFine, ...(stableBit === undefined ? {} : { isStable: has(stableBit) }) };
}

/** Undefined for what is no number. */
function weightOf(
    { address, kind, wordOrder }: ScaleRegisters["weight"],
    wordAt: (register: number) => number,
): number | undefined {
    const [high, low] =
        wordOrder === "high-first" ? [wordAt(address), wordAt(address + 1)] : [wordAt(address + 1), wordAt(address)];
    const view = new DataView(new ArrayBuffer(4));
    view.setUint16(0, high);
    view.setUint16(2, low);
    if (kind === "int32") return view.getInt32(0);
    const value = view.getFloat32(0);
    // Single precision has seven digits: what stands beyond them is not the scale's.
    return Number.isFinite(value) ? Number(value.toPrecision(7)) : undefined;
}
