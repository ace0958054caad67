/** What each board of the site is to say, from what lanes, list and book know; and the texts that people order onto boards. */
import type { BoardFace } from "../core/board/board-face.ts";
import {
    type BoardMessage,
    isLive,
    judgeMessage,
    type MessageOrder,
    type MessageRefusal,
    SHOW_S_MAX,
} from "../core/board/board-message.ts";
import { type CalledPlan, calledFace } from "../core/board/called-face.ts";
import { type FacePlan, laneFace } from "../core/board/lane-face.ts";
import { parseUtcInstant } from "../core/booking/utc-instant.ts";
import type { Fact, FactDraft } from "../core/fact/fact.ts";
import { lightOf } from "../core/lane/lamp.ts";
import type { LaneMode } from "../core/lane/lane-state.ts";
import type { Clock } from "../ports/clock.ts";
import { type Journal, type JournalArchive, StoreFault } from "../ports/journal.ts";
import type { CalledLorries } from "./called-lorries.ts";
import type { LaneRunner } from "./lane-runner.ts";
import type { RequestOutcome } from "./request-desk.ts";

/** What one board is for. */
export type BoardPlan =
    | { readonly of: "lane"; readonly lane: string; readonly face: FacePlan }
    | {
          readonly of: "waiting-area";
          readonly face: CalledPlan;
          /** By lane: what stands on the sign at its gate. */
          readonly gates: { readonly [lane: string]: string };
      };

export interface BoardDeskParts {
    readonly boards: ReadonlyMap<string, BoardPlan>;
    /** Undefined for a lane that there is not. */
    readonly lane: (id: string) => Pick<LaneRunner, "state" | "lookedMs"> | undefined;
    readonly called: Pick<CalledLorries, "now">;
    readonly listAgeMs: () => number;
    readonly clock: Clock;
    readonly isClockTrusted: () => boolean;
    /** Commits and tells everybody. Throws `StoreFault`. */
    readonly remember: (facts: readonly FactDraft[]) => readonly Fact[];
}

/** Facts looked through after a start for texts that are not over yet: far more than an hour brings. */
const FACTS_LOOKED_THROUGH = 5_000;
/** Modes in which a gate lets nobody through by itself. */
const SHUT: ReadonlySet<LaneMode["at"]> = new Set(["starting", "fault", "emergency-open", "manual", "out-of-service"]);

const WORDS: Readonly<Record<MessageRefusal, string>> = {
    NO_SUCH_BOARD: "no board and no lane with a board has this name; kordon boards shows them",
    NO_TEXT: "nothing of the text can be shown",
    BAD_TIME: "a text stands for whole seconds up to an hour",
    ALREADY_SHOWN: "this text stands there already, and for as long",
    NOT_SHOWN: "no text stands there that could be taken away",
};

export class BoardDesk {
    readonly #parts: BoardDeskParts;
    readonly #messages = new Map<string, BoardMessage>();

    constructor(parts: BoardDeskParts) {
        this.#parts = parts;
    }

    /** What the board is to say at this moment. Throws for a board that there is not. */
    face(board: string): BoardFace {
        const { boards, lane, called, clock, listAgeMs, isClockTrusted } = this.#parts;
        const plan = boards.get(board);
        if (plan === undefined) throw new Error(`no board "${board}"`);
        const nowMs = clock.monotonicMs();
        const message = this.message(board);
        const said = message === undefined ? {} : { message };
        if (plan.of === "waiting-area") {
            const { calls, listVersion } = called.now();
            const list = { version: listVersion, ageMs: listAgeMs() };
            const time = { nowMs, utcMs: clock.utcMs(), isClockTrusted: isClockTrusted() };
            return calledFace({ ...time, list, calls, openGates: this.#openGates(plan.gates), ...said }, plan.face);
        }
        const runner = lane(plan.lane);
        if (runner === undefined) throw new Error(`no lane "${plan.lane}"`);
        const { state, lookedMs } = runner;
        const { decision, weight } = state.visit ?? {};
        return laneFace(
            {
                nowMs,
                ...(lookedMs === undefined ? {} : { lookedMs }),
                mode: state.mode.at,
                isGreen: lightOf(state, state) === "green",
                ...(decision?.plate === undefined ? {} : { plate: decision.plate }),
                ...(weight === undefined || !("grossKg" in weight) ? {} : { grossKg: weight.grossKg }),
                ...said,
            },
            plan.face,
        );
    }

    /** The ordered text that stands on this board. */
    message(board: string): BoardMessage | undefined {
        const message = this.#messages.get(board);
        return isLive(message, this.#parts.clock.monotonicMs()) ? message : undefined;
    }

    /** Done means: written down, and on the boards as soon as they take it. A refusal is written down too, if the disk takes it. */
    order(order: MessageOrder): RequestOutcome {
        const boards = this.#meant(order.target);
        const verdict =
            boards.length === 0
                ? ({ refusal: "NO_SUCH_BOARD" } as const)
                : judgeMessage(
                      order,
                      boards.map((board) => this.#messages.get(board)),
                      this.#parts.clock.monotonicMs(),
                  );
        const asker = { by: order.by.name, kind: order.by.kind, why: order.why };
        try {
            if ("refusal" in verdict) {
                const code = verdict.refusal;
                this.#parts.remember([{ kind: "order.refused", data: { asks: "message", ...asker, code } }]);
                return { outcome: "refused", code, message: WORDS[code] };
            }
            const { text, untilMs } = verdict;
            const until = new Date(this.#parts.clock.utcMs() + order.showS * 1_000).toISOString();
            this.#parts.remember([
                text === null
                    ? { kind: "message.withdrawn", data: { boards, ...asker } }
                    : { kind: "message.ordered", data: { boards, text, until, ...asker } },
            ]);
            for (const board of boards) this.#put(board, text, untilMs);
            return { outcome: "done" };
        } catch (error) {
            if (error instanceof StoreFault) return { outcome: "refused", code: error.code, message: error.message };
            throw error;
        }
    }

    /** After a start: texts of the run before that are not over. Their end is told by the wall clock, and never lies later than an hour. */
    recall(journal: Pick<Journal, "head"> & Pick<JournalArchive, "factsAfter">): void {
        const { clock, boards } = this.#parts;
        const utcMs = clock.utcMs();
        const { sequence } = journal.head();
        const facts = journal.factsAfter(Math.max(0, sequence - FACTS_LOOKED_THROUGH), FACTS_LOOKED_THROUGH);
        for (const { kind, data, utcMs: orderedUtcMs } of facts) {
            if (kind !== "message.ordered" && kind !== "message.withdrawn") continue;
            const leftMs = (parseUtcInstant(String(data["until"])) ?? utcMs) - utcMs;
            const isOver = leftMs <= 0 || leftMs > SHOW_S_MAX * 1_000 || orderedUtcMs > utcMs;
            const text = kind === "message.ordered" && !isOver ? String(data["text"]) : null;
            const named = Array.isArray(data["boards"]) ? data["boards"].map(String) : [];
            for (const board of named) if (boards.has(board)) this.#put(board, text, clock.monotonicMs() + leftMs);
        }
    }

    #put(board: string, text: string | null, untilMs: number): void {
        if (text === null) this.#messages.delete(board);
        else this.#messages.set(board, { text, untilMs });
    }

    /** The board of this name, else all boards of the lane of this name. */
    #meant(target: string): readonly string[] {
        const { boards } = this.#parts;
        if (boards.has(target)) return [target];
        return [...boards].flatMap(([id, plan]) => (plan.of === "lane" && plan.lane === target ? [id] : []));
    }

    #openGates(gates: { readonly [lane: string]: string }): readonly string[] {
        const isOpen = (id: string): boolean => {
            const mode = this.#parts.lane(id)?.state.mode.at;
            return mode !== undefined && !SHUT.has(mode);
        };
        return Object.entries(gates).flatMap(([id, sign]) => (isOpen(id) ? [sign] : []));
    }
}
