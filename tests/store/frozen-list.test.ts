/**
 * One thousand moments of list updates: the process is stopped wherever it is, and its files are copied. A copy is what
 * SIGKILL leaves at that moment: the kernel has every write that was made and none that was not. (`sudden-death.test.ts`
 * kills for good, but a process for each moment takes its time.)
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { EMPTY_HASH, LISTS_OF_MILL, listHash, listOfMill, wireText } from "./published-lists.ts";
import { tempFolder } from "./temp-folder.ts";

const MOMENTS = 1_000;

test("at 1,000 moments of its updates the list is exactly one published version", {
    timeout: 300_000,
}, async (context) => {
    context.skip(!existsSync("/proc/self/stat"), "needs /proc to see that a process stands still");
    const [folder, copy] = [tempFolder(), tempFolder()];
    const published = Array.from({ length: LISTS_OF_MILL }, (_, version) => ({
        hash: listHash(listOfMill(version)),
        records: listOfMill(version).map(wireText).sort(),
    }));
    const mill = spawn(process.execPath, [join(import.meta.dirname, "list-mill-victim.ts"), folder], {
        stdio: ["ignore", "pipe", "inherit"],
        env: { NODE_COMPILE_CACHE: join(tmpdir(), "kordon-compile-cache"), NODE_NO_WARNINGS: "1" },
    });
    onTestFinished(() => void mill.kill("SIGKILL"));
    await once(mill.stdout, "data");
    const seen = { versions: new Set<number>(), halfStaged: 0 };
    for (let moment = 0; moment < MOMENTS; moment += 1) {
        freeze(mill.pid ?? 0);
        for (const file of ["bookings.db", "bookings.db-wal"]) {
            rmSync(join(copy, file), { force: true });
            if (existsSync(join(folder, file))) copyFileSync(join(folder, file), join(copy, file));
        }
        mill.kill("SIGCONT"); // How far it comes until the next moment is the time that looking at this one takes.
        const { version, hash, records, isStaging, isSound } = look(copy);
        const right = version === 0 ? { hash: EMPTY_HASH, records: [] } : published[version % LISTS_OF_MILL];
        expect({ moment, isSound, hash, records }).toEqual({ moment, isSound: true, ...right });
        seen.versions.add(version);
        if (isStaging) seen.halfStaged += 1;
    }
    expect(mill.exitCode, "the process was stopped, not ended").toBeNull();
    // Otherwise it was always stopped between two updates, or stood still.
    expect(seen.versions.size).toBeGreaterThan(MOMENTS / 10);
    expect(seen.halfStaged).toBeGreaterThan(MOMENTS / 20);
});

/** Returns when every thread stands still. */
function freeze(pid: number): void {
    process.kill(pid, "SIGSTOP");
    const isStill = (thread: string): boolean => {
        const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
        return stat.charAt(stat.lastIndexOf(")") + 2) === "T";
    };
    while (!readdirSync(`/proc/${pid}/task`).every(isStill)) {
        // It is at the end of a system call.
    }
}

function look(folder: string) {
    rmSync(join(folder, "bookings.db-shm"), { force: true });
    const db = new Database(join(folder, "bookings.db"));
    const { version, hash } = db.prepare("SELECT version, hash FROM list").get() as { version: number; hash: string };
    const records = db.prepare("SELECT record FROM bookings").pluck().all().sort();
    const isSound = db.pragma("integrity_check", { simple: true }) === "ok";
    const isStaging = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'staged'").get() !== undefined;
    db.close();
    return { version, hash, records, isStaging, isSound };
}
