/** What a board says at one moment, line by line, whatever device stands behind it; and how texts are laid on its lines. */
import type { Language } from "../explain/explain.ts";

/** How many lines of how many characters a board has; at least 1 of 8. */
export interface BoardShape {
    readonly lines: number;
    readonly columns: number;
}

/** What kind of word the board says: devices with colours show it green, amber, red or plain. Only `go` lets a driver move. */
export const TONES = ["go", "wait", "stop", "info"] as const;

export type Tone = (typeof TONES)[number];

/** One called lorry as it stands on a board: plates, gates and times only, so that no name can get there. */
export interface CalledRow {
    readonly plate: string;
    /** Signs of the gates that let called lorries through now, such as `1, 2`; a dash when none does. */
    readonly gate: string;
    /** Local time of the call, `14:05`; a dash where nobody said. */
    readonly time: string;
}

/** The whole of what a board says; a new face takes the place of the old one as a whole. */
export interface BoardFace {
    readonly says: "lane" | "called" | "message";
    readonly tone: Tone;
    readonly language: Language;
    /** Not longer nor more than the board has room for; no control characters. */
    readonly lines: readonly string[];
    /** The lorries among the lines, for boards that can do more than lines. */
    readonly rows: readonly CalledRow[];
    /** The data behind it are old, and the lines say so. */
    readonly isStale: boolean;
    /** Which page of how many in this language. */
    readonly page: { readonly number: number; readonly of: number };
}

/** Stands at the end of what had to be cut. */
const CUT = "…";

/** Words on lines of at most `columns` characters; a word that is longer than a line is broken. Characters are code points. */
export function wrapped(text: string, columns: number): readonly string[] {
    const lines: string[] = [];
    let line: string[] = [];
    for (const word of text.split(" ").filter((each) => each !== "")) {
        const signs = [...word];
        if (line.length > 0 && line.length + 1 + signs.length > columns) {
            lines.push(line.join(""));
            line = [];
        }
        if (line.length > 0) line.push(" ");
        line.push(...signs);
        while (line.length > columns) lines.push(line.splice(0, columns).join(""));
    }
    if (line.length > 0) lines.push(line.join(""));
    return lines;
}

/** The first `length` characters; what is cut ends in `…`. */
export function cut(text: string, length: number): string {
    const signs = [...text];
    return signs.length <= length ? text : `${signs.slice(0, Math.max(0, length - 1)).join("")}${CUT}`;
}

/** As many of the texts, each on lines of its own, as there is room for; the first is always there, cut if it must be. */
export function stacked(texts: readonly string[], { lines, columns }: BoardShape): readonly string[] {
    const laid: string[] = [];
    for (const text of texts) {
        const more = wrapped(text, columns);
        if (laid.length > 0 && laid.length + more.length > lines) break;
        laid.push(...more);
    }
    if (laid.length <= lines) return laid;
    return [...laid.slice(0, lines - 1), cut(laid.slice(lines - 1).join(" "), columns)];
}

/** Which of `count` equal turns it is at this monotonic moment. */
export function turnAt(nowMs: number, turnMs: number, count: number): number {
    return Math.floor(nowMs / turnMs) % count;
}
