/**
 * A&D's format of 18 bytes: `ST,GS,+00123.4kg` CR LF. Status, kind of weight, sign, seven figures with their point, unit. Sent by
 * A&D's indicators and, where it is chosen, by those of CAS and others.
 */
import { FixedCutter } from "../frame-cutter.ts";
import { garbled, noWeight, type ScaleProtocol, type ScaleWord, SHOWS_NET } from "../scale-protocol.ts";
import { countOf, isMetric, kilograms, latin } from "../weight-text.ts";

const LENGTH = 18;
/** `OL` and `LO` for one and the same: beyond the range, either way. */
const OUT_OF_RANGE: readonly string[] = ["OL", "LO"];

export function and18(): ScaleProtocol {
    return { cutter: () => new FixedCutter(LENGTH, (frame) => readAnd18(frame).is !== "garbled"), read: readAnd18 };
}

function readAnd18(frame: Uint8Array): ScaleWord {
    const text = latin(frame);
    const [, head, kind, data = "", unit = ""] =
        /^(ST|US|OL|LO),(GS|NT|TR),(.{8})([a-z]{2}| [a-z]|[a-z] )\r\n$/s.exec(text) ?? [];
    if (head === undefined || kind === undefined || text.length !== LENGTH) return garbled("not a frame of 18 bytes");
    if (OUT_OF_RANGE.includes(head)) return noWeight("over", "overload or underload");
    const [, sign, digits = ""] = /^([+-]) *([\d.]+)$/.exec(data) ?? [];
    const number = countOf(digits);
    if (sign === undefined || number === undefined) return garbled("sign or digits");
    if (kind !== "GS") return noWeight("fault", SHOWS_NET);
    const name = unit.trim();
    if (!isMetric(name)) return noWeight("fault", `weighs in ${name}: set it to kilograms`);
    const kg = kilograms(number.count, number.decimals, name);
    return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg, isStable: head === "ST" };
}
