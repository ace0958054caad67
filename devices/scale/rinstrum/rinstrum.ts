/**
 * Rinstrum: either the indicator sends its weight by itself in format 1, or registers are asked for by command. By command,
 * the status is asked for before and after the weight: what was true on both sides was true of the weight between.
 */
import { FixedCutter, LineCutter } from "../frame-cutter.ts";
import {
    garbled,
    noWeight,
    type ScaleProtocol,
    type ScaleSettings,
    type ScaleWord,
    SHOWS_NET,
} from "../scale-protocol.ts";
import { countOf, kilograms, latin } from "../weight-text.ts";

export interface RinstrumPlan {
    readonly format: "auto-1" | "command";
}

const STX = 0x02;
const ETX = 0x03;
/** STX, sign, seven characters, status, ETX. */
const AUTO_1 = 11;
const READ_FINAL = 0x11;
const REPLY_WANTED = 0x20;
const REPLY = 0x80;
const STATUS_REGISTER = "0021";
const GROSS_REGISTER = "0026";
const STATUS = { overload: 0x2_0000, underload: 0x1_0000, error: 0x8000, motion: 0x1000 } as const;

export function rinstrum({ format }: RinstrumPlan, settings: ScaleSettings): ScaleProtocol {
    if (format === "command") return commandMode(settings);
    const read = (frame: Uint8Array): ScaleWord => readAuto1(frame, settings);
    return { cutter: () => new FixedCutter(AUTO_1, (frame) => read(frame).is !== "garbled"), read };
}

function readAuto1(frame: Uint8Array, { weightUnit }: ScaleSettings): ScaleWord {
    if (frame.length !== AUTO_1 || frame[0] !== STX || frame[AUTO_1 - 1] !== ETX) return garbled("frame");
    const [, sign, value = "", status = ""] = /^.([ -])(.{7})([GNUOME])/s.exec(latin(frame)) ?? [];
    if (sign === undefined) return garbled("sign or status");
    switch (status) {
        case "O":
            return noWeight("over", "overload");
        case "U":
            return noWeight("under", "underload");
        case "E":
            return noWeight("fault", "reports an error");
        case "N":
            return noWeight("fault", SHOWS_NET);
    }
    const [, digits = ""] = /^ *([\d.]+)$/.exec(value) ?? [];
    const number = countOf(digits);
    if (number === undefined) return garbled("digits");
    const kg = kilograms(number.count, number.decimals, weightUnit);
    // In motion (M) it does not say gross or net; a weight in motion is used by nobody.
    return { is: "weight", grossKg: sign === "-" ? 0 - kg : kg, isStable: status === "G" };
}

function commandMode({ unit, kgPerCount }: ScaleSettings): ScaleProtocol {
    const ask = (register: string): Uint8Array =>
        Buffer.from(`${hex(REPLY_WANTED | unit)}${hex(READ_FINAL)}${register}:\r\n`, "latin1");
    // Address 0 calls whoever is there, and he answers with his own number.
    const registerIn = (answer: Uint8Array | undefined, register: string): number | undefined => {
        const [, from = "", value = ""] =
            new RegExp(`^([89][0-9A-F])11${register}:([0-9A-F]{8})$`).exec(latin(answer ?? new Uint8Array())) ?? [];
        const isOurs = from !== "" && (unit === 0 || Number.parseInt(from, 16) === (REPLY | unit));
        return isOurs ? Number.parseInt(value, 16) : undefined;
    };
    const join = ([before, weight, after]: readonly Uint8Array[]): ScaleWord => {
        const counts = registerIn(weight, GROSS_REGISTER);
        const states = [registerIn(before, STATUS_REGISTER), registerIn(after, STATUS_REGISTER)];
        if (counts === undefined || states.includes(undefined)) return garbled("not the register that was asked for");
        const has = (bit: number): boolean => states.some((state) => ((state ?? 0) & bit) !== 0);
        if (has(STATUS.overload)) return noWeight("over", "overload");
        if (has(STATUS.underload)) return noWeight("under", "underload");
        if (has(STATUS.error)) return noWeight("fault", "reports an error");
        return { is: "weight", grossKg: (counts | 0) * kgPerCount, isStable: !has(STATUS.motion) };
    };
    const asks = [ask(STATUS_REGISTER), ask(GROSS_REGISTER), ask(STATUS_REGISTER)];
    return {
        cutter: () => new LineCutter(),
        read: () => garbled("only in answer to a command"),
        poll: { asks, answerMsMax: 600, join },
    };
}

function hex(byte: number): string {
    return byte.toString(16).toUpperCase().padStart(2, "0");
}
