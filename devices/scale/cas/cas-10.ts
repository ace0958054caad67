/**
 * CAS, the 10-byte frame: eight figures of the display, CR LF. Neither stability, kind of weight nor unit is in it: stability is
 * derived, the unit is configured, and a tare would go unseen.
 */
import { FixedCutter } from "../frame-cutter.ts";
import { garbled, type ScaleProtocol, type ScaleSettings, type ScaleWord } from "../scale-protocol.ts";
import { countOf, kilograms, latin } from "../weight-text.ts";

const LENGTH = 10;

export function cas10({ weightUnit }: ScaleSettings): ScaleProtocol {
    const read = (frame: Uint8Array): ScaleWord => {
        const text = latin(frame);
        const [, sign, digits = ""] = /^(?=.{8}\r)(-?) *([\d.]+)\r\n$/.exec(text) ?? [];
        const number = countOf(digits);
        if (number === undefined || text.length !== LENGTH) return garbled("not eight figures and a line end");
        const kg = kilograms(number.count, number.decimals, weightUnit);
        return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg };
    };
    return { cutter: () => new FixedCutter(LENGTH, (frame) => read(frame).is !== "garbled"), read };
}
