/**
 * The makers' rules for a weight in a frame, written a second time and in another way than in the drivers: patterns over the
 * whole frame, sums from the bits. What a driver takes for a weight is held against them.
 */
import type { GoldenFrame } from "./scale-bench.ts";

/** The weight that such a frame carries by the manual, and whether it stands still where the protocol says so. */
export interface RuledWeight {
    readonly kg: number;
    readonly stable?: boolean;
}

type Rule = (text: string, site: Site) => RuledWeight | undefined;
interface Site {
    readonly unit: number;
    readonly perUnit: number;
}

export function ruledWeight(frame: Uint8Array, { profile, site = {} }: GoldenFrame): RuledWeight | undefined {
    const rule = RULES[profile];
    if (rule === undefined) throw new Error(`no rule for ${profile}`);
    return rule(Buffer.from(frame).toString("latin1"), {
        unit: site.unit ?? 1,
        perUnit: site.weightUnit === "t" ? 1_000 : 1,
    });
}

const codes = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
/** STX and ETX as characters that can be seen. */
const marked = (text: string): string => text.replaceAll("\x02", "‹").replaceAll("\x03", "›");
const rounded = (kg: number): number => Math.round(kg * 1e6) / 1e6;

const mtSics: Rule = (text) => {
    const match = /^S (?<state>[SD]) (?=.{10} ) *(?<value>-?\d+(?:\.\d+)?) (?<unit>kg|t)$/.exec(text)?.groups;
    if (match === undefined) return undefined;
    const kg = rounded(Number(match["value"]) * (match["unit"] === "t" ? 1_000 : 1));
    return { kg, stable: match["state"] === "S" };
};

const cas: Rule = (text) => {
    const pattern =
        /^(?<head>ST|US),GS,.(?<lamps>[\x80-\xff]),(?=.{8} )(?<sign>[ +-]?) *(?<value>\d+(?:\.\d+)?) (?<unit>kg| t|t )\r\n$/s;
    const match = pattern.exec(text)?.groups;
    if (match === undefined) return undefined;
    const [lamps = 0] = codes(match["lamps"] ?? "");
    const kg = rounded(
        Number(`${match["sign"] === "-" ? "-" : ""}${match["value"]}`) * (match["unit"] === "kg" ? 1 : 1_000),
    );
    return { kg, stable: match["head"] === "ST" && lamps.toString(2)[1] === "1" };
};

const and: Rule = (text) => {
    const pattern =
        /^(?<head>ST|US),GS,(?<sign>[+-])(?=.{7}(?:kg| t|t )\r)\s*(?<value>\d+(?:\.\d+)?)(?<unit>kg| t|t )\r\n$/;
    const match = pattern.exec(text)?.groups;
    if (match === undefined || text.length !== 18) return undefined;
    const kg = Number(`${match["sign"]}${match["value"]}`) * (match["unit"] === "kg" ? 1 : 1_000);
    return { kg: rounded(kg), stable: match["head"] === "ST" };
};

const cas10: Rule = (text, { perUnit }) => {
    const match = /^(?=.{8}\r)(?<sign>-?) *(?<value>\d+(?:\.\d+)?)\r\n$/.exec(text)?.groups;
    if (match === undefined || text.length !== 10) return undefined;
    return { kg: rounded(Number(`${match["sign"]}${match["value"]}`) * perUnit) };
};

const yaohuaA12e: Rule = (text) => {
    const match = /^(?<body>WG(?=.{7}(?:kg| t))(?<sign>-?) *(?<value>\d+(?:\.\d+)?)(?<unit>kg| t))(?<sum>..)$/s.exec(
        text,
    )?.groups;
    if (match === undefined || text.length !== 13 || match["sum"] !== yaohuaSum(match["body"] ?? "")) return undefined;
    return { kg: rounded(Number(`${match["sign"]}${match["value"]}`) * (match["unit"] === "kg" ? 1 : 1_000)) };
};

const toledo =
    (checksum: boolean, bit5OfB: "0" | "1"): Rule =>
    (heard) => {
        const text = codes(heard)
            .map((code) => String.fromCharCode(code % 128))
            .join("");
        const match = /^‹(?<words>.{3})(?<weight> *\d+)(?<=^.{10})(?<tare> *\d+)\r(?<sum>.?)$/s.exec(
            marked(text),
        )?.groups;
        if (match === undefined || text.length !== (checksum ? 18 : 17)) return undefined;
        if (checksum && codes(text).reduce((sum, code) => sum + code, 0) % 128 !== 0) return undefined;
        // Bits as the manual counts them: bit 0 is the last character.
        const [a = "", b = "", c = ""] = codes(match["words"] ?? "").map((code) => code.toString(2).padStart(7, "0"));
        const bit = (word: string, n: number): string => word[6 - n] ?? "";
        if (bit(a, 5) !== "1" || bit(a, 6) !== "0" || bit(b, 5) !== bit5OfB || bit(c, 5) !== "1" || bit(c, 6) !== "0")
            return undefined;
        const step = { "01": 1, "10": 2, "11": 5 }[bit(a, 4) + bit(a, 3)];
        const weight = Number(match["weight"]);
        if (step === undefined || weight % step !== 0) return undefined;
        const isUsable = bit(b, 2) === "0" && bit(b, 6) === "0" && bit(b, 4) === "1" && /^..0.000$/.test(c);
        if (!isUsable) return undefined;
        const places = Number.parseInt(a.slice(4), 2);
        const net = bit(b, 0) === "1" ? Number(match["tare"]) : 0;
        const kg = rounded(((bit(b, 1) === "1" ? -weight : weight) + net) * 10 ** (2 - places));
        return { kg, stable: bit(b, 3) === "0" };
    };

/** Hexadecimal of the exclusive or, in the maker's characters. */
function yaohuaSum(text: string): string {
    const sum = codes(text).reduce((xor, code) => xor ^ code, 0);
    return sum.toString(16).toUpperCase().padStart(2, "0");
}

function yaohuaData(match: { readonly [name: string]: string }, { perUnit }: Site): RuledWeight {
    const digits = match["digits"] ?? "";
    const places = Number(match["places"]);
    const written = `${match["sign"]}${digits.slice(0, 6 - places)}.${digits.slice(6 - places)}`;
    return { kg: rounded(Number(written) * perUnit) };
}

const yaohua0: Rule = (text, site) => {
    const match = /^‹(?<body>(?<sign>[+-])(?<digits>\d{6})(?<places>[0-4]))(?<sum>..)›$/s.exec(marked(text))?.groups;
    if (match === undefined || match["sum"] !== yaohuaSum(match["body"] ?? "")) return undefined;
    return yaohuaData(match, site);
};

const yaohuaCommand: Rule = (text, site) => {
    const pattern = /^‹(?<body>(?<address>[A-Z])[Bb](?<sign>[+-])(?<digits>\d{6})(?<places>[0-4]))(?<sum>..)›$/s;
    const match = pattern.exec(marked(text))?.groups;
    if (match === undefined || match["sum"] !== yaohuaSum(match["body"] ?? "")) return undefined;
    return match["address"] === "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[site.unit - 1] ? yaohuaData(match, site) : undefined;
};

const yaohua1: Rule = (text, { perUnit }) => {
    const match = /^=(?<value>[\d.]{7})(?<sign>[0-])$/.exec(text)?.groups;
    const value = [...(match?.["value"] ?? "")].reverse().join("");
    if (match === undefined || !/^\d+(\.\d+)?$/.test(value)) return undefined;
    return { kg: rounded(Number(match["sign"] === "-" ? `-${value}` : value) * perUnit) };
};

const yaohua2: Rule = (text, { perUnit }) => {
    const match = /^=(?<sign>[0-])(?=.{7}$)(?<value>\d+(?:\.\d+)?)$/.exec(text)?.groups;
    if (match === undefined) return undefined;
    return { kg: rounded(Number(match["sign"] === "-" ? `-${match["value"]}` : match["value"]) * perUnit) };
};

const tensoM: Rule = (text, { unit, perUnit }) => {
    const match = /^\xff(?<inner>(?:[^\xff]|\xff\xfe)+)\xff\xff$/.exec(text)?.groups;
    const body = codes((match?.["inner"] ?? "").replaceAll("\xff\xfe", "\xff"));
    if (body.length !== 7 || body[0] !== unit || body[1] !== 0xc3 || tensoRemainder(body) !== 0) return undefined;
    const state = (body[5] ?? 0).toString(2).padStart(8, "0");
    const places = Number.parseInt(state.slice(5), 2);
    const digits = [4, 3, 2].map((at) => (body[at] ?? 0).toString(16).padStart(2, "0")).join("");
    if (state[4] === "1" || !/^\d{6}$/.test(digits) || places > 6) return undefined;
    const kg =
        Number(`${state[0] === "1" ? "-" : ""}${digits.slice(0, 6 - places)}.${digits.slice(6 - places)}`) * perUnit;
    return { kg: rounded(kg), stable: state[3] === "1" };
};

/** Long division by the polynomial 169h, as on paper: a frame with its checksum leaves nothing. */
function tensoRemainder(bytes: readonly number[]): number {
    const bits = bytes.flatMap((byte) => [...byte.toString(2).padStart(8, "0")].map(Number));
    const divisor = [1, 0, 1, 1, 0, 1, 0, 0, 1];
    for (let at = 0; at + divisor.length <= bits.length; at++) {
        if (bits[at] === 1)
            for (const [place, bit] of divisor.entries()) bits[at + place] = (bits[at + place] ?? 0) ^ bit;
    }
    return bits.slice(-8).reduce((rest, bit) => 2 * rest + bit, 0);
}

const tenso643: Rule = (text, { perUnit }) => {
    const match = /^=(?=.{8}$) *(?<sign>-?) *(?<value>\d+(?:\.\d+)?)(?<=^.{8}).$/s.exec(text)?.groups;
    if (match === undefined) return undefined;
    return { kg: rounded(Number(`${match["sign"]}${match["value"]}`) * perUnit) };
};

const rinstrum1: Rule = (text, { perUnit }) => {
    const match = /^‹(?<sign>[ -])(?=.{7}[GM]) *(?<value>\d+(?:\.\d+)?)(?<status>[GM])›$/s.exec(marked(text))?.groups;
    if (match === undefined || text.length !== 11) return undefined;
    const kg = rounded(Number(match["sign"] === "-" ? `-${match["value"]}` : match["value"]) * perUnit);
    return { kg, stable: match["status"] === "G" };
};

const RULES: { readonly [profile: string]: Rule } = {
    "mt-sics/mettler-toledo-mt-sics": mtSics,
    "cas/cas-ci-22": cas,
    "cas/cas-ci-18": and,
    "cas/cas-ci-10": cas10,
    "and/and-18": and,
    "yaohua/yaohua-xk3190-a12e": yaohuaA12e,
    "toledo-continuous/mettler-toledo-continuous": toledo(true, "1"),
    "toledo-continuous/mettler-toledo-continuous-plain": toledo(false, "1"),
    "toledo-continuous/fairbanks-continuous": toledo(true, "0"),
    "yaohua/yaohua-xk3190-continuous-0": yaohua0,
    "yaohua/yaohua-xk3190-continuous-1": yaohua1,
    "yaohua/yaohua-xk3190-continuous-2": yaohua2,
    "yaohua/yaohua-xk3190-command": yaohuaCommand,
    "tenso-m/tenso-m": tensoM,
    "tenso-643/tenso-m-643": tenso643,
    "rinstrum/rinstrum-auto-1": rinstrum1,
};
