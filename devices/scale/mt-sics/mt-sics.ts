/**
 * Mettler Toledo Standard Interface Command Set, level 0: asked with SI, answered with a line. The command S is not used: it
 * keeps silent until the weight is stable, and a lorry that rocks would look like a dead scale.
 */
import { LineCutter } from "../frame-cutter.ts";
import { garbled, noWeight, type ScaleProtocol, type ScaleWord } from "../scale-protocol.ts";
import { countOf, isMetric, kilograms, latin } from "../weight-text.ts";

export interface MtSicsPlan {
    /** Characters of the weight, right-aligned: a lost character then shows. */
    readonly valueWidth: number;
}

const ANSWERS: ReadonlyMap<string, ScaleWord> = new Map([
    ["S +", noWeight("over", "overload")],
    ["S -", noWeight("under", "underload")],
    ["S I", noWeight("fault", "cannot weigh now: is it busy, switched off or in its menu?")],
    ["ES", noWeight("fault", "does not know the command SI: set its interface to MT-SICS")],
    ["ET", noWeight("fault", "heard the command wrongly: check line settings")],
    ["EL", noWeight("fault", "cannot carry out the command SI")],
]);

export function mtSics({ valueWidth }: MtSicsPlan): ScaleProtocol {
    const read = (frame: Uint8Array): ScaleWord => {
        const line = latin(frame);
        const said = ANSWERS.get(line);
        if (said !== undefined) return said;
        const [, state, value = "", unit = ""] = /^S ([SD]) ([ \d.-]+) (kg|g|t|lb)$/.exec(line) ?? [];
        if (state === undefined || value.length !== valueWidth) return garbled("not a weight of MT-SICS");
        const [, sign, digits = ""] = /^ *(-?)([\d.]+)$/.exec(value) ?? [];
        const number = countOf(digits);
        if (number === undefined) return garbled("not a number");
        if (!isMetric(unit)) return noWeight("fault", `weighs in ${unit}: set it to kilograms`);
        const kg = kilograms(number.count, number.decimals, unit);
        return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg, isStable: state === "S" };
    };
    return {
        cutter: () => new LineCutter(),
        read,
        poll: {
            asks: [Uint8Array.from([0x53, 0x49, 0x0d, 0x0a])],
            answerMsMax: 800,
            join: ([answer]) => (answer === undefined ? garbled("no answer") : read(answer)),
        },
    };
}
