/**
 * The officer's way in until there is a console: a Unix socket beside the daemon. Who may open it is decided by the file's
 * permissions (owner and group); every request still carries a name and a reason.
 */
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { MessageOrder } from "../core/board/board-message.ts";
import type { Fact } from "../core/fact/fact.ts";
import { StoreFault } from "../ports/journal.ts";
import { type Answer, type BoardView, type DevicesView, Question, type SiteView } from "./control-protocol.ts";
import type { Log } from "./log.ts";
import type { QueueDesk } from "./queue-desk.ts";
import type { RequestDesk, RequestOutcome } from "./request-desk.ts";

/** The longest question is a list of 2,000 lorries at some 200 bytes each; whoever sends more is not an officer. */
const LINE_BYTES_MAX = 1 << 20;

export interface ControlParts {
    readonly path: string;
    readonly log: Log;
    readonly view: () => SiteView;
    readonly devices: () => DevicesView;
    readonly desk: RequestDesk;
    readonly queue: Pick<QueueDesk, "view" | "obey">;
    readonly boards: { view(): readonly BoardView[]; order(order: MessageOrder): RequestOutcome };
    /** False when no such fact is withheld. Throws `StoreFault`. */
    readonly settle: (question: Extract<Question, { ask: "settle" }>) => boolean;
}

export class ControlSocket {
    readonly #parts: ControlParts;
    readonly #server: Server;
    readonly #sockets = new Set<Socket>();
    readonly #factListeners = new Set<Socket>();
    readonly #watchers = new Set<Socket>();
    #shown = "";

    constructor(parts: ControlParts) {
        this.#parts = parts;
        this.#server = createServer((socket) => this.#serve(socket));
    }

    /** Rejects when the socket cannot be made, e.g. because another daemon of this site is alive. */
    async start(): Promise<void> {
        const { path } = this.#parts;
        await refuseIfServed(path);
        rmSync(path, { force: true });
        await new Promise<void>((resolve, reject) => {
            this.#server.once("error", reject);
            this.#server.listen(path, () => {
                chmodSync(path, 0o660);
                resolve();
            });
        });
    }

    async stop(): Promise<void> {
        for (const socket of this.#sockets) socket.destroy();
        await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    }

    /** Tells listeners what was committed. */
    hear(facts: readonly Fact[]): void {
        for (const socket of this.#factListeners)
            for (const fact of facts) say(socket, { is: "fact", fact: { ...fact } });
    }

    /** Shows watchers how the site stands, if that has changed since the last time. */
    refresh(): void {
        if (this.#watchers.size === 0) return;
        const view = this.#parts.view();
        const text = JSON.stringify(view);
        if (text === this.#shown) return;
        this.#shown = text;
        for (const socket of this.#watchers) say(socket, { is: "lanes", view });
    }

    #serve(socket: Socket): void {
        this.#sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.once("close", () => {
            for (const set of [this.#sockets, this.#factListeners, this.#watchers]) set.delete(socket);
        });
        let pending = 0;
        socket.on("data", (chunk: Buffer) => {
            pending = chunk.includes(10) ? 0 : pending + chunk.length;
            if (pending > LINE_BYTES_MAX) socket.destroy();
        });
        createInterface({ input: socket }).on("line", (line) => this.#hearLine(socket, line));
    }

    #hearLine(socket: Socket, line: string): void {
        const question = parseQuestion(line);
        if (question === undefined) {
            this.#parts.log.warn({ bytes: line.length }, "control socket: not a question");
            say(socket, {
                is: "refused",
                code: "BAD_QUESTION",
                message: "not a question this daemon knows; same version of kordon?",
            });
            return;
        }
        switch (question.ask) {
            case "lanes":
                say(socket, { is: "lanes", view: this.#parts.view() });
                return;
            case "watch":
                this.#watchers.add(socket);
                say(socket, { is: "lanes", view: this.#parts.view() });
                return;
            case "facts":
                this.#factListeners.add(socket);
                return;
            case "queue":
                say(socket, { is: "queue", queue: this.#parts.queue.view() });
                return;
            case "order-queue":
                sayOutcome(socket, this.#parts.queue.obey(question.order));
                return;
            case "lane":
                void this.#askLane(socket, question);
                return;
            case "devices":
                say(socket, { is: "devices", view: this.#parts.devices() });
                return;
            case "boards":
                say(socket, { is: "boards", boards: [...this.#parts.boards.view()] });
                return;
            case "message":
                sayOutcome(socket, this.#parts.boards.order(messageOf(question)));
                return;
            case "settle":
                say(socket, this.#settle(question));
        }
    }

    #settle(question: Extract<Question, { ask: "settle" }>): Answer {
        try {
            if (this.#parts.settle(question)) return { is: "done" };
            return { is: "refused", code: "NOT_WITHHELD", message: "no such fact is withheld; see kordon outbox list" };
        } catch (error) {
            if (!(error instanceof StoreFault)) throw error;
            return { is: "refused", code: error.code, message: error.message };
        }
    }

    async #askLane(
        socket: Socket,
        { lane, asks, by, reason, passage, bookingId }: Extract<Question, { ask: "lane" }>,
    ): Promise<void> {
        const result = await this.#parts.desk.ask(lane, {
            asks,
            by: { kind: "officer", name: by },
            reason,
            ...(passage === undefined ? {} : { passage }),
            ...(bookingId === undefined ? {} : { bookingId }),
        });
        sayOutcome(socket, result);
    }
}

function messageOf({ target, text, showS, by, reason }: Extract<Question, { ask: "message" }>): MessageOrder {
    return { target, text, showS, by: { kind: "officer", name: by }, why: reason };
}

function sayOutcome(socket: Socket, result: RequestOutcome): void {
    say(
        socket,
        result.outcome === "done" ? { is: "done" } : { is: "refused", code: result.code, message: result.message },
    );
}

function parseQuestion(line: string): Question | undefined {
    try {
        return Question.safeParse(JSON.parse(line)).data;
    } catch {
        return undefined;
    }
}

function say(socket: Socket, answer: Answer): void {
    if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
}

/** Rejects when another daemon is alive behind the socket: two must never drive one boom. */
export async function refuseIfServed(path: string): Promise<void> {
    if (await isAnswered(path)) throw new Error(`${path}: another daemon already serves this site; stop it first`);
}

/** Whether somebody listens there already; a stale socket file of a killed daemon does not count. */
function isAnswered(path: string): Promise<boolean> {
    return new Promise((resolve) => {
        const probe = connect(path);
        probe.once("connect", () => {
            probe.destroy();
            resolve(true);
        });
        probe.once("error", () => resolve(false));
    });
}
