/** A folder that one run of a bench works in: gone with it, but kept, and named, when something went wrong that its logs explain. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandFailure, EXIT } from "../outcome.ts";

/** `work` must end soon once the signal is aborted; its failures become a `CommandFailure`. */
export async function inBenchFolder<T>(signal: AbortSignal, work: (folder: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "kordon-bench-"));
    let isKept = false;
    try {
        return await work(folder);
    } catch (error) {
        signal.throwIfAborted();
        isKept = true;
        const why = error instanceof CommandFailure ? error.message : String(error);
        throw new CommandFailure(EXIT.failed, `${why}; the logs are kept in ${folder}`);
    } finally {
        if (!isKept) rmSync(folder, { recursive: true, force: true });
    }
}

/** Aborted when the user ends the command; the reason is the `CommandFailure` to end with. */
export function interruption(): AbortSignal {
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => stop.abort(new CommandFailure(EXIT.failed, "interrupted, nothing to tell")));
    }
    return stop.signal;
}
