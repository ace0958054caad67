/** A simulated board in a process of its own, and what stands on it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { BoardConfig, BoardFault, BoardShows } from "../../../simulators/board/board-messages.ts";
import type { BoardFace } from "../../../src/core/board/board-face.ts";
import { Condition } from "../../central/condition.ts";

type Config = Partial<BoardConfig> & Pick<BoardConfig, "speaks">;
const MAIN = new URL("../../../simulators/board/main.ts", import.meta.url).pathname;

export class BoardChild {
    /** Everything that ever stood on it, in order. */
    readonly shown: BoardShows[] = [];
    port = 0;
    readonly #child: ChildProcess;
    readonly #changed = new Condition();
    #ready = false;
    #done = 0;

    private constructor(child: ChildProcess) {
        this.#child = child;
        child.on("message", (message: BoardShows | { is: "ready"; port: number } | { is: "done" }) => {
            if (message.is === "shows") this.shown.push(message);
            else if (message.is === "done") this.#done += 1;
            else {
                this.port = message.port;
                this.#ready = true;
            }
            this.#changed.poke();
        });
    }

    static async start(config: Config): Promise<BoardChild> {
        const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
        const board = new BoardChild(fork(MAIN, [JSON.stringify(config)], { stdio: [...stdio] }));
        await board.#changed.until("the board is ready", () => board.#ready);
        return board;
    }

    /** What stands there now, lines joined by `|`. */
    get text(): string {
        return this.shown.at(-1)?.lines.join("|") ?? "";
    }

    async until(what: string, claim: () => boolean): Promise<void> {
        await this.#changed.until(what, claim);
    }

    async fault(fault: BoardFault): Promise<void> {
        await this.#order({ do: "fault", fault });
    }

    async powerCycle(): Promise<void> {
        await this.#order({ do: "power-cycle" });
    }

    async #order(order: object): Promise<void> {
        const before = this.#done;
        this.#child.send(order);
        await this.#changed.until("the order is carried out", () => this.#done > before);
    }

    async end(): Promise<void> {
        if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
        const ended = once(this.#child, "exit");
        this.#child.kill("SIGTERM");
        await ended;
    }
}

/** A face with these lines. */
export function faceOf(lines: readonly string[], over: Partial<BoardFace> = {}): BoardFace {
    const page = { number: 1, of: 1 };
    return { says: "lane", tone: "go", language: "ru", lines, rows: [], isStale: false, page, ...over };
}
