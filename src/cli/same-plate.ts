/** Whether what was read is the plate that was there: how benches and the demonstration judge, never how a lane decides. */
import { matchFormats } from "../core/plate/plate-formats.ts";
import { type PlateKey, toPlateKey } from "../core/plate/plate-key.ts";

/** Equal keys, or equal but for what is printed on the plate and is no part of its number, such as the Kyrgyz «KG». */
export function isSamePlate(read: string, truth: string): boolean {
    const [readKeys, truthKeys] = [keysOf(read), keysOf(truth)];
    return readKeys.some((key) => truthKeys.includes(key));
}

function keysOf(text: string): readonly PlateKey[] {
    const key = toPlateKey(text);
    return [key, ...matchFormats(key).map(({ canonicalKey }) => canonicalKey)];
}
