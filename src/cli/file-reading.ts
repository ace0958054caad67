/** The process that reads picture files for a command: native code that a bad file might crash stays out of the command. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FileAnswer, type FileOrder } from "../vision/read-files-messages.ts";

const MODULE = fileURLToPath(new URL("../vision-main.ts", import.meta.url));

interface Waiting {
    readonly order: FileOrder;
    readonly answer: (answer: FileAnswer) => void;
    readonly fail: (error: Error) => void;
}

export class FileReading {
    #child: ChildProcess | undefined;
    readonly #waiting: Waiting[] = [];

    /** One file at a time. A file that kills the process is answered with an error; the next one gets a new process. */
    async read(order: FileOrder): Promise<FileAnswer> {
        const child = this.#running();
        return await new Promise((answer, fail) => {
            this.#waiting.push({ order, answer, fail });
            child.send(order);
        });
    }

    /** Ends the process; whatever it still had to read is dropped. */
    end(): void {
        this.#waiting.length = 0;
        this.#child?.kill("SIGKILL");
    }

    #running(): ChildProcess {
        if (this.#child !== undefined) return this.#child;
        // The add-on writes to stdout when it loads; ours belongs to the result.
        const child = fork(MODULE, ["--files"], {
            execArgv: ["--disable-warning=ExperimentalWarning"],
            stdio: ["ignore", "ignore", "inherit", "ipc"],
        });
        child.on("message", (message) => {
            const heard = FileAnswer.safeParse(message);
            const waiting = this.#waiting.shift();
            if (heard.success) waiting?.answer(heard.data);
            else waiting?.fail(new Error(`the reading process said what nobody understands: ${heard.error.message}`));
        });
        child.once("exit", (code, signal) => {
            if (this.#child === child) this.#child = undefined;
            const error = `the reading process ended at this file (${signal ?? `exit code ${code}`})`;
            for (const { order, answer } of this.#waiting.splice(0)) {
                answer({ path: order.path, plates: [], ms: 0, width: 0, height: 0, error });
            }
        });
        this.#child = child;
        return child;
    }
}
