/** Keeps every thread that reads and writes files waiting, as a slow disk does: what is read meanwhile waits for its turn. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Node.js starts as many of these when nobody says otherwise. */
const THREADS = 4;

/** From the beginning of `work` to its end. `work` itself must not wait for a file. */
export async function withBusyThreads(work: () => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "kordon-pipes-"));
    const pipes = Array.from({ length: THREADS }, (_, number) => join(folder, String(number)));
    execFileSync("mkfifo", pipes);
    const opening = pipes.map((pipe) => open(pipe, "r"));
    try {
        await work();
    } finally {
        for (const pipe of pipes) closeSync(openSync(pipe, "w"));
        for (const file of await Promise.all(opening)) await file.close();
        rmSync(folder, { recursive: true });
    }
}
