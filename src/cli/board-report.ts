/** What `kordon check` says about the boards of a site, and which of them could not say what they are to say. */
import { hasKazakh, hasRussian } from "../../devices/board/charset.ts";
import type { Site, SiteBoard } from "../config/site-schema.ts";
import { type BoardLine, boardProfileOf } from "./site-boards.ts";

export interface BoardReport {
    readonly id: string;
    readonly model: string;
    readonly where: string;
    readonly shows: string;
    readonly room: string;
    /** Why it cannot be operated, each with a code; empty when it can. */
    readonly problems: readonly string[];
    readonly notes: readonly string[];
}

/** Bytes that the register map for text boards has room for, one of them the zero at the end. */
const TEXT_BYTES_MAX = 511;
/** Cyrillic letters take two bytes in UTF-8. */
const UTF8_BYTES = 2;

/** One report per board, in file order. Throws `CommandFailure` for a profile that cannot be used. */
export function checkBoards(site: Site): readonly BoardReport[] {
    return Object.entries(site.boards).map(([id, board]) => {
        const { profile, charset } = boardProfileOf(id, board);
        const { lane, gates = {}, languages, lines, columns } = board;
        const gateTexts = Object.entries(gates).map(([gate, sign]) => `${gate} (${sign})`);
        const isMinutes = lane !== undefined && profile.protocol === "ntcip-1203";
        return {
            id,
            model: `${profile.maker} ${profile.model} (${profile.maturity})`,
            where: lineWords(board.line),
            shows: lane === undefined ? `called lorries, to ${gateTexts.join(" and ")}` : `the word of ${lane}`,
            room: `${lines} lines of ${columns}, ${languages.join(" ")}, ${charset}`,
            problems: [...charsetProblems(board, charset), ...sizeProblems(board, profile.protocol, charset)],
            notes: [
                ...(isMinutes
                    ? ["a sign counts in minutes: what it says may stand for two after the daemon's last word"]
                    : []),
                ...profile.notes,
            ],
        };
    });
}

function charsetProblems({ languages }: SiteBoard, charset: Parameters<typeof hasKazakh>[0]): readonly string[] {
    const lacking = [
        ...(languages.includes("kk") && !hasKazakh(charset) ? ["kk"] : []),
        ...(languages.includes("ru") && !hasRussian(charset) ? ["ru"] : []),
    ];
    if (lacking.length === 0) return [];
    return [
        `BOARD_CHARSET: ${charset} lacks letters of ${lacking.join(" and ")}: name another charset or other languages`,
    ];
}

function sizeProblems({ lines, columns }: SiteBoard, protocol: string, charset: string): readonly string[] {
    const bytes = lines * (columns * (charset === "utf-8" ? UTF8_BYTES : 1) + 1);
    if (protocol !== "modbus-text" || bytes <= TEXT_BYTES_MAX) return [];
    return [
        `BOARD_TOO_LARGE: ${lines} lines of ${columns} can take ${bytes} bytes, the registers have ${TEXT_BYTES_MAX}`,
    ];
}

function lineWords(line: BoardLine): string {
    switch (line.kind) {
        case "modbus-tcp":
            return `tcp ${line.host}:${line.port} unit ${line.unit}`;
        case "modbus-rtu":
            return `serial ${line.path} unit ${line.unit}`;
        case "serial":
            return `serial ${line.path}`;
        case "tcp":
            return `tcp ${line.host}:${line.port}`;
        case "snmp":
            return `snmp ${line.host}:${line.port}`;
        case "browser":
            return "page of a browser";
    }
}
