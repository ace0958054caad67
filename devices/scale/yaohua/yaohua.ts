/**
 * Yaohua XK3190 and the Keli indicators that follow it: four kinds of continuous output and a command mode. None of them says
 * whether the weight stands still, is beyond the range or in which unit it is: stability is derived, the unit is configured.
 * Kinds 1 and 2 look alike and one is the other reversed: which of them an indicator sends is configured, never guessed.
 */
import { FixedCutter, MarkCutter } from "../frame-cutter.ts";
import {
    garbled,
    noWeight,
    type ScaleProtocol,
    type ScaleSettings,
    type ScaleWord,
    SHOWS_NET,
} from "../scale-protocol.ts";
import { countOf, kilograms, latin, xorOf } from "../weight-text.ts";

export interface YaohuaPlan {
    readonly format: "continuous-0" | "continuous-1" | "continuous-2" | "a12e" | "command";
}

const STX = 0x02;
const ETX = 0x03;
const MARK = 0x3d;
const CONTINUOUS_0 = 12;
const REPLY = 14;
const A12E = 13;
/** The mark, and eight characters. */
const MARKED = 9;
const GROSS = 0x42;
const LETTER_BEFORE_A = 0x40;

export function yaohua({ format }: YaohuaPlan, settings: ScaleSettings): ScaleProtocol {
    switch (format) {
        case "continuous-0": {
            const read = (frame: Uint8Array) => readContinuous0(frame, settings);
            return { cutter: () => new FixedCutter(CONTINUOUS_0, (frame) => read(frame).is !== "garbled"), read };
        }
        case "continuous-1":
            return { cutter: () => new MarkCutter(MARK, MARKED), read: (frame) => readMarked(frame, settings, true) };
        case "continuous-2":
            return { cutter: () => new MarkCutter(MARK, MARKED), read: (frame) => readMarked(frame, settings, false) };
        case "a12e":
            return { cutter: () => new FixedCutter(A12E, (frame) => readA12e(frame).is !== "garbled"), read: readA12e };
        case "command":
            return commandMode(settings);
    }
}

/** `02 2B 30 31 32 33 34 35 30 31 41 03`: sign, six digits, place of the point, two characters of sum. */
function readContinuous0(frame: Uint8Array, settings: ScaleSettings): ScaleWord {
    if (frame.length !== CONTINUOUS_0 || frame[0] !== STX || frame[CONTINUOUS_0 - 1] !== ETX) return garbled("frame");
    if (!isSumRight(frame)) return garbled("sum");
    return readData(frame.subarray(1, 9), settings);
}

/** `=` and eight characters: seven of the weight and the sign, forwards with the sign first or wholly reversed. */
function readMarked(frame: Uint8Array, { weightUnit }: ScaleSettings, isReversed: boolean): ScaleWord {
    const text = latin(frame);
    if (text.length !== MARKED || text[0] !== "=") return garbled("frame");
    const forwards = isReversed ? [...text.slice(1)].reverse().join("") : text.slice(1);
    const number = countOf(forwards.slice(1));
    const sign = forwards[0];
    if (number === undefined || (sign !== "0" && sign !== "-")) return garbled("digits or sign");
    const kg = kilograms(number.count, number.decimals, weightUnit);
    return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg };
}

/** `WG004.139kg3D`: gross or net, seven characters, the unit, two characters of sum over all before. */
function readA12e(frame: Uint8Array): ScaleWord {
    const text = latin(frame);
    const [, kind, sign, digits = "", unit = ""] = /^W([GN])(?=.{7}kg|.{7} t)(-?) *([\d.]+)(kg| t)..$/.exec(text) ?? [];
    const number = countOf(digits);
    if (kind === undefined || number === undefined || text.length !== A12E) return garbled("frame or digits");
    const [high, low] = sumOf(frame.subarray(0, -2));
    if (frame.at(-2) !== high || frame.at(-1) !== low) return garbled("sum");
    if (kind === "N") return noWeight("fault", SHOWS_NET);
    const kg = kilograms(number.count, number.decimals, unit === "kg" ? "kg" : "t");
    return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg };
}

function commandMode(settings: ScaleSettings): ScaleProtocol {
    const address = LETTER_BEFORE_A + settings.unit;
    const read = (frame: Uint8Array): ScaleWord => {
        const isFramed = frame.length === REPLY && frame[0] === STX && frame[REPLY - 1] === ETX;
        if (!isFramed || frame[1] !== address) return garbled("frame or address");
        // Some models answer with the small letter of the command.
        if (((frame[2] ?? 0) & 0xdf) !== GROSS || !isSumRight(frame)) return garbled("command or sum");
        return readData(frame.subarray(3, 11), settings);
    };
    const ask = Uint8Array.from([STX, address, GROSS, ...sumOf(Uint8Array.from([address, GROSS])), ETX]);
    return {
        cutter: () => new FixedCutter(REPLY, (frame) => read(frame).is !== "garbled"),
        read,
        poll: {
            asks: [ask],
            answerMsMax: 800,
            join: ([answer]) => (answer === undefined ? garbled("no answer") : read(answer)),
        },
    };
}

/** Sign, six digits, and how many of them stand behind the point. */
function readData(data: Uint8Array, { weightUnit }: ScaleSettings): ScaleWord {
    const [, sign, digits = "", point = ""] = /^([+-])(\d{6})([0-4])$/.exec(latin(data)) ?? [];
    if (sign === undefined) return garbled("digits, sign or point");
    const kg = kilograms(Number(digits), Number(point), weightUnit);
    return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg };
}

/** The two characters before ETX are the exclusive or of all between STX and themselves. */
function isSumRight(frame: Uint8Array): boolean {
    const [high, low] = sumOf(frame.subarray(1, -3));
    return frame.at(-3) === high && frame.at(-2) === low;
}

/** Each half of the sum as a character: 30h more up to 9, 37h more from 10 on. */
function sumOf(bytes: Uint8Array): readonly [number, number] {
    const sum = xorOf(bytes);
    const character = (half: number): number => half + (half <= 9 ? 0x30 : 0x37);
    return [character(sum >> 4), character(sum & 0x0f)];
}
