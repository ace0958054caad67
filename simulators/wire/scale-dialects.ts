/**
 * How indicators put a weight into bytes, as their manuals say, from the indicator's side. Written apart from the daemon's
 * drivers, so that a mistake in one of the two shows.
 */

/** What the indicator would show on its display. */
export interface Shown {
    /** Whole kilograms on a step of the display. */
    readonly kg: number;
    readonly isStable: boolean;
    readonly isOver: boolean;
}

/** One manner of speaking. `frame` for those that speak by themselves, `answer` for those that are asked. */
export interface ScaleDialect {
    readonly frame?: (shown: Shown) => Buffer;
    /** Looks for one question at the start of `heard`: how many bytes it took, and what to say. Undefined: wait for more. */
    readonly answer?: (
        heard: Buffer,
        shown: Shown,
        unit: number,
    ) => { readonly used: number; readonly reply?: Buffer } | undefined;
}

export const SCALE_DIALECTS = {
    toledo: { frame: (shown) => toledo(shown) },
    /** Set to send no check sum. */
    "toledo-plain": { frame: (shown) => toledo(shown).subarray(0, -1) },
    /** Fairbanks leaves the sixth bit of the second status unset. */
    fairbanks: { frame: (shown) => toledo(shown, 0b001_0000) },
    "cas-22": { frame: (shown) => cas(shown) },
    "cas-10": { frame: ({ kg }) => Buffer.from(`${kg < 0 ? "-" : "0"}${digitsOf(kg, 7)}\r\n`) },
    "and-18": { frame: (shown) => and(shown) },
    "yaohua-a12e": { frame: ({ kg }) => withSum(`WG${kg < 0 ? "-" : "0"}${digitsOf(kg, 6)}kg`) },
    "yaohua-0": { frame: ({ kg }) => Buffer.concat([Buffer.of(0x02), withSum(signed(kg)), Buffer.of(0x03)]) },
    "yaohua-1": {
        frame: ({ kg }) =>
            Buffer.from(`=${[...`${Math.abs(kg)}`.padStart(7, "0")].reverse().join("")}${kg < 0 ? "-" : "0"}`),
    },
    "yaohua-2": { frame: ({ kg }) => Buffer.from(`=${kg < 0 ? "-" : "0"}${`${Math.abs(kg)}`.padStart(7, "0")}`) },
    "rinstrum-auto-1": { frame: (shown) => rinstrum(shown) },
    "mt-sics": { answer: (heard, shown) => byLine(heard, (line) => (line === "SI" ? mtSics(shown) : "ES\r\n")) },
    "yaohua-command": { answer: yaohuaCommand },
    "tenso-m": { answer: tensoM },
    "tenso-643": { answer: tenso643 },
    "rinstrum-command": {
        answer: (heard, shown, unit) => byLine(heard, (line) => rinstrumRegister(line, shown, unit)),
    },
} as const satisfies Record<string, ScaleDialect>;

export type ScaleDialectName = keyof typeof SCALE_DIALECTS;

function toledo({ kg, isStable, isOver }: Shown, statusBOf = 0b011_0000): Buffer {
    const statusA = 0b010_0000 | (0b10 << 3) | 2; // steps of 2, no decimals
    const statusB = statusBOf | (kg < 0 ? 2 : 0) | (isOver ? 4 : 0) | (isStable ? 0 : 8);
    const text = `${String(Math.abs(kg)).padStart(6)}     0\r`;
    const body = Buffer.concat([Buffer.of(0x02, statusA, statusB, 0x20), Buffer.from(text)]);
    let sum = 0;
    for (const byte of body) sum += byte;
    return Buffer.concat([body, Buffer.of((0x80 - (sum & 0x7f)) & 0x7f)]);
}

function cas({ kg, isStable, isOver }: Shown): Buffer {
    const head = isOver ? "OL" : isStable ? "ST" : "US";
    const lamps = 0x84 | (isStable ? 0x40 : 0) | (kg === 0 ? 0x01 : 0);
    const data = `${kg < 0 ? "-" : " "}${String(Math.abs(kg)).padStart(7)}`;
    return Buffer.concat([Buffer.from(`${head},GS,1`), Buffer.of(lamps), Buffer.from(`,${data} kg\r\n`)]);
}

function digitsOf(kg: number, count: number): string {
    return String(Math.abs(kg)).padStart(count, "0");
}

function and({ kg, isStable, isOver }: Shown): Buffer {
    const head = isOver ? "OL" : isStable ? "ST" : "US";
    const data = isOver ? " ".repeat(8) : `${kg < 0 ? "-" : "+"}${digitsOf(kg, 7)}`;
    return Buffer.from(`${head},GS,${data}kg\r\n`);
}

function mtSics({ kg, isStable, isOver }: Shown): string {
    return isOver ? "S +\r\n" : `S ${isStable ? "S" : "D"} ${String(kg).padStart(10)} kg\r\n`;
}

function rinstrum({ kg, isStable, isOver }: Shown): Buffer {
    const status = isOver ? "O" : isStable ? "G" : "M";
    return Buffer.from(`\x02${kg < 0 ? "-" : " "}${String(Math.abs(kg)).padStart(7)}${status}\x03`);
}

function rinstrumRegister(line: string, { kg, isStable, isOver }: Shown, unit: number): string {
    const state = (isOver ? 0x2_0000 : 0) | (isStable ? 0 : 0x1000) | (kg === 0 ? 0x800 : 0);
    const values: Readonly<Record<string, number>> = { "0021": state, "0026": kg >>> 0 };
    const register = /^[0-9A-F]{2}11(\d{4}):$/.exec(line)?.[1] ?? "";
    const value = values[register];
    if (value === undefined) return "";
    const hex = (number: number, digits: number): string => number.toString(16).toUpperCase().padStart(digits, "0");
    return `${hex(0x80 + unit, 2)}11${register}:${hex(value, 8)}\r\n`;
}

function byLine(heard: Buffer, reply: (line: string) => string): ReturnType<NonNullable<ScaleDialect["answer"]>> {
    const end = heard.indexOf("\r\n");
    if (end < 0) return undefined;
    const text = reply(heard.subarray(0, end).toString("latin1"));
    return { used: end + 2, ...(text === "" ? {} : { reply: Buffer.from(text, "latin1") }) };
}

/** Sign, six digits, no place behind the point. */
function signed(kg: number): string {
    return `${kg < 0 ? "-" : "+"}${String(Math.abs(kg)).padStart(6, "0")}0`;
}

function withSum(text: string): Buffer {
    let sum = 0;
    for (const character of text) sum ^= character.charCodeAt(0);
    return Buffer.from(`${text}${sum.toString(16).toUpperCase().padStart(2, "0")}`);
}

function yaohuaCommand(heard: Buffer, { kg }: Shown, unit: number): ReturnType<NonNullable<ScaleDialect["answer"]>> {
    if (heard.length < 6) return heard.length > 0 && heard[0] !== 0x02 ? { used: 1 } : undefined;
    const letter = String.fromCharCode(0x40 + unit);
    const isForUs = heard.subarray(1, 3).toString() === `${letter}B`;
    if (heard[0] !== 0x02 || heard[5] !== 0x03) return { used: 1 };
    const reply = Buffer.concat([Buffer.of(0x02), withSum(`${letter}B${signed(kg)}`), Buffer.of(0x03)]);
    return { used: 6, ...(isForUs ? { reply } : {}) };
}

function tensoM(heard: Buffer, shown: Shown, unit: number): ReturnType<NonNullable<ScaleDialect["answer"]>> {
    const end = heard.indexOf(Buffer.of(0xff, 0xff), 1);
    if (end < 0) return undefined;
    const isForUs = heard[0] === 0xff && heard[1] === unit && heard[2] === 0xc3;
    if (!isForUs) return { used: end + 2 };
    const digits = String(Math.abs(shown.kg)).padStart(6, "0");
    const pairs = [digits.slice(4), digits.slice(2, 4), digits.slice(0, 2)].map((pair) => Number.parseInt(pair, 16));
    const state = (shown.kg < 0 ? 0x80 : 0) | (shown.isStable ? 0x10 : 0) | (shown.isOver ? 0x08 : 0);
    const body = [unit, 0xc3, ...pairs, state];
    const inner = [...body, crcByRegister(body)].flatMap((byte) => (byte === 0xff ? [byte, 0xfe] : [byte]));
    return { used: end + 2, reply: Buffer.from([0xff, ...inner, 0xff, 0xff]) };
}

/** As the maker's example does it: bit by bit through a register, and a zero byte behind. */
function crcByRegister(bytes: readonly number[]): number {
    let register = 0;
    for (const byte of [...bytes, 0]) {
        for (let bit = 7; bit >= 0; bit--) {
            const isOut = register >= 0x80;
            register = ((register << 1) & 0xff) | ((byte >> bit) & 1);
            if (isOut) register ^= 0x69;
        }
    }
    return register;
}

const ACTIVATED = Buffer.of(0xff);

function tenso643(heard: Buffer, { kg }: Shown, unit: number): ReturnType<NonNullable<ScaleDialect["answer"]>> {
    if (heard[0] === 0x01) {
        if (heard.length < 5) return undefined;
        const isForUs = heard.subarray(1, 5).toString() === String(unit).padStart(4, "0");
        return { used: 5, ...(isForUs ? { reply: ACTIVATED } : {}) };
    }
    if (heard[0] !== 0x10) return heard.length === 0 ? undefined : { used: 1 };
    const display = `${kg < 0 ? "-" : ""}${Math.abs(kg)}`.padStart(7);
    return { used: 1, reply: Buffer.concat([Buffer.from(`=${display}`), Buffer.of(0x24)]) };
}
