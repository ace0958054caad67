/** Our own register map for text boards, version 1, as `docs/reference/modbus-text-board.md` describes it. */
import type { Tone } from "../../../src/core/board/board-face.ts";
import type { Charset } from "../charset.ts";

/** 0-based protocol addresses of holding registers. */
export const AT = {
    text: 0x0000,
    settings: 0x0100,
    commit: 0x0105,
    status: 0x0110,
    lost: 0x0120,
} as const;

const MAGIC = 0x4b54; // "KT"
const MAP_VERSION = 1;
export const STATUS_REGISTERS = 12;
/** Room for the text for lost connections, registers. */
export const LOST_REGISTERS = 64;

const CHARSET_CODE: Readonly<Record<Charset, number>> = { "utf-8": 1, "kz-1048": 2, cp1251: 3, ascii: 4 };
const TONE_CODE: Readonly<Record<Tone, number>> = { info: 0, stop: 1, go: 2, wait: 3 };
const TTL_S_MAX = 3_600;

/** `shown` is the only good result. */
export const RESULTS = [
    "none",
    "shown",
    "wrong CRC",
    "unknown character set",
    "too long",
    "the display itself is broken",
];

/** What the board says of itself. */
export interface TextBoardStatus {
    readonly isOurs: boolean;
    readonly lines: number;
    readonly columns: number;
    readonly textBytesMax: number;
    readonly charsets: number;
    /** Number of the last commit that it looked at, and what came of it. */
    readonly echo: number;
    readonly result: number;
    /** CRC of the text that is on the board. */
    readonly shownCrc: number;
    readonly ttlLeftS: number;
    /** 0: nothing was committed since power came; 1: shows it; 2: its time ran out. */
    readonly state: number;
}

export function statusOf(words: readonly number[]): TextBoardStatus {
    const [magic = 0, version = 0, lines = 0, columns = 0, textBytesMax = 0, charsets = 0] = words;
    const [echo = 0, result = 0, shownCrc = 0, ttlLeftS = 0, , state = 0] = words.slice(6);
    const isOurs = magic === MAGIC && version === MAP_VERSION;
    return { isOurs, lines, columns, textBytesMax, charsets, echo, result, shownCrc, ttlLeftS, state };
}

export function knowsCharset({ charsets }: TextBoardStatus, charset: Charset): boolean {
    return (charsets & (1 << CHARSET_CODE[charset])) !== 0;
}

/** Two bytes a register, high byte first, at least one zero byte behind them. */
export function textWords(bytes: Uint8Array): readonly number[] {
    return Array.from(
        { length: (bytes.length >> 1) + 1 },
        (_, place) => ((bytes[2 * place] ?? 0) << 8) | (bytes[2 * place + 1] ?? 0),
    );
}

export interface TextSettings {
    readonly charset: Charset;
    readonly tone: Tone;
    readonly isBlinking: boolean;
    readonly goodForMs: number;
    readonly crc: number;
}

/** Character set, colour, blinking, seconds to live, CRC: in the order of their registers. */
export function settingsWords({ charset, tone, isBlinking, goodForMs, crc }: TextSettings): readonly number[] {
    const ttlS = Math.min(TTL_S_MAX, Math.max(1, Math.round(goodForMs / 1_000)));
    return [CHARSET_CODE[charset], TONE_CODE[tone], isBlinking ? 1 : 0, ttlS, crc];
}

/** The CRC-16 of Modbus over serial line V1.02, section 6.2.2, over the bytes of the text without the zero behind it. */
export function textCrc(bytes: Uint8Array): number {
    let crc = 0xffff;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    return crc;
}

/** Never 0, which is what a board has before its first commit. */
export function commitAfter(echo: number): number {
    return (echo % 0xffff) + 1;
}
