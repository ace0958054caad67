/**
 * Keeps one board at what it is to say: sent when it changes, proved again while it does not, sent anew after every loss. Each
 * board has a keeper of its own and waits for nobody, so a dead one delays neither a lane nor another board.
 */
import type { BoardFace } from "../core/board/board-face.ts";
import type { Board, BoardProof } from "../ports/board.ts";
import type { Clock } from "../ports/clock.ts";
import { DeviceFault, type DeviceHealth } from "../ports/device-health.ts";

export interface BoardKeeperPlan {
    readonly board: Board;
    /** What the board is to say at this moment: quick, and never throws. */
    readonly face: () => BoardFace;
    /** What it is told when the daemon ends. */
    readonly last: BoardFace;
    readonly clock: Clock;
    /** How long a face may stand there unrenewed; it is proved again three times in that time. */
    readonly goodForMs: number;
}

/** How a board stands, for people. */
export interface BoardStand {
    readonly board: string;
    /** `applied`: read back; `accepted`: taken, and nobody can see more; `pending`: on its way; `failed`: not on the board. */
    readonly state: "applied" | "accepted" | "pending" | "failed";
    /** What it is to say. */
    readonly face: BoardFace;
    /** What it was last known to say, line by line; empty when nobody knows. */
    readonly shown: readonly string[];
    readonly replaced: number;
}

/** How often is looked whether the face has changed. */
const LOOK_MS = 200;
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 4_000;
/** A board that is told goodbye may not hold the daemon's end for longer. */
const GOODBYE_MS_MAX = 1_500;

export class BoardKeeper {
    readonly #plan: BoardKeeperPlan;
    readonly #ending = new AbortController();
    #keeping: Promise<void> | undefined;
    #shown: ({ readonly face: BoardFace; readonly key: string; readonly atMs: number } & BoardProof) | undefined;
    #fault: DeviceFault | undefined;
    #failures = 0;
    #failuresInRow = 0;

    constructor(plan: BoardKeeperPlan) {
        this.#plan = plan;
    }

    start(): void {
        this.#keeping ??= this.#keep(this.#ending.signal);
    }

    /** Tells the board its last word, if it listens, and lets it go. */
    async stop(): Promise<void> {
        const { board, last, goodForMs, clock } = this.#plan;
        this.#ending.abort(new Error("stopped"));
        await this.#keeping;
        if (this.#fault === undefined) {
            const over = new AbortController();
            const tooLong = clock.sleep(GOODBYE_MS_MAX, over.signal).catch(() => undefined);
            await Promise.race([board.show(last, goodForMs).catch(() => undefined), tooLong]);
            over.abort();
        }
        await board.close();
    }

    stand(): BoardStand {
        const { board, face } = this.#plan;
        const wanted = face();
        const shown = this.#shown;
        return {
            board: board.id,
            state: this.#fault === undefined ? stateOf(wanted, shown) : "failed",
            face: wanted,
            shown: shown?.face.lines ?? [],
            replaced: shown?.replaced ?? 0,
        };
    }

    health(): DeviceHealth {
        const common = { device: this.#plan.board.id, failures: this.#failures };
        const fault = this.#fault;
        if (fault !== undefined) return { ...common, state: "failed", code: fault.code, detail: fault.message };
        return { ...common, state: this.#shown === undefined ? "starting" : "well" };
    }

    async #keep(signal: AbortSignal): Promise<void> {
        const { clock } = this.#plan;
        while (!signal.aborted) {
            await this.#once();
            const pauseMs =
                this.#fault === undefined
                    ? LOOK_MS
                    : Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(10, this.#failuresInRow - 1));
            await clock.sleep(pauseMs, signal).catch(() => undefined);
        }
    }

    /** Whatever it was told before a failure no longer counts: the next word is said from the beginning. */
    async #once(): Promise<void> {
        const { board, face, clock, goodForMs } = this.#plan;
        const wanted = face();
        const key = keyOf(wanted);
        const nowMs = clock.monotonicMs();
        if (this.#shown?.key === key && nowMs - this.#shown.atMs < goodForMs / 3) return;
        try {
            const proof = await board.show(wanted, goodForMs);
            this.#shown = { face: wanted, key, atMs: nowMs, ...proof };
            this.#fault = undefined;
            this.#failuresInRow = 0;
        } catch (error) {
            if (this.#fault === undefined) this.#failures++;
            this.#failuresInRow++;
            this.#shown = undefined;
            const isOurs = error instanceof DeviceFault;
            this.#fault = isOurs ? error : new DeviceFault(board.id, "BAD_REPLY", String(error), { cause: error });
        }
    }
}

function stateOf(wanted: BoardFace, shown: ({ readonly key: string } & BoardProof) | undefined): BoardStand["state"] {
    if (shown?.key !== keyOf(wanted)) return "pending";
    return shown.proof === "read-back" ? "applied" : "accepted";
}

function keyOf(face: BoardFace): string {
    return JSON.stringify(face);
}
