/** A board as the daemon drives it: a face goes there whole or not at all, and how far its word can be trusted comes back. */
import type { BoardFace } from "../core/board/board-face.ts";

/** What became of a face. */
export interface BoardProof {
    /** `read-back`: the device itself said that it shows it; `accepted`: it took it, and has no way to say more. */
    readonly proof: "read-back" | "accepted";
    /** Characters that the device cannot show and that stand there as `?`. */
    readonly replaced: number;
}

/** One board. Whoever drives it waits for one `show` to end before the next. */
export interface Board {
    readonly id: string;
    /**
     * Shows this face from now on. `goodForMs`: where the device can, it falls back to its own text for lost connections when it
     * is not told again within that time. Asked again with the face that is there, it proves that it still is.
     * Rejects with `DeviceFault` when the face is not, or not surely, on the board; ends by itself in every case.
     */
    show(face: BoardFace, goodForMs: number): Promise<BoardProof>;
    /** Leaves nothing open; what the board shows then is its own text for lost connections. */
    close(): Promise<void>;
}
