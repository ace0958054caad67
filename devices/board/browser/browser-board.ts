/** A board that is a page in a browser. The pages come and listen; nobody can prove what a screen shows, only that one listens. */
import type { BoardFace } from "../../../src/core/board/board-face.ts";
import type { Board, BoardProof } from "../../../src/ports/board.ts";
import { DeviceFault } from "../../../src/ports/device-health.ts";
import type { LiveBoard, LiveFace } from "../../../src/ports/live-board.ts";

export class BrowserBoard implements Board, LiveBoard {
    readonly id: string;
    readonly lostLines: readonly string[];
    readonly #listeners = new Set<(word: LiveFace) => void>();
    #now: LiveFace | undefined;

    constructor(id: string, lostLines: readonly string[]) {
        this.id = id;
        this.lostLines = lostLines;
    }

    /** A fault while no page listens: a board that nobody can read is a dead board, and a word said to nobody is not kept. */
    async show(face: BoardFace, goodForMs: number): Promise<BoardProof> {
        if (this.#listeners.size === 0) {
            this.#now = undefined;
            throw new DeviceFault(this.id, "NOT_CONNECTED", "no screen shows this board: open its page on the screen");
        }
        const word = { face, goodForMs };
        this.#now = word;
        for (const hear of this.#listeners) hear(word);
        return { proof: "accepted", replaced: 0 };
    }

    async close(): Promise<void> {
        this.#listeners.clear();
    }

    now(): LiveFace | undefined {
        return this.#now;
    }

    listen(hear: (word: LiveFace) => void): () => void {
        this.#listeners.add(hear);
        return () => this.#listeners.delete(hear);
    }
}
