/**
 * Serves boards that are pages of a browser: the page, what it shows now as JSON, and every change as server-sent events. Nothing
 * can be changed here. Whoever reaches the address may look, as whoever stands before the board may.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { LiveBoard, LiveFace } from "../ports/live-board.ts";
import { boardPage } from "./board-page.ts";

export interface BoardServerPlan {
    readonly host: string;
    readonly port: number;
    readonly boards: readonly LiveBoard[];
}

/** Screens and curious people at once. */
const CONNECTIONS_MAX = 64;
/** A listener that is so far behind has gone, whatever its socket says. */
const BEHIND_BYTES_MAX = 256 * 1_024;
/** How long a request may take to come. */
const REQUEST_MS_MAX = 5_000;
const PATH = /^\/boards\/([a-z][a-z0-9-]{0,30})(?:\/(now|live))?$/;

/** Stable; the JSON body of an answer that is none. */
type ErrorCode = "NO_SUCH_PAGE" | "READ_ONLY" | "NO_FACE";

export class BoardServer {
    readonly #plan: BoardServerPlan;
    readonly #boards: ReadonlyMap<string, LiveBoard>;
    readonly #server: Server;
    readonly #live = new Set<ServerResponse>();
    /** Requests that got an error. */
    refused = 0;

    constructor(plan: BoardServerPlan) {
        this.#plan = plan;
        this.#boards = new Map(plan.boards.map((board) => [board.id, board]));
        this.#server = createServer({ requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX }, (ask, answer) =>
            this.#serve(ask, answer),
        );
        this.#server.maxConnections = CONNECTIONS_MAX;
    }

    /** Rejects when the address cannot be had. */
    async start(): Promise<void> {
        const { host, port } = this.#plan;
        await new Promise<void>((resolve, reject) => {
            this.#server.once("error", (error) =>
                reject(new Error(`screens: ${host}:${port} cannot be listened on: ${error.message}`)),
            );
            this.#server.listen(port, host, resolve);
        });
    }

    /** 0 while it does not listen. */
    get port(): number {
        const address = this.#server.address();
        return address === null || typeof address === "string" ? 0 : address.port;
    }

    async stop(): Promise<void> {
        for (const answer of this.#live) answer.destroy();
        this.#server.closeAllConnections();
        await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    }

    #serve(ask: IncomingMessage, answer: ServerResponse): void {
        const [path = ""] = (ask.url ?? "").split("?");
        const [, id = "", what] = PATH.exec(path) ?? [];
        const board = this.#boards.get(id);
        answer.setHeader("Cache-Control", "no-store");
        answer.setHeader("X-Content-Type-Options", "nosniff");
        if (ask.method !== "GET" && ask.method !== "HEAD") {
            answer.setHeader("Allow", "GET, HEAD");
            this.#refuse(answer, 405, "READ_ONLY", "boards can only be looked at here");
        } else if (board === undefined) {
            const names = [...this.#boards.keys()].map((each) => `/boards/${each}`).join(", ");
            this.#refuse(answer, 404, "NO_SUCH_PAGE", `there are ${names}, each with /now and /live`);
        } else if (what === "live") {
            this.#listen(board, ask, answer);
        } else if (what === "now") {
            this.#now(board, answer);
        } else {
            answer.setHeader("Content-Type", "text/html; charset=utf-8");
            answer.end(boardPage(board.id, board.lostLines));
        }
    }

    #now(board: LiveBoard, answer: ServerResponse): void {
        const word = board.now();
        if (word === undefined) {
            this.#refuse(answer, 503, "NO_FACE", "no page listens to this board; open its page");
            return;
        }
        answer.setHeader("Content-Type", "application/json; charset=utf-8");
        answer.end(JSON.stringify({ board: board.id, ...word }));
    }

    #listen(board: LiveBoard, ask: IncomingMessage, answer: ServerResponse): void {
        answer.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", Connection: "keep-alive" });
        if (ask.method === "HEAD") {
            answer.end();
            return;
        }
        const tell = (word: LiveFace): void => {
            if (answer.writableLength > BEHIND_BYTES_MAX) answer.destroy();
            else answer.write(`event: face\ndata: ${JSON.stringify({ board: board.id, ...word })}\n\n`);
        };
        answer.write("retry: 1000\n\n");
        const word = board.now();
        if (word !== undefined) tell(word);
        const end = board.listen(tell);
        this.#live.add(answer);
        answer.once("close", () => {
            end();
            this.#live.delete(answer);
        });
    }

    #refuse(answer: ServerResponse, status: number, code: ErrorCode, message: string): void {
        this.refused += 1;
        answer.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
        answer.end(JSON.stringify({ code, message }));
    }
}
