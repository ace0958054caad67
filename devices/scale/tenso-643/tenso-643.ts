/**
 * Тензо-М protocol 6.43: the indicator is called by its number and then tells what its display shows. What it shows may be a
 * weight, a menu or a message; only what is wholly a number counts. Stability is derived.
 */
import { FixedCutter } from "../frame-cutter.ts";
import { garbled, noWeight, type ScaleProtocol, type ScaleSettings, type ScaleWord } from "../scale-protocol.ts";
import { countOf, kilograms, latin } from "../weight-text.ts";

const ACTIVATE = 0x01;
const SHOW = 0x10;
const ACKNOWLEDGED = 0xff;
/** `=`, seven characters, a byte of lamps. */
const REPLY = 9;
/** The maker asks for 10 to 50 ms between commands. */
const PAUSE_MS = 50;

export function tenso643(settings: ScaleSettings): ScaleProtocol {
    const read = (frame: Uint8Array): ScaleWord => readDisplay(frame, settings);
    const number = String(settings.unit).padStart(4, "0");
    return {
        cutter: () => new FixedCutter(REPLY, (frame) => frame[0] === 0x3d),
        read,
        poll: {
            hello: {
                ask: Uint8Array.from([ACTIVATE, ...Buffer.from(number, "latin1")]),
                answer: Uint8Array.from([ACKNOWLEDGED]),
                pauseMs: PAUSE_MS,
            },
            asks: [Uint8Array.from([SHOW])],
            answerMsMax: 800,
            // The byte of lamps may be anything, `=` too: nothing in the answer marks its end.
            answerGapMs: 40,
            join: ([answer]) => (answer === undefined ? garbled("no answer") : read(answer)),
        },
    };
}

function readDisplay(frame: Uint8Array, { weightUnit }: ScaleSettings): ScaleWord {
    if (frame.length !== REPLY || frame[0] !== 0x3d) return garbled("frame");
    const shown = latin(frame.subarray(1, 8));
    if (!/^[\x20-\x7e]{7}$/.test(shown)) return garbled("not characters of a display");
    const [, sign, digits = ""] = /^ *(-?) *([\d.]+)$/.exec(shown) ?? [];
    const number = countOf(digits);
    if (number === undefined) return noWeight("fault", `its display shows "${shown}", which is no weight`);
    const kg = kilograms(number.count, number.decimals, weightUnit);
    return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg };
}
