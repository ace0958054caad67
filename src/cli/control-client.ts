/** The command line's end of the control socket: one question, then answers until the caller has heard enough. */
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { Answer, type Question } from "../runtime/control-protocol.ts";

/** The daemon does not answer, or answers something this version does not understand. */
export class ControlFailure extends Error {
    override name = "ControlFailure";
}

/** Yields answers as they come; ends when the daemon closes the socket or the signal aborts. Throws `ControlFailure`. */
export async function* askDaemon(path: string, question: Question, signal?: AbortSignal): AsyncGenerator<Answer> {
    const socket = connect(path);
    const abort = (): void => {
        socket.destroy();
    };
    signal?.addEventListener("abort", abort, { once: true });
    try {
        await new Promise<void>((resolve, reject) => {
            socket.once("connect", resolve);
            socket.once("error", (error: NodeJS.ErrnoException) => reject(new ControlFailure(whyNot(path, error))));
        });
        socket.on("error", abort);
        socket.write(`${JSON.stringify(question)}\n`);
        for await (const line of createInterface({ input: socket })) yield parseAnswer(line);
    } finally {
        signal?.removeEventListener("abort", abort);
        socket.destroy();
    }
}

/** Asks and takes the first answer. */
export async function askOnce(path: string, question: Question): Promise<Answer> {
    for await (const answer of askDaemon(path, question)) return answer;
    throw new ControlFailure(`${path}: the daemon ended before it answered`);
}

function parseAnswer(line: string): Answer {
    const answer = Answer.safeParse(JSON.parse(line));
    if (!answer.success)
        throw new ControlFailure("the daemon's answer is not understood: is it the same version of kordon?");
    return answer.data;
}

function whyNot(path: string, error: NodeJS.ErrnoException): string {
    switch (error.code) {
        case "ENOENT":
        case "ECONNREFUSED":
            return `${path}: no daemon is running here; start it with kordon run --site FILE`;
        case "EACCES":
            return `${path}: not allowed; you must belong to the socket file's group`;
        default:
            return `${path}: ${error.message}`;
    }
}
