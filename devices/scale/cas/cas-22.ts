/**
 * CAS, the 22-byte frame: `ST,GS,` then device number, lamps, comma, eight characters of weight, a space, the unit, CR LF.
 * The lamps are a byte of bits: the frame is taken as bytes throughout and never decoded as text of some encoding.
 */
import { FixedCutter } from "../frame-cutter.ts";
import { garbled, noWeight, type ScaleProtocol, type ScaleWord, SHOWS_NET } from "../scale-protocol.ts";
import { countOf, isMetric, kilograms, latin } from "../weight-text.ts";

const LENGTH = 22;
const HEADS: readonly string[] = ["ST", "US", "OL"];
const LAMP_MARK = 0x80;
const LAMP_STABLE = 0x40;

export function cas22(): ScaleProtocol {
    return { cutter: () => new FixedCutter(LENGTH, (frame) => readCas22(frame).is !== "garbled"), read: readCas22 };
}

function readCas22(frame: Uint8Array): ScaleWord {
    const text = latin(frame);
    const [head, kind] = [text.slice(0, 2), text.slice(3, 5)];
    const isShaped =
        text.length === LENGTH && text[2] === "," && text[5] === "," && text[8] === "," && text[17] === " ";
    if (!isShaped || !HEADS.includes(head) || !text.endsWith("\r\n")) return garbled("not a frame of 22 bytes");
    const lamps = frame[7] ?? 0;
    if ((lamps & LAMP_MARK) === 0 || (kind !== "GS" && kind !== "NT")) return garbled("lamps or kind of weight");
    if (head === "OL") return noWeight("over", "overload or underload");
    const [, sign, digits = ""] = /^([ +-]?) *([\d.]+)$/.exec(text.slice(9, 17)) ?? [];
    const number = countOf(digits);
    const [unit] = /[a-z]{1,2}/.exec(text.slice(18, 20)) ?? [];
    if (number === undefined || unit === undefined || !/^(?:[a-z]{2}| [a-z]|[a-z] )$/.test(text.slice(18, 20)))
        return garbled("digits or unit");
    if (kind === "NT") return noWeight("fault", SHOWS_NET);
    if (!isMetric(unit)) return noWeight("fault", `weighs in ${unit}: set it to kilograms`);
    const kg = kilograms(number.count, number.decimals, unit);
    // The word and the lamp must agree: when in doubt it moves.
    const isStable = head === "ST" && (lamps & LAMP_STABLE) !== 0;
    return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg, isStable };
}
