/** A board that is a page in a browser: what it says now, and every change of it. */
import type { BoardFace } from "../core/board/board-face.ts";

/** One change, or the same again as a sign of life. */
export interface LiveFace {
    readonly face: BoardFace;
    /** Without another word for so long the page says that the connection is lost, milliseconds. */
    readonly goodForMs: number;
}

/** What a page may ask of its board: nothing but to look. */
export interface LiveBoard {
    readonly id: string;
    /** What a page shows by itself when it hears nothing more. */
    readonly lostLines: readonly string[];
    /** Undefined before the first face. */
    now(): LiveFace | undefined;
    /** Hears every word from now on; the returned function ends it. */
    listen(hear: (word: LiveFace) => void): () => void;
}
