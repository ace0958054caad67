/** A text that a person orders onto boards: judged before it is written down, shown until it is over. */
import { boardText } from "./board-text.ts";

/** What is asked: `text` null takes away what is there. */
export interface MessageOrder {
    /** Id of a board, or of a lane: then all boards of that lane. */
    readonly target: string;
    readonly text: string | null;
    /** Whole seconds, 1 to `SHOW_S_MAX`. */
    readonly showS: number;
    readonly by: { readonly kind: "officer" | "central"; readonly name: string };
    readonly why: string;
}

/** A message on a board. Who ordered it is in the journal, never on the board. */
export interface BoardMessage {
    readonly text: string;
    /** Monotonic milliseconds. */
    readonly untilMs: number;
}

/** An hour: whoever wants it longer says it again and so answers for it again. */
export const SHOW_S_MAX = 3_600;

/** Why a message is not taken; stable, in `docs/errors.md`. */
export type MessageRefusal = "NO_SUCH_BOARD" | "NO_TEXT" | "BAD_TIME" | "ALREADY_SHOWN" | "NOT_SHOWN";

/**
 * The text as it will be shown and when it is over (monotonic milliseconds), or why it is not taken. The same text again
 * is refused while it stands there for at least as long: somebody has pressed twice. `standing`: what each board shows.
 */
export function judgeMessage(
    { text, showS }: Pick<MessageOrder, "text" | "showS">,
    standing: readonly (BoardMessage | undefined)[],
    nowMs: number,
): { readonly text: string | null; readonly untilMs: number } | { readonly refusal: MessageRefusal } {
    const live = standing.map((message) => (isLive(message, nowMs) ? message : undefined));
    if (text === null) {
        return live.every((message) => message === undefined) ? { refusal: "NOT_SHOWN" } : { text, untilMs: nowMs };
    }
    const shown = boardText(text);
    if (shown === "") return { refusal: "NO_TEXT" };
    if (!Number.isInteger(showS) || showS < 1 || showS > SHOW_S_MAX) return { refusal: "BAD_TIME" };
    const untilMs = nowMs + showS * 1_000;
    const isTwice = live.every((message) => message?.text === shown && message.untilMs >= untilMs - TWICE_MS);
    return isTwice ? { refusal: "ALREADY_SHOWN" } : { text: shown, untilMs };
}

/** The same order within so short a time is the same press. */
const TWICE_MS = 10_000;

/** Whether it is still to be shown. */
export function isLive(message: BoardMessage | undefined, nowMs: number): message is BoardMessage {
    return message !== undefined && message.untilMs > nowMs;
}
